import type { AuthError } from './auth-error.ts';
import type { RotatingCredential } from './credential.ts';
import type { KiroCliUser } from './kiro-cli-program.ts';

/**
 * One step of a hand-off to kiro-cli, for a screen (DESIGN §4 way 3). No event carries a secret: the login itself goes to
 * `HandOffPorts.keep` and to `HandOff.login`, never through here.
 *
 * - `already-signed-in`: whose login of kiro-cli would end. With `refuse` it is the last event, and nothing was touched.
 * - `waiting`: the user is to open `url` and compare `userCode` before `expiresAt` (epoch ms).
 * - `signed-in`: `row` and `kind` are those of the row that kiro-cli wrote, whatever was asked for (protocol §3.5 end). From
 *   here on it is too late to cancel.
 * - `put-back`: the store of kiro-cli is again as it was.
 * - last comes `done`, `cancelled` or `failed`.
 */
export type HandOffEvent =
  | { readonly type: 'checking' }
  | { readonly type: 'already-signed-in'; readonly who: KiroCliUser }
  | { readonly type: 'backed-up' }
  | { readonly type: 'signed-out' }
  | { readonly type: 'waiting'; readonly url: string; readonly userCode: string; readonly expiresAt: number }
  | { readonly type: 'signed-in'; readonly row: string; readonly kind: RotatingCredential['kind'] }
  | { readonly type: 'put-back' }
  | { readonly type: 'done'; readonly row: string; readonly kind: RotatingCredential['kind'] }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: AuthError };

/** The events of one hand-off: whoever listens gets all of them from the first on, also a screen that was opened again. */
export class EventLog implements AsyncIterable<HandOffEvent> {
  readonly #events: HandOffEvent[] = [];
  #isClosed = false;
  #news = Promise.withResolvers<void>();

  add(event: HandOffEvent): void {
    this.#events.push(event);
    this.#tell();
  }

  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<HandOffEvent, void> {
    for (let index = 0; ;) {
      const event = this.#events[index];
      if (event !== undefined) {
        index += 1;
        yield event;
      } else if (this.#isClosed) return;
      else await this.#news.promise;
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}

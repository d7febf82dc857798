import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Writes a stream of server-sent events: honours the client's pace, and gives a sign of life when there has been nothing to
 * say for a while.
 */
export class EventWriter implements Disposable {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  readonly #keepAlive: NodeJS.Timeout;

  /**
   * Sends the head at once.
   * @param options.signal aborted when the client leaves, which ends any wait for it
   * @param options.comment the sign of life, as this API's clients bear it
   */
  constructor(
    response: ServerResponse,
    options: { headers: Record<string, string>; signal: AbortSignal; comment: string; keepAliveMs: number },
  ) {
    this.#response = response;
    this.#signal = options.signal;
    response.writeHead(200, {
      ...options.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.#keepAlive = setInterval(() => {
      if (!response.writableNeedDrain) response.write(options.comment);
    }, options.keepAliveMs);
  }

  /** Resolves when more may be written. @throws the signal's reason when the client left */
  async write(text: string): Promise<void> {
    if (text === '') return;
    this.#keepAlive.refresh();
    if (this.#response.write(text)) return;
    await once(this.#response, 'drain', { signal: this.#signal });
  }

  /** Ends a whole answer. */
  end(): void {
    this.#response.end();
  }

  /**
   * Breaks the stream: says why, then destroys the connection. A clean end would make clients take half an answer for the
   * whole.
   */
  break(text: string): void {
    this.#response.write(text, () => this.#response.destroy());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#keepAlive);
  }
}

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
   * Prepares the head, which goes out together with the first text.
   * @param options.signal aborted when the client leaves, which ends any wait for it
   * @param options.signOfLife gives the text that says so, as this API's clients bear it
   */
  constructor(
    response: ServerResponse,
    options: { headers: Record<string, string>; signal: AbortSignal; signOfLife: () => string; keepAliveMs: number },
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
      if (!response.writableNeedDrain) response.write(options.signOfLife());
    }, options.keepAliveMs);
  }

  /** @returns a promise when no more may be written before it resolves; it rejects when the client leaves meanwhile */
  write(text: string): Promise<undefined> | undefined {
    if (text === '') return undefined;
    this.#keepAlive.refresh();
    return this.#response.write(text) ? undefined : this.#drained();
  }

  async #drained(): Promise<undefined> {
    await once(this.#response, 'drain', { signal: this.#signal });
    return undefined;
  }

  /** Ends a whole answer, after what was written has been sent: see `endWith`. */
  end(): void {
    endWith(this.#response, '');
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

/**
 * Ends a response once its last text is sent. Node's `server.close()` destroys connections whose answer is ended, sent or not,
 * so that one ended right away would be cut when the server stops while a slow client still reads.
 */
export function endWith(response: ServerResponse, text: string): void {
  response.write(text, () => response.end());
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Feed, Take, Taken } from '../conversation/feed.ts';

export interface IncomingHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/**
 * One answer on its way in: its head, then its body as a feed of the pieces that the socket gave. It takes undici's events as they
 * are, since a stream and its iterator cost more than all that is done to a piece. While nobody takes, the socket is not read.
 */
export class Incoming implements Dispatcher.DispatchHandler, Feed<Buffer> {
  readonly #head = Promise.withResolvers<IncomingHead>();
  readonly #whole = Promise.withResolvers<boolean>();
  readonly #signal: AbortSignal | undefined;
  readonly #explain: (error: Error) => Error;
  #controller: Dispatcher.DispatchController | undefined;
  #take: Take<Buffer> | undefined;
  /** Pieces that came and were not handed out yet: those of one reading from the socket, and what came although it was to wait. */
  #waiting: Buffer[] = [];
  #isGathering = false;
  #isTaking = false;
  #hasEnded = false;
  #isOver = false;

  /**
   * @param signal breaks the answer with its reason when aborted
   * @param explain what the network's errors are told as
   */
  constructor(signal: AbortSignal | undefined, explain: (error: Error) => Error) {
    this.#signal = signal;
    this.#explain = explain;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    // Nobody need ask for the body, nor be there for it any more.
    this.#whole.promise.catch(() => {});
  }

  /** Rejects when no answer comes, and when the signal is aborted before. */
  get head(): Promise<IncomingHead> {
    return this.#head.promise;
  }

  each(take: Take<Buffer>): Promise<boolean> {
    this.#take = take;
    this.#goOn();
    return this.#whole.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('The request is not wanted any more'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Heads before the last are news on the way, such as 103 Early Hints.
    if (status < 200) return;
    controller.pause();
    this.#head.resolve({ status, headers });
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    // A socket that is told to go on with nothing in it gives a piece of nothing, which would be told to wait, and to go on …
    if (this.#isOver || piece.length === 0) return;
    this.#waiting.push(piece);
    if (this.#isGathering) return;
    // A reading may hold hundreds of HTTP chunks: all that it brought is taken, and later written, in one go.
    this.#isGathering = true;
    queueMicrotask(this.#onGathered);
  }

  onResponseEnd(): void {
    this.#hasEnded = true;
    if (!this.#isGathering) this.#goOn();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#giveWaiting();
    this.#break(this.#explain(error));
  }

  /** Hands out what waits, then has the socket read on. */
  #goOn(): void {
    this.#giveWaiting();
    if (!this.#take || this.#isTaking || this.#isOver) return;
    if (this.#hasEnded) this.#finish(() => this.#whole.resolve(true));
    else this.#controller?.resume();
  }

  #giveWaiting(): void {
    const [first] = this.#waiting;
    if (!this.#take || this.#isTaking || this.#isOver || first === undefined) return;
    const piece = this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#give(this.#take, piece);
  }

  readonly #onGathered = (): void => {
    this.#isGathering = false;
    this.#goOn();
  };

  #give(take: Take<Buffer>, piece: Buffer): void {
    let taken: Taken | Promise<Taken>;
    try {
      taken = take(piece);
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    if (taken === 'enough') this.#leave();
    else if (taken !== undefined) void this.#waitFor(taken);
  }

  async #waitFor(taken: Promise<Taken>): Promise<void> {
    this.#isTaking = true;
    this.#controller?.pause();
    try {
      const word = await taken;
      this.#isTaking = false;
      if (word === 'enough') this.#leave();
      else this.#goOn();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Wants nothing more of the answer, and closes its connection. */
  #leave(): void {
    this.#finish(() => this.#whole.resolve(false));
    this.#controller?.abort(new Error('The answer is not wanted any more'));
  }

  /** Nobody can take the answer any more. */
  #giveUp(reason: unknown): void {
    this.#break(reason);
    this.#controller?.abort(new Error('The answer could not be taken', { cause: reason }));
  }

  #break(reason: unknown): void {
    this.#finish(() => {
      this.#head.reject(reason);
      this.#whole.reject(reason);
    });
  }

  #finish(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    this.#signal?.removeEventListener('abort', this.#onAbort);
    tell();
  }

  readonly #onAbort = (): void => this.#giveUp(this.#signal?.reason);
}

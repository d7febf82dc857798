import { DoubledEmitter } from './strict.ts';

/** The top frame of a page while one document is in it. Frames within have no preload, and so no messages. */
export class WebFrameMain
  extends DoubledEmitter
  implements
    Pick<
      Electron.WebFrameMain,
      'url' | 'origin' | 'send' | 'isDestroyed' | 'detached' | 'name' | 'processId' | 'routingId'
    >
{
  readonly parent = null;
  readonly name = '';
  readonly processId = 1;
  readonly routingId = 1;
  readonly #url: string;
  readonly #send: (channel: string, args: unknown[]) => void;
  #isDetached = false;

  /** @internal */
  constructor(url: string, send: (channel: string, args: unknown[]) => void) {
    super();
    this.#url = url;
    this.#send = send;
  }

  get url(): string {
    return this.#url;
  }

  get origin(): string {
    const url = new URL(this.#url);
    return `${url.protocol}//${url.host}`;
  }

  get top(): this {
    return this;
  }

  get detached(): boolean {
    return this.#isDetached;
  }

  isDestroyed(): boolean {
    return this.#isDetached;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#send(channel, args);
  }

  /** @internal another document took its place */
  _detach(): void {
    this.#isDetached = true;
  }
}

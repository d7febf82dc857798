import { EventEmitter } from 'node:events';
import type { CDPSession } from '@playwright/test';

/** One end of Chromium's DevTools protocol: the browser itself, or one page that it is attached to. */
export interface DevTools {
  /** Sends a command, and resolves with its result. */
  readonly send: CDPSession['send'];
  /** Listens to an event. */
  readonly on: CDPSession['on'];
}

/** The DevTools connection of the double, over Node's own WebSocket. */
export class Cdp {
  readonly browser: DevTools;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(message: Message): void; reject(error: Error): void }>();
  readonly #sessions = new Map<string, EventEmitter>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.browser = this.#session('');
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    socket.addEventListener('close', () => this.#end());
  }

  /** @param endpoint the `ws:` address that Chromium printed */
  static connect(endpoint: string): Promise<Cdp> {
    const { promise, resolve, reject } = Promise.withResolvers<Cdp>();
    const socket = new WebSocket(endpoint);
    socket.addEventListener('open', () => resolve(new Cdp(socket)));
    socket.addEventListener('error', () => reject(new Error('electron double: Chromium does not answer')));
    return promise;
  }

  /** Opens a page, and attaches to it. */
  async openPage(): Promise<{ page: DevTools; targetId: string }> {
    const { targetId } = await this.browser.send('Target.createTarget', { url: 'about:blank', newWindow: true });
    const { sessionId } = await this.browser.send('Target.attachToTarget', { targetId, flatten: true });
    return { page: this.#session(sessionId), targetId };
  }

  /** Sends a command at once, for the last moment of the process: nobody waits for its result. */
  closePage(targetId: string): void {
    if (this.#socket.readyState === WebSocket.OPEN)
      void this.#request('', 'Target.closeTarget', { targetId }).catch(ignore);
  }

  #session(sessionId: string): DevTools {
    const emitter = new EventEmitter();
    this.#sessions.set(sessionId, emitter);
    const session: DevTools = Object.create(null);
    return Object.assign(session, {
      send: (method: string, params?: object) => this.#request(sessionId, method, params),
      on: (event: string, listener: (payload: unknown) => void) => emitter.on(event, listener),
    });
  }

  async #request(sessionId: string, method: string, params: object = {}): Promise<unknown> {
    const id = (this.#lastId += 1);
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.set(id, { resolve, reject });
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    const { result, error } = await promise;
    if (error) throw new Error(`electron double: Chromium refuses ${method}: ${error.message}`);
    return result;
  }

  #receive(text: string): void {
    // Chromium is trusted to speak its own protocol.
    const message: Message = JSON.parse(text);
    if (message.id === undefined) {
      this.#sessions.get(message.sessionId ?? '')?.emit(message.method ?? '', message.params);
      return;
    }
    this.#waiting.get(message.id)?.resolve(message);
    this.#waiting.delete(message.id);
  }

  #end(): void {
    for (const command of this.#waiting.values()) command.reject(new Error('electron double: Chromium is gone'));
    this.#waiting.clear();
  }
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const ignore = (): void => undefined;

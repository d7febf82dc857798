import { DoubledEmitter } from './strict.ts';

type Handler = (event: never, ...args: never[]) => unknown;

/** `ipcMain`: its channels are whatever the app names them. */
class IpcMain extends DoubledEmitter {
  readonly #handlers = new Map<string, { handler: Handler; isOnce: boolean }>();

  handle(channel: string, handler: Handler): void {
    this.#add(channel, handler, false);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.#add(channel, handler, true);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** @internal */
  async _invoke(channel: string, event: object, args: unknown[]): Promise<unknown> {
    const entry = this.#handlers.get(channel);
    if (!entry) throw new Error(`No handler registered for '${channel}'`);
    if (entry.isOnce) this.#handlers.delete(channel);
    return Reflect.apply(entry.handler, undefined, [event, ...args]);
  }

  protected override get doubledEvents(): 'any' {
    return 'any';
  }

  #add(channel: string, handler: Handler, isOnce: boolean): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof handler !== 'function') {
      throw new Error(`Expected handler to be a function, but found type '${typeof handler}'`);
    }
    this.#handlers.set(channel, { handler, isOnce });
  }
}

export const ipcMain = new IpcMain();

import type { CloneCodec } from './clone.ts';
import type { BridgeEnd } from './context-bridge.ts';

/** What a script of the page is told. Names are drawn anew for each window, so that a page cannot know them. */
export interface WorldNames {
  /** The events on the window by which the two worlds call each other. */
  readonly toMain: string;
  readonly toIsolated: string;
  /** The binding to the main process, which only the isolated world has, and the function that it calls. */
  readonly binding: string;
  readonly receiver: string;
}

/** What a sandboxed preload finds around it. */
export interface PreloadSurroundings {
  readonly names: WorldNames;
  readonly codec: CloneCodec;
  readonly bridge: BridgeEnd;
  readonly process: object;
  readonly path: string;
}

type Listener = (...args: unknown[]) => void;
type Preload = (require: (name: string) => unknown, process: object, exports: object, module: object) => void;

/**
 * Runs a sandboxed preload in the isolated world, with the few modules that Electron gives it (lib/sandboxed_renderer).
 * Runs in the page by its source: it may use nothing from outside of itself.
 */
export function runPreload(preload: Preload, { names, codec, bridge, process, path }: PreloadSurroundings): void {
  const binding: (text: string) => void = Reflect.get(globalThis, names.binding);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  class EventEmitter {
    readonly #listeners = new Map<string, { listener: Listener; isOnce: boolean }[]>();

    on(event: string, listener: Listener): this {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), { listener, isOnce: false }]);
      return this;
    }
    once(event: string, listener: Listener): this {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), { listener, isOnce: true }]);
      return this;
    }
    addListener(event: string, listener: Listener): this {
      return this.on(event, listener);
    }
    off(event: string, listener: Listener): this {
      const listeners = this.#listeners.get(event) ?? [];
      const at = listeners.findLastIndex((each) => each.listener === listener);
      this.#listeners.set(event, listeners.toSpliced(at, at < 0 ? 0 : 1));
      return this;
    }
    removeListener(event: string, listener: Listener): this {
      return this.off(event, listener);
    }
    removeAllListeners(event?: string): this {
      if (event === undefined) this.#listeners.clear();
      else this.#listeners.delete(event);
      return this;
    }
    listenerCount(event: string): number {
      return this.#listeners.get(event)?.length ?? 0;
    }
    emit(event: string, ...args: unknown[]): boolean {
      const listeners = this.#listeners.get(event) ?? [];
      for (const { listener, isOnce } of listeners) {
        if (isOnce) this.off(event, listener);
        listener(...args);
      }
      return listeners.length > 0;
    }
  }

  class IpcRenderer extends EventEmitter {
    send(channel: string, ...args: unknown[]): void {
      binding(JSON.stringify({ type: 'send', channel, args: codec.encode(args) }));
    }
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const id = (lastId += 1);
      const text = JSON.stringify({ type: 'invoke', id, channel, args: codec.encode(args) });
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      binding(text);
      return answer.promise;
    }
  }

  const strict = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(object, key) {
        if (typeof key === 'symbol' || key in object || key === 'then') {
          const value: unknown = Reflect.get(object, key, object);
          return typeof value === 'function' ? value.bind(object) : value;
        }
        throw new Error(`electron double: ${name}.${key} is not doubled`);
      },
    });

  const ipcRenderer = strict('ipcRenderer', new IpcRenderer());
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api),
  });
  const modules = new Map<string, unknown>([
    ['electron', strict('electron (in a preload)', { contextBridge, ipcRenderer })],
    ['events', Object.assign(EventEmitter, { EventEmitter })],
    ['timers', { setTimeout, clearTimeout, setInterval, clearInterval }],
    ['url', { URL, URLSearchParams }],
  ]);
  for (const name of ['electron/common', 'electron/renderer']) modules.set(name, modules.get('electron'));
  for (const name of ['events', 'timers', 'url']) modules.set(`node:${name}`, modules.get(name));

  Object.defineProperty(globalThis, names.receiver, {
    value(text: string) {
      const message: { type: string; id: number; channel: string; args: string; error?: string } = JSON.parse(text);
      if (message.type === 'event') {
        const args = codec.decode(message.args);
        ipcRenderer.emit(message.channel, { sender: ipcRenderer, ports: [] }, ...(Array.isArray(args) ? args : []));
        return;
      }
      const answer = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) answer?.resolve(codec.decode(message.args));
      else answer?.reject(new Error(`Error invoking remote method '${message.channel}': ${message.error}`));
    },
  });

  const tellTitle = (): void => {
    if (document.title !== title) binding(JSON.stringify({ type: 'title', title: (title = document.title) }));
  };
  let title = '';
  window.addEventListener('DOMContentLoaded', () => {
    tellTitle();
    new MutationObserver(tellTitle).observe(document.head, { subtree: true, childList: true, characterData: true });
  });

  const exports = {};
  try {
    preload(
      (name) => {
        if (modules.has(name)) return modules.get(name);
        throw new Error(`module not found: ${name}`);
      },
      process,
      exports,
      { exports },
    );
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // oxlint-disable-next-line no-console -- as Electron tells it
    console.error(`Unable to load preload script: ${path}\n${text}`);
    binding(JSON.stringify({ type: 'preload-error', path, message: text }));
  }
}

import type { CloneCodec } from './clone.ts';

/** What a script of the page is told. Names are drawn anew for each window, so that a page cannot know them. */
export interface WorldNames {
  /** The events on the window by which the two worlds call each other. */
  readonly toMain: string;
  readonly toIsolated: string;
  /** The binding to the main process, which only the isolated world has, and the function that it calls. */
  readonly binding: string;
  readonly receiver: string;
}

/** A value on its way between the worlds of a page. */
type Packed =
  | { kind: 'clone'; value: unknown }
  | { kind: 'function' | 'yours' | 'promise' | 'met'; id: number }
  | { kind: 'error'; message: string }
  | { kind: 'array'; items: Packed[] }
  | { kind: 'object'; entries: [string, Packed][] };

type Call =
  | { op: 'call'; id: number; args: Packed[] }
  | { op: 'settle'; id: number; isKept: boolean; value: Packed }
  | { op: 'expose'; key: string; value: Packed };

type Callable = Parameters<typeof Reflect.apply>[0];

type Reply = { value: Packed } | { thrown: string };

/** One end of Electron's contextBridge. */
export interface BridgeEnd {
  expose(key: string, api: unknown): void;
}

/**
 * One end of the bridge between the page's world and the isolated one: synchronous events on the window, whose details Blink
 * copies from world to world. Functions and promises stay where they are and are called from afar.
 * Runs in the page by its source: it may use nothing from outside of itself.
 */
export function createBridgeEnd(own: string, other: string): BridgeEnd {
  const { CustomEvent, Promise, Error, Map, WeakMap, Object, Array } = window;
  const dispatch = window.dispatchEvent.bind(window);
  const listen = window.addEventListener.bind(window);
  const given: Callable[] = [];
  const taken = new WeakMap<object, number>();
  const promises = new Map<number, PromiseWithResolvers<unknown>>();
  const replies: Reply[] = [];
  let lastPromise = 0;
  const unknownException =
    'An unknown exception occurred in the isolated context, an error occurred but a valid exception was not thrown.';
  const refuse = (): never => {
    throw new Error('electron double: the other world knows no such function');
  };

  const ask = (call: Call): Packed => {
    dispatch(new CustomEvent(other, { detail: call }));
    const reply = replies.pop();
    if (!reply) throw new Error('electron double: the other world does not answer');
    if ('thrown' in reply) throw new Error(reply.thrown);
    return reply.value;
  };

  /** @param met the objects on the way, in their order: cycles and what is shared stay so */
  function pack(value: unknown, met: Map<object, number> = new Map()): Packed {
    if (typeof value === 'function') {
      const theirs = taken.get(value);
      if (theirs !== undefined) return { kind: 'yours', id: theirs };
      return { kind: 'function', id: given.push(value) - 1 };
    }
    if (typeof value !== 'object' || value === null) return { kind: 'clone', value };
    if (value instanceof Promise) {
      const id = (lastPromise += 1);
      const settle = (isKept: boolean) => (result: unknown) => {
        ask({ op: 'settle', id, isKept, value: pack(result) });
      };
      void value.then(settle(true), settle(false));
      return { kind: 'promise', id };
    }
    if (value instanceof Error) return { kind: 'error', message: value.message };
    const known = met.get(value);
    if (known !== undefined) return { kind: 'met', id: known };
    const isPlain = Object.prototype.toString.call(value) === '[object Object]';
    if (isPlain || Array.isArray(value)) met.set(value, met.size);
    if (Array.isArray(value)) return { kind: 'array', items: value.map((each) => pack(each, met)) };
    if (isPlain) return { kind: 'object', entries: Object.entries(value).map(([key, each]) => [key, pack(each, met)]) };
    return { kind: 'clone', value: structuredClone(value) };
  }

  function unpack(packed: Packed, made: object[] = []): unknown {
    switch (packed.kind) {
      case 'clone':
        return packed.value;
      case 'yours':
        return given[packed.id];
      case 'function': {
        const { id } = packed;
        const proxy = (...args: unknown[]): unknown =>
          unpack(ask({ op: 'call', id, args: args.map((each) => pack(each)) }));
        taken.set(proxy, id);
        return proxy;
      }
      case 'promise': {
        const made = Promise.withResolvers<unknown>();
        promises.set(packed.id, made);
        return made.promise;
      }
      case 'error':
        return new Error(packed.message);
      case 'array':
        return fill([], packed.items.entries(), made);
      case 'object':
        return fill({}, packed.entries, made);
      case 'met':
        return made[packed.id];
    }
  }

  function fill(target: object, entries: Iterable<[PropertyKey, Packed]>, made: object[]): object {
    made.push(target);
    for (const [key, value] of entries) {
      const property = { value: unpack(value, made), writable: true, enumerable: true, configurable: true };
      Object.defineProperty(target, key, property);
    }
    return target;
  }

  function deepFreeze(value: unknown): void {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }

  function answer(call: Call): Packed {
    switch (call.op) {
      case 'call':
        return pack(
          Reflect.apply(
            given[call.id] ?? refuse,
            undefined,
            call.args.map((each) => unpack(each)),
          ),
        );
      case 'settle': {
        const waiting = promises.get(call.id);
        promises.delete(call.id);
        if (call.isKept) waiting?.resolve(unpack(call.value));
        else waiting?.reject(unpack(call.value));
        return { kind: 'clone', value: undefined };
      }
      case 'expose': {
        if (call.key in window)
          throw new Error('Cannot bind an API on top of an existing property on the window object');
        const value = unpack(call.value);
        deepFreeze(value);
        Object.defineProperty(window, call.key, { value, enumerable: true });
        return { kind: 'clone', value: undefined };
      }
    }
  }

  listen(own, (event) => {
    const call: Call = Reflect.get(event, 'detail');
    let reply: Reply;
    try {
      reply = { value: answer(call) };
    } catch (error) {
      reply = { thrown: error instanceof Error ? error.message : unknownException };
    }
    dispatch(new CustomEvent(`${other}-reply`, { detail: reply }));
  });
  listen(`${own}-reply`, (event) => {
    const reply: Reply = Reflect.get(event, 'detail');
    replies.push(reply);
  });
  return {
    expose(key, api) {
      ask({ op: 'expose', key, value: pack(api) });
    },
  };
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

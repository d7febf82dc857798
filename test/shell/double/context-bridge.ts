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

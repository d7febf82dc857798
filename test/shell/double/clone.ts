/** A value as it crosses a process in JSON: only what JSON has no word for is tagged. */
export interface CloneCodec {
  /** @throws Error `An object could not be cloned.` for what the structured clone algorithm refuses */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/**
 * Copies values as Electron's IPC does, by the rules of the structured clone algorithm. Runs in Node and, by its source, in the
 * page: it may use nothing from outside of itself.
 */
export function createCloneCodec(): CloneCodec {
  const refused = (): Error => new Error('An object could not be cloned.');
  const bytesOf = (view: Uint8Array): string => {
    let text = '';
    for (const byte of view) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const viewOf = (text: unknown): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(String(text)), (c) => c.charCodeAt(0));

  /** Objects by the order they are met in: cycles and what is shared stay so. */
  function write(value: unknown, met: Map<object, number>): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return ['undefined'];
    if (typeof value === 'number') {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ['number', Object.is(value, -0) ? '-0' : String(value)];
    }
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value !== 'object') throw refused();
    const known = met.get(value);
    if (known !== undefined) return ['ref', known];
    met.set(value, met.size);
    return writeObject(value, met);
  }

  function writeObject(value: object, met: Map<object, number>): unknown {
    if (Array.isArray(value)) return ['array', value.length, Object.entries(value).map(([k, v]) => [k, write(v, met)])];
    if (value instanceof Date) return ['date', String(value.getTime())];
    if (value instanceof RegExp) return ['regexp', value.source, value.flags];
    if (value instanceof Map) return ['map', [...value].map(([k, v]) => [write(k, met), write(v, met)])];
    if (value instanceof Set) return ['set', [...value].map((each) => write(each, met))];
    if (value instanceof Error) {
      const name = errors[value.name] ? value.name : 'Error';
      return ['error', name, value.message, value.stack ?? ''];
    }
    if (value instanceof ArrayBuffer) return ['buffer', bytesOf(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      const bytes = bytesOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      const { name } = value.constructor;
      // Node's Buffer is a Uint8Array on the other side.
      return ['view', views[name] ? name : 'Uint8Array', bytes];
    }
    for (const kind of [Number, String, Boolean])
      if (value instanceof kind) return ['boxed', kind.name, value.valueOf()];
    const isRefused = ['Promise', 'WeakMap', 'WeakSet', 'WeakRef', 'Window', 'Symbol'].includes(
      Object.prototype.toString.call(value).slice(8, -1),
    );
    const isNode =
      typeof Reflect.get(globalThis, 'Node') === 'function' && 'nodeType' in value && 'ownerDocument' in value;
    if (isRefused || isNode) throw refused();
    return ['object', Object.entries(value).map(([k, v]) => [k, write(v, met)])];
  }

  const errors: Record<string, new (message: string) => Error> = {
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
  };
  const views: Record<string, (buffer: ArrayBuffer) => ArrayBufferView> = {
    Uint8Array: (b) => new Uint8Array(b),
    Int8Array: (b) => new Int8Array(b),
    Uint8ClampedArray: (b) => new Uint8ClampedArray(b),
    Uint16Array: (b) => new Uint16Array(b),
    Int16Array: (b) => new Int16Array(b),
    Uint32Array: (b) => new Uint32Array(b),
    Int32Array: (b) => new Int32Array(b),
    Float32Array: (b) => new Float32Array(b),
    Float64Array: (b) => new Float64Array(b),
    BigInt64Array: (b) => new BigInt64Array(b),
    BigUint64Array: (b) => new BigUint64Array(b),
    DataView: (b) => new DataView(b),
  };

  const keep = <T extends object>(value: T, met: object[]): T => {
    met.push(value);
    return value;
  };

  function read(coded: unknown, met: object[]): unknown {
    if (!Array.isArray(coded)) return coded;
    const parts: unknown[] = coded;
    const [tag, first, second, third] = parts;
    const list: unknown[] = Array.isArray(first) ? first : [];
    const pair = (each: unknown): [unknown, unknown] => (Array.isArray(each) ? [each[0], each[1]] : [each, undefined]);
    switch (tag) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(first);
      case 'bigint':
        return BigInt(String(first));
      case 'ref':
        return met[Number(first)];
      case 'date':
        return keep(new Date(Number(first)), met);
      case 'regexp':
        return keep(new RegExp(String(first), String(second)), met);
      case 'error': {
        const error = new (errors[String(first)] ?? Error)(String(second));
        error.stack = String(third);
        return keep(error, met);
      }
      case 'buffer':
        return keep(viewOf(first).buffer, met);
      case 'view':
        return keep((views[String(first)] ?? views['Uint8Array'])?.(viewOf(second).buffer) ?? {}, met);
      case 'boxed':
        return keep(Object(second), met);
      case 'map': {
        const map = keep(new Map<unknown, unknown>(), met);
        for (const [k, v] of list.map(pair)) map.set(read(k, met), read(v, met));
        return map;
      }
      case 'set': {
        const set = keep(new Set<unknown>(), met);
        for (const each of list) set.add(read(each, met));
        return set;
      }
      case 'array': {
        const array = keep<unknown[]>([], met);
        array.length = Number(first);
        for (const [k, v] of Array.isArray(second) ? second.map(pair) : []) array[Number(k)] = read(v, met);
        return array;
      }
      default: {
        const object = keep<Record<string, unknown>>({}, met);
        for (const [k, v] of list.map(pair)) {
          Object.defineProperty(object, String(k), {
            value: read(v, met),
            writable: true,
            enumerable: true,
            configurable: true,
          });
        }
        return object;
      }
    }
  }

  return {
    encode: (value) => JSON.stringify(write(value, new Map())),
    decode: (text) => read(JSON.parse(text), []),
  };
}

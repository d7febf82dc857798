import { EventEmitter } from 'node:events';

/**
 * What is not doubled does not pass as undefined: reading an unknown member throws. The check hangs at the end of the prototype
 * chain, so that methods, private fields and `instanceof` of the doubles are as plain as they look.
 */
function refuseUnknown<T extends object>(end: T, nameOf: (receiver: object) => string): T {
  return new Proxy(end, {
    get(target, property, receiver: object) {
      if (typeof property === 'symbol' || property in target || isAskedByRuntime(property)) {
        return Reflect.get(target, property, receiver);
      }
      throw notDoubled(`${nameOf(receiver)}.${property}`);
    },
  });
}

/** @param what such as `tray.setTitle` */
export function notDoubled(what: string): Error {
  return new Error(`electron double: ${what} is not doubled`);
}

/** The base of a doubled class or object without events. */
// oxlint-disable-next-line typescript/no-extraneous-class -- its end of the prototype chain is what it brings
export class Doubled {}
Object.setPrototypeOf(Doubled.prototype, refuseUnknown({}, instanceName));
Object.setPrototypeOf(Doubled, refuseUnknown(Function.prototype, className));

type Listener = Parameters<EventEmitter['on']>[1];

/** The base of a doubled class or object with events: an event that the double never emits cannot be listened to. */
export class DoubledEmitter extends EventEmitter {
  /** The events that the double emits; `any` where the app names them. */
  protected get doubledEvents(): readonly string[] | 'any' {
    return [];
  }

  override on(event: string | symbol, listener: Listener): this {
    this.#check(event);
    return super.on(event, listener);
  }

  override once(event: string | symbol, listener: Listener): this {
    this.#check(event);
    return super.once(event, listener);
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  #check(event: string | symbol): void {
    const events = this.doubledEvents;
    if (events !== 'any' && !events.includes(String(event)))
      throw notDoubled(`${instanceName(this)}.on('${String(event)}')`);
  }
}
Object.setPrototypeOf(DoubledEmitter.prototype, refuseUnknown(EventEmitter.prototype, instanceName));
Object.setPrototypeOf(DoubledEmitter, refuseUnknown(EventEmitter, className));

/** An event that its listeners may prevent, as Electron hands it to them first. */
export class PreventableEvent {
  defaultPrevented = false;

  /** @param more what Electron puts on this kind of event besides */
  constructor(more: object = {}) {
    Object.assign(this, more);
  }

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** `await`, JSON, Node's inspector and emitters look at members that an object need not have. */
function isAskedByRuntime(property: string): boolean {
  return property.startsWith('_') || ['then', 'toJSON', 'inspect', 'domain', 'nodeType', 'window'].includes(property);
}

function instanceName(instance: object): string {
  const { name } = instance.constructor;
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function className(receiver: object): string {
  return typeof receiver === 'function' ? receiver.name : 'a class';
}

import type { Json } from './json.ts';
import { Refusal } from './refusal.ts';

/** What can go wrong on purpose. Event counts are of frames already sent; times in ms. */
export type Fault =
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly body: Json;
      readonly headers?: Readonly<Record<string, string>>;
      readonly contentType?: string;
      readonly errorType?: string;
    }
  | {
      readonly kind: 'exception-frame';
      readonly exception: string;
      readonly body?: Json;
      readonly afterEvents?: number;
    }
  /** Destroys the socket: before the answer without `afterEvents`, else in the stream. */
  | { readonly kind: 'reset'; readonly afterEvents?: number }
  | { readonly kind: 'truncate'; readonly afterEvents: number; readonly midFrame?: boolean }
  | { readonly kind: 'bad-crc'; readonly atEvent: number }
  /** Stops talking: before the answer without `afterEvents`, else in the stream; for ever without `ms`. */
  | { readonly kind: 'stall'; readonly ms?: number; readonly afterEvents?: number }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'giant-frame'; readonly afterEvents?: number; readonly announcedBytes?: number }
  | { readonly kind: 'no-metadata' }
  | { readonly kind: 'html-block' }
  /** Refresh only: the rotation happens, its answer is lost with the socket. */
  | { readonly kind: 'response-lost' };

/** The group of operations that a fault hits. */
export type FaultPoint = 'generate' | 'refresh' | 'usage' | 'models' | 'profiles' | 'login' | 'web-search';

/** A fault and whom it hits; `times` is 1 by default. */
export interface FaultSpec {
  readonly on: FaultPoint;
  readonly account?: string;
  readonly model?: string;
  readonly host?: string;
  readonly times?: number | 'always';
  readonly fault: Fault;
}

/** The handle of an injected fault. */
export interface InjectedFault {
  readonly hits: number;
  clear(): void;
}

/** The faults that wait for their request. */
export class FaultBox {
  #waiting: { spec: FaultSpec; hits: number }[] = [];

  /** Adds a fault. The oldest one that fits a request hits it. */
  inject(spec: FaultSpec): InjectedFault {
    const record = { spec, hits: 0 };
    this.#waiting.push(record);
    return {
      get hits() {
        return record.hits;
      },
      clear: () => {
        this.#waiting = this.#waiting.filter((other) => other !== record);
      },
    };
  }

  /** Takes the fault for this request, if one waits. */
  take(request: {
    on: FaultPoint;
    account?: string | undefined;
    model?: string | undefined;
    host?: string | undefined;
  }): Fault | undefined {
    const record = this.#waiting.find(
      ({ spec, hits }) =>
        spec.on === request.on &&
        (spec.account === undefined || spec.account === request.account) &&
        (spec.model === undefined || spec.model === request.model) &&
        (spec.host === undefined || spec.host === request.host) &&
        (spec.times === 'always' || hits < (spec.times ?? 1)),
    );
    if (record === undefined) return undefined;
    record.hits += 1;
    return record.spec.fault;
  }

  clear(): void {
    this.#waiting = [];
  }
}

/** The refusal that a `http` or `html-block` fault amounts to; `undefined` for the other kinds. */
export function faultRefusal(fault: Fault): Refusal | undefined {
  if (fault.kind === 'html-block') {
    const body = '<html><title>ERROR: The request could not be satisfied</title><h2>Request blocked.</h2></html>';
    return new Refusal({ rule: 'fault', status: 403, body, contentType: 'text/html' });
  }
  if (fault.kind !== 'http') return undefined;
  const { status, body, headers, contentType, errorType } = fault;
  return new Refusal({ rule: 'fault', status, body: asBody(body), headers, contentType, errorType });
}

function asBody(body: Json): object | string {
  return typeof body === 'object' && body !== null ? body : String(body);
}

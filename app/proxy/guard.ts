import type { IncomingMessage } from 'node:http';
import { TurnError } from '../conversation/turn-error.ts';

export interface GuardOptions {
  /** The name of the key that was presented, or undefined when there is none such. Compares in constant time. */
  readonly keyName: (presented: string) => string | undefined;
  /** Web pages that may call us; none by default. */
  readonly allowedOrigins: () => readonly string[];
  /** The user let other machines in: they call us by names that only they know. */
  readonly isLan: boolean;
}

/**
 * Lets in only who may come in (DESIGN §6). A hostile web page can make a browser call us: by its own name that it points at
 * this machine, which the `Host` header gives away, or across origins, which `Origin` does, or `Sec-Fetch-Site` where a browser
 * sends no `Origin`, as for a picture.
 * @throws TurnError `forbidden`, and `invalid-request` when there is not exactly one `Host`
 */
export function checkOrigin(request: IncomingMessage, options: GuardOptions): void {
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  if (!hasOneHost(request)) {
    throw new TurnError('invalid-request', 'There must be one Host header.', { param: 'host' });
  }
  if (!options.isLan && !isOurHost(host)) {
    throw new TurnError('forbidden', `The Host header "${printable(host)}" is not this machine's loopback address.`);
  }
  if (origin !== undefined && !options.allowedOrigins().includes(origin)) {
    throw new TurnError(
      'forbidden',
      `Web pages may not use this endpoint (Origin: ${printable(origin)}). ` +
        'The setting allowedOrigins can let one in.',
    );
  }
  if (origin === undefined && (site === 'cross-site' || site === 'same-site')) {
    throw new TurnError('forbidden', 'Web pages may not use this endpoint.');
  }
}

/** The name of the key that the request carries, as a bearer or as `x-api-key`. @throws TurnError `wrong-key` */
export function checkKey(request: IncomingMessage, options: GuardOptions): string {
  const { authorization, 'x-api-key': apiKey } = request.headers;
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const presented = bearer ?? (typeof apiKey === 'string' ? apiKey : undefined);
  if (presented === undefined) {
    throw new TurnError(
      'wrong-key',
      // Not "Bearer …": what stands behind that word is redacted as a secret.
      'This endpoint needs its key: as a bearer token ("Authorization"), or as "x-api-key". See it: kiro-pool key show',
    );
  }
  const name = options.keyName(presented);
  if (name === undefined) throw new TurnError('wrong-key', 'This is not a key of Kiro Pool. See: kiro-pool key list');
  return name;
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Two of them may mean two things to two readers. */
export function hasOneHost(request: IncomingMessage): boolean {
  return request.headersDistinct['host']?.length === 1;
}

/** Whether a `Host` header names this machine's loopback address, on whatever port. */
export function isOurHost(host: string | undefined): boolean {
  return host !== undefined && isLoopbackHost(host.replace(/:\d{1,5}$/, '').toLowerCase());
}

/** A header in an error message: short, and nothing that a terminal would act on. */
function printable(header: string | undefined): string {
  return (header ?? '').replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 80);
}

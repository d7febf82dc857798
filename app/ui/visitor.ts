import type { IncomingMessage } from 'node:http';
import { hasOneHost, isOurHost } from '../proxy/guard.ts';

/** Why a request is turned away, in words for the person at the browser. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Turns away what does not come from this machine, or comes from another page: a hostile page can make a browser call us by a
 * name of its own that it points here (`Host`), across origins (`Origin`), or from another port of this machine, which browsers
 * count as the same site and send our cookie along (`Sec-Fetch-Site`).
 */
export function refuseStranger(request: IncomingMessage): Refusal | undefined {
  const { host, origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (!hasOneHost(request) || !isOurHost(host) || !isLoopbackAddress(request.socket.remoteAddress)) {
    return forbidden("The screens open at this machine's loopback address only.");
  }
  if (origin !== undefined && origin !== `http://${host}`) return forbidden('Another page may not use the screens.');
  // A link that was clicked elsewhere may be opened; what a page loads or asks comes from our own.
  const isNavigation = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return forbidden('Another page may not use the screens.');
  }
  return undefined;
}

/** The same for what changes something: a browser says where it comes from, and our screens send JSON. */
export function refuseForeignPost(request: IncomingMessage): Refusal | undefined {
  const { origin, 'content-type': type } = request.headers;
  if (origin === undefined) return forbidden('A question must say which page asks it.');
  if (type?.split(';')[0]?.trim().toLowerCase() !== 'application/json') return forbidden('A question is JSON.');
  return undefined;
}

/** The value of a cookie; undefined when there is none. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

function forbidden(message: string): Refusal {
  return { status: 403, code: 'forbidden', message, hint: 'Open the link that this prints: kiro-pool ui' };
}

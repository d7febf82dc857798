import { createHash } from 'node:crypto';
import type { RotatingCredential } from './credential.ts';
import { refresh, type RefreshPorts } from './refresh.ts';

/**
 * Makes a login that was read from another program's store our own (DESIGN §4.2): refreshes it at once, so that refresh
 * token A goes in and refresh token B comes back, which only we hold. From then on A is never sent again, and the store is
 * not written: the other program keeps A, and whether A still serves it is Kiro's decision (protocol §2.5, unknown).
 *
 * The caller puts the result on disk before anything else, and remembers `tokenHash` of A as spent. If the answer brought
 * no new refresh token (`refreshToken` is the same), nothing was forked: the login is then `shared`.
 * @throws AuthError as `refresh` does; with `retry-later` A may be tried again
 */
export function fork(
  login: RotatingCredential,
  ports: RefreshPorts,
  signal?: AbortSignal,
): Promise<RotatingCredential> {
  return refresh(login, ports, signal);
}

/** SHA-256 in hex: by this a spent or rejected refresh token is remembered without being kept. */
export function tokenHash(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}

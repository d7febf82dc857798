import * as v from 'valibot';
import { isLoopbackUrl, type Endpoints } from '../kiro/endpoints.ts';
import { TransportError, type HttpAnswer } from '../kiro/transport.ts';
import { AuthError } from './auth-error.ts';
import { parseJsonObject } from './parse-json-object.ts';
import type { RefreshPorts } from './refresh.ts';
import { errorName, refusalOf } from './refusal.ts';
import { parseTokens, type Tokens } from './token-answer.ts';

/** What a device login needs from outside; `wait` rejects when its signal ends it. */
export interface DeviceLoginPorts extends RefreshPorts {
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What the user is shown while a device login waits. No secret in it. */
export interface DevicePrompt {
  /** To be compared with what the browser shows. */
  readonly userCode: string;
  /** Where to type the code. */
  readonly verificationUrl: string;
  /** The same with the code in it; the one to open. */
  readonly verificationUrlComplete: string;
  /** Epoch ms; from then on the code is of no use. */
  readonly expiresAt: number;
  /** How long to wait between two polls. */
  readonly intervalMs: number;
}

/** Asks one question of a sign-in service. @throws AuthError `retry-later` or `rejected` for anything but a 200 of this shape */
export async function ask<T>(
  question: { url: string; body: object; what: string; hint: string; schema: v.GenericSchema<unknown, T> },
  ports: RefreshPorts,
  signal?: AbortSignal,
): Promise<T> {
  const { url, body, what, hint, schema } = question;
  const { host } = new URL(url);
  const answer = await post(url, body, ports, signal).catch((cause: unknown) => {
    if (!(cause instanceof TransportError)) throw cause;
    throw new AuthError('retry-later', `${cause.message}.`, 'Check the network and the proxy setting.', { cause });
  });
  if (answer.status !== 200) {
    const refusal = refusalOf(answer, { url, what, now: ports.now() });
    if (refusal.code === 'retry-later') throw refusal;
    const name = errorName(answer);
    throw new AuthError('rejected', `${host} did not ${what} (${answer.status}${name ? ` ${name}` : ''}).`, hint);
  }
  const parsed = v.safeParse(schema, parseJsonObject(answer.text));
  if (parsed.success) return parsed.output;
  throw new AuthError('retry-later', `${host} answered in a shape that we do not know.`, 'Try again in a minute.');
}

/**
 * Polls until the user has confirmed the code in the browser (protocol §3.1 step 3, §3.3). Faults of the network or the
 * service are waited out; `slow_down` adds 5 s to the interval.
 * @throws AuthError `rejected` when the user declined, the code ran out, or the service refused; the signal's reason when aborted
 */
export async function pollForTokens(
  poll: { url: string; body: object; prompt: DevicePrompt },
  ports: DeviceLoginPorts,
  signal?: AbortSignal,
): Promise<Tokens & { refreshToken: string }> {
  const { url, body, prompt } = poll;
  let { intervalMs } = prompt;
  for (;;) {
    signal?.throwIfAborted();
    await ports.wait(intervalMs, signal);
    signal?.throwIfAborted();
    if (ports.now() >= prompt.expiresAt) throw ranOut();
    const answer = await post(url, body, ports, signal).catch((error: unknown) => {
      if (error instanceof TransportError) return undefined;
      throw error;
    });
    if (answer === undefined) continue;
    const tokens = answer.status === 200 ? parseTokens(answer.text) : undefined;
    if (tokens !== undefined) return withRefreshToken(tokens, url);
    const name = errorName(answer);
    if (name === 'slow_down') intervalMs += 5000;
    else if (name === 'expired_token') throw ranOut();
    else if (name === 'access_denied') throw declined();
    else if (name !== 'authorization_pending') throwIfFinal(answer, url, ports.now());
  }
}

/** The address is opened in the user's browser, so it must be one of the web. @throws AuthError `forbidden-host` */
export function checkVerificationUrl(url: string, endpoints: Endpoints): string {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return url;
  if (endpoints.replaced && isLoopbackUrl(url)) return url;
  throw new AuthError('forbidden-host', 'The sign-in page that the service named is not on HTTPS.', 'Try again later.');
}

function post(url: string, body: object, ports: RefreshPorts, signal?: AbortSignal): Promise<HttpAnswer> {
  return ports.transport.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    headTimeoutMs: 30_000,
    ...(signal === undefined ? {} : { signal }),
  });
}

function withRefreshToken(tokens: Tokens, url: string): Tokens & { refreshToken: string } {
  const { refreshToken } = tokens;
  if (refreshToken !== undefined) return { ...tokens, refreshToken };
  throw new AuthError(
    'rejected',
    `${new URL(url).host} gave a login without a refresh token, which cannot be kept alive.`,
    'Start the sign-in again.',
  );
}

/** A 200 of a shape that we do not know is no end either: nobody wrote down what a pending answer looks like (§3.3). */
function throwIfFinal(answer: HttpAnswer, url: string, now: number): void {
  if (answer.status === 200) return;
  const refusal = refusalOf(answer, { url, what: 'finish the sign-in', now });
  if (refusal.code === 'retry-later') return;
  const name = errorName(answer);
  throw new AuthError(
    'rejected',
    `${new URL(url).host} ended the sign-in (${answer.status}${name === undefined ? '' : ` ${name}`}).`,
    'Start the sign-in again.',
  );
}

function ranOut(): AuthError {
  return new AuthError('rejected', 'The code was not confirmed in time.', 'Start the sign-in again for a new code.');
}

function declined(): AuthError {
  return new AuthError('rejected', 'The sign-in was declined in the browser.', 'Start it again if that was a mistake.');
}

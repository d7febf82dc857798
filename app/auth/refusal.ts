import * as v from 'valibot';
import type { HttpAnswer } from '../kiro/transport.ts';
import { AuthError } from './auth-error.ts';
import { parseJsonObject } from './parse-json-object.ts';

/**
 * What an answer other than 200 of a token endpoint means for the login, as an error to throw: one ordered table, the
 * first row that fits (protocol §2.4). The message holds only the host, the status and error codes of our own list, never
 * text of the answer, which may repeat the token. `about.what` completes "did not …"; `about.now` is epoch ms.
 */
export function refusalOf(answer: HttpAnswer, about: { url: string; what: string; now: number }): AuthError {
  const refusal: Refusal = {
    status: answer.status,
    name: errorName(answer),
    isJson: parseJsonObject(answer.text) !== undefined,
    isHtml: isHtml(answer),
  };
  const rule = rules.find((row) => row.fits(refusal)) ?? unexpected;
  const what = refusal.name === undefined ? String(answer.status) : `${answer.status} ${refusal.name}`;
  const retryAfterMs = parseRetryAfter(answer.header('retry-after'), about.now);
  return new AuthError(
    rule.code,
    `${new URL(about.url).host} did not ${about.what} (${what}): ${rule.because}.`,
    rule.hint,
    rule.code === 'retry-later' && retryAfterMs !== undefined ? { retryAfterMs } : {},
  );
}

interface Refusal {
  readonly status: number;
  /** In the OAuth spelling, when it is one that we know. */
  readonly name: string | undefined;
  readonly isJson: boolean;
  readonly isHtml: boolean;
}

interface Rule {
  readonly fits: (refusal: Refusal) => boolean;
  readonly code: 'rejected' | 'retry-later';
  readonly because: string;
  readonly hint: string;
}

const asGoodAsBefore = 'It is tried again by itself; the login is as good as before.';
const signInAgain = 'Sign in to this account again.';

const transientNames = new Set(['slow_down', 'throttling', 'too_many_requests', 'temporarily_unavailable']);
const faultNames = new Set(['server_error', 'internal_server', 'service_unavailable', 'internal_failure']);
const clientNames = new Set(['invalid_client', 'expired_client', 'unauthorized_client']);
const otherNames = [
  'authorization_pending',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'unsupported_grant_type',
  'expired_token',
  'access_denied',
  'refresh_token_reused',
  'refresh_token_revoked',
  'revoked',
  'revoked_token',
  'interaction_required',
  'consent_required',
  'login_required',
];

const rules: readonly Rule[] = [
  {
    fits: ({ status, name }) => status === 429 || transientNames.has(name ?? ''),
    code: 'retry-later',
    because: 'it asks us to slow down',
    hint: asGoodAsBefore,
  },
  {
    fits: ({ status, name }) => status >= 500 || status === 408 || faultNames.has(name ?? ''),
    code: 'retry-later',
    because: 'the service has a fault of its own',
    hint: asGoodAsBefore,
  },
  {
    fits: ({ status }) => status === 407,
    code: 'retry-later',
    because: 'the proxy wants a sign-in of its own',
    hint: 'Put user and password of the proxy into the proxy setting.',
  },
  {
    fits: ({ status }) => status >= 300 && status < 400,
    code: 'retry-later',
    because: 'it points to another address, and tokens are never sent after a redirect',
    hint: 'Check whether a proxy or a sign-in page of the network answers instead.',
  },
  {
    // The edge blocks addresses with a page. It knows nothing of the login, which must not die of it.
    fits: ({ isHtml }) => isHtml,
    code: 'retry-later',
    because: 'a web page came back, so an edge or a proxy blocked this network',
    hint: 'Wait some minutes, or use another network; the login is as good as before.',
  },
  {
    fits: ({ name }) => clientNames.has(name ?? ''),
    code: 'rejected',
    because: 'the client registration that this login was made with has ended',
    hint: signInAgain,
  },
  {
    fits: ({ status, isJson }) => status === 401 || (status === 400 && isJson),
    code: 'rejected',
    because: 'its refresh token has ended, was revoked, or was used by another program',
    hint: signInAgain,
  },
  {
    fits: ({ status, isJson }) => status === 403 && isJson,
    code: 'rejected',
    because: 'the account may not sign in',
    hint: 'Sign in to this account again; if that fails too, ask its administrator or Kiro support.',
  },
];

const unexpected: Rule = {
  fits: () => true,
  code: 'retry-later',
  because: 'this answer is in none of our books',
  hint: asGoodAsBefore,
};

/** AWS writes `InvalidGrantException`, OAuth `invalid_grant`: compared without case, signs and suffix. */
const bare = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z]/g, '')
    .replace(/Exception$/i, '')
    .toLowerCase();

const knownNames = new Map(
  [...transientNames, ...faultNames, ...clientNames, ...otherNames].map((name) => [bare(name), name] as const),
);

const text = v.fallback(v.optional(v.string()), undefined);
const bodySchema = v.object({ error: text, code: text, reason: text, status: text, __type: text });

/**
 * The error that an answer names, in the OAuth spelling, if it is one of our list. Device polls may name it as `status`
 * (protocol §3.3), AWS in `__type` or a header.
 */
export function errorName(answer: HttpAnswer): string | undefined {
  const body = v.safeParse(bodySchema, parseJsonObject(answer.text));
  const { error, code, reason, status, __type } = body.success ? body.output : {};
  const header = answer.header('x-amzn-errortype')?.split(':')[0];
  for (const name of [error, code, reason, status, __type?.split('#').at(-1), header]) {
    const known = name === undefined ? undefined : knownNames.get(bare(name));
    if (known !== undefined) return known;
  }
  return undefined;
}

function isHtml(answer: HttpAnswer): boolean {
  return answer.header('content-type')?.includes('text/html') === true || answer.text.trimStart().startsWith('<');
}

/** Seconds or a date (RFC 9110), as ms from now. */
function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isFinite(at) ? Math.max(0, at - now) : undefined;
}

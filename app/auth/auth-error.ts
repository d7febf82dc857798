/**
 * A login could not be read, refreshed or forked.
 *
 * - `rejected`: the refresh token or its client is dead (protocol §2.4); only a new sign-in helps. Never send it again.
 * - `retry-later`: throttled, edge block, 5xx or no answer; the login is as good as before.
 * - `unreadable`: a store could not be opened or does not have the shape of protocol §1.
 * - `not-found`: there is no store or no login in it.
 * - `forbidden-host`: the login names a token host that is not on the allow-list (protocol §2.3).
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: AuthErrorCode;
  /** What the user can do, one sentence. */
  readonly hint: string;
  /** For `retry-later`: how long to wait at least, when the answer said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: AuthErrorCode,
    message: string,
    hint: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type AuthErrorCode = 'rejected' | 'retry-later' | 'unreadable' | 'not-found' | 'forbidden-host';

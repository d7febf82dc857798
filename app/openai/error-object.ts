import type { TurnError, TurnErrorCode } from '../conversation/turn-error.ts';

/** An error as OpenAI's APIs answer it. */
export interface OpenAiError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly error: {
      readonly message: string;
      readonly type: string;
      readonly param: string | null;
      readonly code: string | null;
    };
  };
}

/**
 * The answer to a request that could not be served (protocol §7.4, clients.md §6.3-5). Every 429 and 503 says in whole
 * seconds when to come back: without it some clients give up at once, and dates or milliseconds are not understood.
 */
export function toOpenAiError(error: TurnError): OpenAiError {
  const { status, type, code, retryAfterSeconds } = ANSWERS[error.code];
  const canRetry = status === 429 || status === 503;
  return {
    status,
    headers: canRetry ? { 'retry-after': String(secondsOf(error.retryAfterMs) ?? retryAfterSeconds ?? 1) } : {},
    body: { error: { message: error.message, type, param: error.param ?? null, code } },
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  /** For when the error itself does not know. */
  readonly retryAfterSeconds?: number;
}

/**
 * The status decides what a client does: 4xx other than 429 is final for nearly all, 429 and 5xx are tried again, and
 * `context_length_exceeded` starts compaction.
 */
const ANSWERS: Readonly<Record<TurnErrorCode, Answer>> = {
  'invalid-request': { status: 400, type: 'invalid_request_error', code: null },
  'wrong-key': { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  forbidden: { status: 403, type: 'permission_error', code: 'forbidden' },
  'route-not-found': { status: 404, type: 'invalid_request_error', code: 'unknown_url' },
  'method-not-allowed': { status: 405, type: 'invalid_request_error', code: 'method_not_allowed' },
  'body-too-large': { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  'model-not-found': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  'context-overflow': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  refused: { status: 400, type: 'invalid_request_error', code: 'refused_by_kiro' },
  'no-account': { status: 401, type: 'authentication_error', code: 'no_account' },
  'all-exhausted': { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', retryAfterSeconds: 60 },
  'all-cooling': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', retryAfterSeconds: 5 },
  'model-overloaded': { status: 503, type: 'server_error', code: 'model_overloaded', retryAfterSeconds: 5 },
  'account-parked': { status: 403, type: 'permission_error', code: 'account_parked' },
  'upstream-unreachable': { status: 503, type: 'server_error', code: 'upstream_unreachable', retryAfterSeconds: 2 },
  'upstream-failed': { status: 502, type: 'server_error', code: 'upstream_failed' },
  'empty-answer': { status: 502, type: 'server_error', code: 'empty_answer' },
  'broken-stream': { status: 502, type: 'server_error', code: 'broken_stream' },
  'format-not-met': { status: 502, type: 'server_error', code: 'format_not_met' },
  'shutting-down': { status: 503, type: 'server_error', code: 'shutting_down', retryAfterSeconds: 2 },
  internal: { status: 500, type: 'server_error', code: 'internal_error' },
};

/** Rounded up, so that the wait is over when the client comes back. */
function secondsOf(ms: number | undefined): number | undefined {
  if (ms === undefined || !Number.isFinite(ms)) return undefined;
  return Math.max(1, Math.ceil(ms / 1_000));
}

import type { ErrorAnswer, ErrorForm } from '../conversation/client-api.ts';
import { retryAfterHeader } from '../conversation/retry-after.ts';
import type { TurnError, TurnErrorCode } from '../conversation/turn-error.ts';

/** An error as OpenAI's APIs answer it. */
export interface OpenAiError extends ErrorAnswer {
  readonly body: {
    readonly error: {
      readonly message: string;
      readonly type: string;
      readonly param: string | null;
      readonly code: string | null;
    };
  };
}

/** The form of OpenAI's APIs, and of all that belongs to no other API. */
export const openAiErrors: ErrorForm = { headers: () => ({}), refuse: toOpenAiError };

/** The answer to a request that could not be served (protocol §7.4, clients.md §6.3-5). */
export function toOpenAiError(error: TurnError): OpenAiError {
  const { status, type, code } = ANSWERS[error.code];
  return {
    status,
    headers: retryAfterHeader(error),
    body: { error: { message: error.message, type, param: error.param ?? null, code } },
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
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
  'response-not-found': { status: 404, type: 'invalid_request_error', code: null },
  'context-overflow': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  refused: { status: 400, type: 'invalid_request_error', code: 'refused_by_kiro' },
  'no-account': { status: 401, type: 'authentication_error', code: 'no_account' },
  'all-exhausted': { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  'all-cooling': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'model-overloaded': { status: 503, type: 'server_error', code: 'model_overloaded' },
  'account-parked': { status: 403, type: 'permission_error', code: 'account_parked' },
  'upstream-unreachable': { status: 503, type: 'server_error', code: 'upstream_unreachable' },
  'upstream-failed': { status: 502, type: 'server_error', code: 'upstream_failed' },
  'empty-answer': { status: 502, type: 'server_error', code: 'empty_answer' },
  'broken-stream': { status: 502, type: 'server_error', code: 'broken_stream' },
  'format-not-met': { status: 502, type: 'server_error', code: 'format_not_met' },
  paused: { status: 503, type: 'server_error', code: 'paused' },
  'shutting-down': { status: 503, type: 'server_error', code: 'shutting_down' },
  internal: { status: 500, type: 'server_error', code: 'internal_error' },
};

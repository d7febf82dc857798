import type { ErrorAnswer, ErrorForm } from '../conversation/client-api.ts';
import { retryAfterHeader } from '../conversation/retry-after.ts';
import type { TurnError, TurnErrorCode } from '../conversation/turn-error.ts';

/** An error as Anthropic's API answers it. */
export interface AnthropicError extends ErrorAnswer {
  readonly body: {
    readonly type: 'error';
    readonly error: { readonly type: ErrorType; readonly message: string };
    readonly request_id: string;
  };
}

export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'rate_limit_error'
  | 'overloaded_error'
  | 'api_error';

/** The form of Anthropic's API. */
export const anthropicErrors: ErrorForm = {
  headers: (requestId) => ({ 'request-id': requestId }),
  refuse: toAnthropicError,
};

/**
 * The answer to a request that could not be served (clients.md §6.3-5). Where another try is in vain, `x-should-retry` says
 * so: without it Claude Code repeats a 401 or a spent quota for minutes.
 */
export function toAnthropicError(error: TurnError, requestId: string): AnthropicError {
  const { status, type, isFinal } = ANSWERS[error.code];
  return {
    status,
    headers: { ...retryAfterHeader(error), ...(isFinal && { 'x-should-retry': 'false' }) },
    body: { type: 'error', error: { type, message: messageOf(error) }, request_id: requestId },
  };
}

/** Claude Code compacts when it reads these words, by as much as the numbers say. */
function messageOf({ code, message, size }: TurnError): string {
  if (code !== 'context-overflow') return message;
  const excess = size ? `${size.tokens} tokens > ${size.limit} maximum. ` : '';
  return `prompt is too long: ${excess}${message}`;
}

interface Answer {
  readonly status: number;
  readonly type: ErrorType;
  readonly isFinal: boolean;
}

const ANSWERS: Readonly<Record<TurnErrorCode, Answer>> = {
  'invalid-request': { status: 400, type: 'invalid_request_error', isFinal: true },
  'wrong-key': { status: 401, type: 'authentication_error', isFinal: true },
  forbidden: { status: 403, type: 'permission_error', isFinal: true },
  'route-not-found': { status: 404, type: 'not_found_error', isFinal: true },
  'method-not-allowed': { status: 405, type: 'invalid_request_error', isFinal: true },
  'body-too-large': { status: 413, type: 'invalid_request_error', isFinal: true },
  'model-not-found': { status: 404, type: 'not_found_error', isFinal: true },
  'response-not-found': { status: 404, type: 'not_found_error', isFinal: true },
  'context-overflow': { status: 400, type: 'invalid_request_error', isFinal: true },
  refused: { status: 400, type: 'invalid_request_error', isFinal: true },
  // A 401 would have Claude Code ask again for ever.
  'no-account': { status: 403, type: 'permission_error', isFinal: true },
  'all-exhausted': { status: 429, type: 'rate_limit_error', isFinal: true },
  'all-cooling': { status: 429, type: 'rate_limit_error', isFinal: false },
  'model-overloaded': { status: 529, type: 'overloaded_error', isFinal: false },
  // Claude Code repeats a 400 and a 403, with which the request would move to another account (DESIGN promise 2).
  'account-parked': { status: 423, type: 'permission_error', isFinal: true },
  'upstream-unreachable': { status: 503, type: 'api_error', isFinal: false },
  'upstream-failed': { status: 502, type: 'api_error', isFinal: false },
  'empty-answer': { status: 502, type: 'api_error', isFinal: false },
  'broken-stream': { status: 502, type: 'api_error', isFinal: false },
  'format-not-met': { status: 502, type: 'api_error', isFinal: false },
  paused: { status: 503, type: 'api_error', isFinal: false },
  'shutting-down': { status: 503, type: 'api_error', isFinal: false },
  internal: { status: 500, type: 'api_error', isFinal: false },
};

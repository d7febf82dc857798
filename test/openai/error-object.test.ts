import { describe, expect, test } from 'vitest';
import { TurnError, type TurnErrorCode } from '../../app/conversation/turn-error.ts';
import { toOpenAiError } from '../../app/openai/error-object.ts';

const ANSWERS: readonly [TurnErrorCode, number, string | null][] = [
  ['invalid-request', 400, null],
  ['wrong-key', 401, 'invalid_api_key'],
  ['forbidden', 403, 'forbidden'],
  ['route-not-found', 404, 'unknown_url'],
  ['method-not-allowed', 405, 'method_not_allowed'],
  ['body-too-large', 413, 'request_too_large'],
  ['model-not-found', 404, 'model_not_found'],
  ['context-overflow', 400, 'context_length_exceeded'],
  ['refused', 400, 'refused_by_kiro'],
  ['no-account', 401, 'no_account'],
  ['all-exhausted', 429, 'insufficient_quota'],
  ['all-cooling', 429, 'rate_limit_exceeded'],
  ['model-overloaded', 503, 'model_overloaded'],
  ['account-parked', 403, 'account_parked'],
  ['upstream-unreachable', 503, 'upstream_unreachable'],
  ['upstream-failed', 502, 'upstream_failed'],
  ['empty-answer', 502, 'empty_answer'],
  ['broken-stream', 502, 'broken_stream'],
  ['format-not-met', 502, 'format_not_met'],
  ['shutting-down', 503, 'shutting_down'],
  ['internal', 500, 'internal_error'],
];

test.each(ANSWERS)('%s is %i %s', (code, status, word) => {
  const answer = toOpenAiError(new TurnError(code, 'What to do.', { param: 'model' }));
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({ message: 'What to do.', param: 'model', code: word });
  const hasWait = status === 429 || status === 503;
  const wait = { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) };
  expect(answer.headers).toEqual(hasWait ? wait : {});
});

describe('the wait is whole seconds, never too short, and never so long that a timer overflows', () => {
  test.each([
    [0, '1'],
    [-5_000, '1'],
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [3_600_000, '3600'],
    [1_728_000_000, '3600'],
    [Number.POSITIVE_INFINITY, '5'],
    [Number.NaN, '5'],
  ])('%d ms is %s', (retryAfterMs, seconds) => {
    expect(toOpenAiError(new TurnError('all-cooling', '', { retryAfterMs })).headers['retry-after']).toBe(seconds);
  });
});

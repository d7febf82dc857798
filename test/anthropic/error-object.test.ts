import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { toAnthropicError } from '../../app/anthropic/error-object.ts';
import { TurnError, type TurnErrorCode } from '../../app/conversation/turn-error.ts';
import { errorObject } from './wire-schemas.ts';

const ANSWERS: Readonly<
  Record<TurnErrorCode, readonly [status: number, type: string, retry: 'wait' | 'again' | 'never']>
> = {
  'invalid-request': [400, 'invalid_request_error', 'never'],
  'wrong-key': [401, 'authentication_error', 'never'],
  forbidden: [403, 'permission_error', 'never'],
  'route-not-found': [404, 'not_found_error', 'never'],
  'method-not-allowed': [405, 'invalid_request_error', 'never'],
  'body-too-large': [413, 'invalid_request_error', 'never'],
  'model-not-found': [404, 'not_found_error', 'never'],
  'response-not-found': [404, 'not_found_error', 'never'],
  'context-overflow': [400, 'invalid_request_error', 'never'],
  refused: [400, 'invalid_request_error', 'never'],
  'no-account': [403, 'permission_error', 'never'],
  'all-exhausted': [429, 'rate_limit_error', 'never'],
  'all-cooling': [429, 'rate_limit_error', 'wait'],
  'model-overloaded': [529, 'overloaded_error', 'wait'],
  'account-parked': [423, 'permission_error', 'never'],
  'upstream-unreachable': [503, 'api_error', 'wait'],
  'upstream-failed': [502, 'api_error', 'again'],
  'empty-answer': [502, 'api_error', 'again'],
  'broken-stream': [502, 'api_error', 'again'],
  'format-not-met': [502, 'api_error', 'again'],
  paused: [503, 'api_error', 'wait'],
  'shutting-down': [503, 'api_error', 'wait'],
  internal: [500, 'api_error', 'again'],
};

test.each(Object.entries(ANSWERS))('%s is %j', (code, [status, type, retry]) => {
  const answer = toAnthropicError(new TurnError(codeOf(code), 'What to do.'), 'req_1');
  expect(answer.status).toBe(status);
  const body = v.parse(errorObject, answer.body);
  expect(body.error.type).toBe(type);
  expect(body.error.message).toContain('What to do.');
  expect(body.request_id).toBe('req_1');
  expect(answer.headers['x-should-retry']).toBe(retry === 'never' ? 'false' : undefined);
  expect(answer.headers['retry-after'] ?? '').toMatch(retry === 'wait' ? /^[1-9]\d*$/ : /^\d*$/);
});

describe('too long a conversation is told in the words at which Claude Code compacts', () => {
  test.each([
    [undefined, 'prompt is too long: Shorten it.'],
    [{ tokens: 215_000, limit: 200_000 }, 'prompt is too long: 215000 tokens > 200000 maximum. Shorten it.'],
  ])('size %j', (size, message) => {
    const error = new TurnError('context-overflow', 'Shorten it.', { size });
    expect(toAnthropicError(error, 'req_1').body.error.message).toBe(message);
  });
});

function codeOf(code: string): TurnErrorCode {
  const known = Object.keys(ANSWERS).find((each): each is TurnErrorCode => each === code);
  if (!known) throw new Error(code);
  return known;
}

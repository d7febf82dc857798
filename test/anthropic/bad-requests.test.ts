import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { toAnthropicError } from '../../app/anthropic/error-object.ts';
import { parseCountRequest, parseMessagesRequest } from '../../app/anthropic/messages-request.ts';
import { refusalOf } from '../conversation/refusal.ts';
import { badRequests } from './bad-requests.ts';
import { errorObject } from './wire-schemas.ts';

describe('a bad request is refused with the member at fault', () => {
  test.each(badRequests)('$name', ({ body, param, says }) => {
    const refusal = refusalOf(parseMessagesRequest, body);
    expect(refusal.param).toBe(param ?? undefined);
    const answer = toAnthropicError(refusal, 'req_1');
    expect(answer.status).toBe(400);
    const { error } = v.parse(errorObject, answer.body);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toContain(says);
    expect(error.message).toContain(param ?? 'The body');
  });

  test('every case has its own name', () => {
    expect(new Set(badRequests.map(({ name }) => name)).size).toBe(badRequests.length);
  });

  test('tokens are counted without max_tokens, and only of what could be asked', () => {
    const messages = [{ role: 'user', content: 'hello' }];
    expect(parseCountRequest({ model: 'auto', messages }).turns).toHaveLength(1);
    expect(refusalOf(parseCountRequest, { model: 'auto', messages: [] }).param).toBe('messages');
  });

  test.each([
    { role: 'secret '.repeat(20), content: 'hello' },
    { role: 'user', content: [{ type: 'text', text: ['secret'] }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b', input: 'secret' }] },
  ])('a message repeats no content: $role', (message) => {
    const body = { model: 'auto', max_tokens: 1, messages: [message] };
    expect(refusalOf(parseMessagesRequest, body).message).not.toContain('secret');
  });
});

import { describe, expect, test } from 'vitest';
import { toOpenAiError } from '../../app/openai/error-object.ts';
import { parseChatRequest } from '../../app/openai/chat-request.ts';
import { refusalOf } from '../conversation/refusal.ts';
import { badRequests } from './bad-requests.ts';

describe('a bad request is refused with the member at fault', () => {
  test.each(badRequests)('$name', ({ body, param, says, status }) => {
    const answer = toOpenAiError(refusalOf(parseChatRequest, body));
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(answer.body.error.message).toContain(says);
    expect(answer.body.error.message).toContain(param ?? 'The body');
  });

  test('every case has its own name', () => {
    expect(new Set(badRequests.map(({ name }) => name)).size).toBe(badRequests.length);
  });

  test.each([
    { role: 'secret '.repeat(20), content: 'hello' },
    { role: 'user', content: [{ type: 'text', text: ['secret'] }] },
    { role: 'assistant', tool_calls: 'secret' },
  ])('a message repeats no content: $role', (message) => {
    expect(refusalOf(parseChatRequest, { model: 'auto', messages: [message] }).message).not.toContain('secret');
  });
});

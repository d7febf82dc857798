import {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
  type OpenAI,
} from 'openai';
import { describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { clientOf, serveClient } from '../openai/serve-client.ts';
import { startServing, type Serving } from '../proxy/serving.ts';
import { failure } from './failure.ts';

let serving: Serving;
let client: OpenAI;

serveClient((started, itsClient) => {
  serving = started;
  client = itsClient;
});

const model = 'claude-sonnet-4.5';

describe("errors are OpenAI's own classes", () => {
  const messages = [user('Say exactly hello')];

  test('a wrong key', async () => {
    const stranger = clientOf(serving, 'kp-wrong');
    const error = await failure(stranger.chat.completions.create({ model, messages }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', requestID: expect.stringMatching(/^req_/) });
  });

  test('a wrong model', async () => {
    for (const error of [
      await failure(client.chat.completions.create({ model: 'no-such-model', messages })),
      await failure(client.models.retrieve('no-such-model')),
    ]) {
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
    }
  });

  test('a bad request', async () => {
    const error = await failure(client.chat.completions.create({ model, messages, n: 2 }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ param: 'n' });
    expect(String(error)).toContain('must be 1');
  });

  test('too long a conversation', async () => {
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const error = await failure(client.chat.completions.create({ model, messages }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: 'context_length_exceeded' });
  });

  test('an overloaded model, in a stream that breaks and in one that does not begin', async () => {
    serving.emulator.inject({ on: 'generate', model, fault: { kind: 'reset', afterEvents: 9 } });
    const stream = await client.chat.completions.create({
      model,
      messages: [user('Stream 20 fragments')],
      stream: true,
    });
    const broken = await failure(stream.toReadableStream().pipeTo(new WritableStream()));
    expect(broken).toMatchObject({ code: 'broken_stream' });
    serving.emulator.inject({ on: 'generate', model: 'claude-opus-5', fault: faults.modelCapacity });
    const error = await failure(client.chat.completions.create({ model: 'claude-opus-5', messages, stream: true }));
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({ status: 503, code: 'model_overloaded' });
  });

  test('a rate limit, with the seconds to wait', async () => {
    await using limited = await startServing();
    const impatient = clientOf(limited);
    limited.emulator.inject({ on: 'generate', fault: faults.rateLimit });
    const error = await failure(impatient.chat.completions.create({ model, messages }));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    if (!(error instanceof RateLimitError)) throw error;
    expect(Number(error.headers.get('retry-after'))).toBeGreaterThanOrEqual(59);
  });
});

function user(content: string): OpenAI.ChatCompletionUserMessageParam {
  return { role: 'user', content };
}

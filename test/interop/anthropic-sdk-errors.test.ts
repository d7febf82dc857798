import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { serveClient } from '../anthropic/serve-client.ts';
import { faults } from '../emulator/emulator.ts';
import { startServing, type Serving } from '../proxy/serving.ts';
import { failure } from './failure.ts';

let serving: Serving;
let client: Anthropic;

serveClient((started, itsClient) => {
  serving = started;
  client = itsClient;
});

const asked = {
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Say exactly hello' }],
} satisfies Anthropic.MessageCreateParams;

describe("errors are Anthropic's own classes", () => {
  test('a wrong key', async () => {
    const stranger = client.withOptions({ apiKey: 'kp-wrong' });
    const error = await failure(stranger.messages.create(asked));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({
      status: 401,
      type: 'authentication_error',
      requestID: expect.stringMatching(/^req_/),
    });
  });

  test('a wrong model, asked and looked up', async () => {
    for (const error of [
      await failure(client.messages.create({ ...asked, model: 'no-such-model' })),
      await failure(client.models.retrieve('no-such-model')),
    ]) {
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ type: 'not_found_error' });
    }
  });

  test('a bad request, and too long a conversation', async () => {
    const bad = await failure(client.messages.create({ ...asked, max_tokens: 0 }));
    expect(bad).toBeInstanceOf(BadRequestError);
    expect(String(bad)).toContain('max_tokens must be at least 1');
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const long = await failure(client.messages.create(asked));
    expect(long).toBeInstanceOf(BadRequestError);
    expect(String(long)).toMatch(/prompt is too long: \d+ tokens > 200000 maximum/);
  });

  test('a stream that breaks, and an overloaded model', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Stream 20 fragments' }];
    const broken = await failure(client.messages.stream({ ...asked, messages }).finalMessage());
    expect(broken).toBeInstanceOf(APIError);
    expect(String(broken)).toContain('api_error');
    serving.emulator.inject({ on: 'generate', model: 'claude-opus-5', fault: faults.modelCapacity });
    const overloaded = await failure(client.messages.create({ ...asked, model: 'claude-opus-5' }));
    expect(overloaded).toBeInstanceOf(InternalServerError);
    expect(overloaded).toMatchObject({ status: 529, type: 'overloaded_error' });
  });
});

describe('an SDK that may try again', () => {
  test('does so after an answer that broke before it began', async () => {
    serving.emulator.inject({ on: 'generate', times: 3, fault: faults.emptyAnswer });
    const patient = client.withOptions({ maxRetries: 2 });
    const answer = await patient.messages.create(asked);
    expect(answer.content).toMatchObject([{ text: 'hello' }]);
  });

  test.each([
    ['spent credits', faults.monthlyQuota, RateLimitError, 429],
    // 423 has no class of its own: what counts is that it is final, also for Claude Code, which repeats a 403.
    ['a locked account', faults.suspended, APIError, 423],
  ])('does not after %s', async (_, fault, errorClass, status) => {
    await using spent = await startServing();
    spent.emulator.inject({ on: 'generate', times: 'always', fault });
    const eager = new Anthropic({ baseURL: spent.url, apiKey: spent.key, maxRetries: 5 });
    const failed = await failure(eager.messages.create(asked));
    expect(failed).toBeInstanceOf(errorClass);
    expect(failed).toMatchObject({ status });
    expect(spent.turns()).toHaveLength(1);
  });
});

test('models are listed, and found by an alias', async () => {
  const ids: string[] = [];
  for await (const { id, type } of client.models.list()) {
    expect(type).toBe('model');
    ids.push(id);
  }
  expect(ids).toContain('claude-sonnet-4.5');
  expect(await client.models.retrieve('sonnet')).toMatchObject({ display_name: 'Claude Sonnet 5' });
});

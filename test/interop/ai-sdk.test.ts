import { createOpenAICompatible, type OpenAICompatibleProvider } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, Output, streamText } from 'ai';
import { afterEach, describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { serveFile } from '../proxy/serve-file.ts';
import { startServing, until, type Serving } from '../proxy/serving.ts';
import {
  expectCopiedFile,
  failure,
  expectPictureSeen,
  expectReasoning,
  highEffort,
  expectStream,
  expectTwoAtOnce,
} from './ai-sdk-support.ts';

let serving: Serving;
let provider: OpenAICompatibleProvider;

serveFile((started) => {
  serving = started;
  provider = createOpenAICompatible({
    name: 'kiro-pool',
    baseURL: `${serving.url}/v1`,
    apiKey: serving.key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
});

const model = 'claude-sonnet-4.5';

describe("Vercel's AI SDK, when Kiro accepts everything that comes of it", () => {
  afterEach(() => {
    serving.checkNothingRefused();
  });

  test('generateText, with its usage', async () => {
    const answer = await generateText({
      model: provider(model),
      instructions: 'Be brief.',
      prompt: 'Say exactly good morning',
      temperature: 0.5,
      maxOutputTokens: 500,
    });
    expect(answer.text).toBe('good morning');
    expect(answer.finishReason).toBe('stop');
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
  });

  test('streamText, with its usage', async () => {
    await expectStream(provider(model));
  });

  test('tools over several steps', async () => {
    await expectCopiedFile(provider(model));
  });

  test('parallel tools in a stream', async () => {
    await expectTwoAtOnce(provider(model));
  });

  test('a picture', async () => {
    await expectPictureSeen(provider(model));
  });

  test('an object of a schema', async () => {
    serving.emulator.script([{ text: '```json\n{"city":"Köln","people":1085664}\n```' }]);
    const answer = await generateText({
      model: provider(model),
      prompt: 'Which city?',
      output: Output.object({
        schema: jsonSchema<{ city: string; people: number }>({
          type: 'object',
          properties: { city: { type: 'string' }, people: { type: 'number' } },
          required: ['city', 'people'],
        }),
      }),
    });
    expect(answer.output).toEqual({ city: 'Köln', people: 1_085_664 });
  });

  test('reasoning', async () => {
    await expectReasoning(provider('claude-sonnet-5'), { kiroPool: { reasoningEffort: 'high' } });
    expect(serving.turns()[0]?.body).toMatchObject(highEffort);
  });

  test('a stop sequence and a limit', async () => {
    const stopped = await generateText({
      model: provider(model),
      prompt: 'Stream 99 fragments',
      stopSequences: [' word2'],
    });
    expect(stopped).toMatchObject({ text: 'word0 word1', finishReason: 'stop' });
    const short = await generateText({ model: provider(model), prompt: 'Stream 99 fragments', maxOutputTokens: 5 });
    expect(short.finishReason).toBe('length');
  });

  test('an abort', async () => {
    const leaving = new AbortController();
    const answer = streamText({
      model: provider(model),
      prompt: 'Stream 20000 fragments',
      abortSignal: leaving.signal,
    });
    let text = '';
    for await (const piece of answer.textStream) {
      text += piece;
      leaving.abort();
    }
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
    expect(text).toMatch(/^word0 /);
    expect(text).not.toContain('word19999');
  });
});

describe('errors', () => {
  test('a bad request is final', async () => {
    const error = await failure(
      generateText({ model: provider('no-such-model'), prompt: 'Say exactly hello', maxRetries: 2 }),
    );
    expect(error).toMatchObject({ statusCode: 404, isRetryable: false });
    expect(error.message).toContain('may use this model');
    expect(serving.turns()).toHaveLength(1);
  });

  test('a fault in passing is tried again by the SDK', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const answer = await generateText({ model: provider(model), prompt: 'Stream 20 fragments', maxRetries: 1 });
    expect(answer.text).toContain('word19');
    expect(serving.turns()).toHaveLength(2);
  });

  test('a stream that breaks is an error, not an answer', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const errors: unknown[] = [];
    const answer = streamText({
      model: provider(model),
      prompt: 'Stream 20 fragments',
      onError: ({ error }) => {
        errors.push(error);
      },
    });
    await answer.consumeStream();
    expect(errors).not.toEqual([]);
    expect(JSON.stringify(errors[0]) + String(errors[0])).toMatch(/broke/);
  });

  test('a rate limit says when to come back', async () => {
    await using limited = await startServing();
    limited.emulator.inject({ on: 'generate', fault: faults.rateLimit });
    const own = createOpenAICompatible({ name: 'kiro-pool', baseURL: `${limited.url}/v1`, apiKey: limited.key });
    const error = await failure(generateText({ model: own(model), prompt: 'hello', maxRetries: 0 }));
    expect(error).toMatchObject({ statusCode: 429, isRetryable: true });
    expect(Number(error.responseHeaders?.['retry-after'])).toBeGreaterThanOrEqual(59);
  });
});

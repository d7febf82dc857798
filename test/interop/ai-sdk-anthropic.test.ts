import { createAnthropic, type AnthropicProvider } from '@ai-sdk/anthropic';
import { generateText, isStepCount, jsonSchema, Output, streamText } from 'ai';
import { afterEach, describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { serveFile } from '../proxy/serve-file.ts';
import type { Serving } from '../proxy/serving.ts';
import { expectCopiedFile, failure, expectStream, toolsOn, expectTwoAtOnce } from './ai-sdk-support.ts';
import { picture } from './picture.ts';

let serving: Serving;
let provider: AnthropicProvider;

serveFile((started) => {
  serving = started;
  provider = createAnthropic({ baseURL: `${serving.url}/v1`, apiKey: serving.key });
});

const model = 'claude-sonnet-4-5';

describe("Vercel's AI SDK with Anthropic's messages, when Kiro accepts everything that comes of it", () => {
  afterEach(() => {
    serving.checkNothingRefused();
  });

  test('a stream, with its usage', async () => {
    await expectStream(provider(model));
  });

  test('tools over several steps, then several at once in a stream', async () => {
    await expectCopiedFile(provider(model));
    await expectTwoAtOnce(provider(model));
  });

  test('a picture and a PDF', async () => {
    const answer = await generateText({
      model: provider(model),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'file', data: picture, mediaType: 'image/png' },
            { type: 'file', data: Buffer.from('%PDF-1.4\n'), mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
      ],
    });
    expect(answer.text).toContain('I received 1 image(s)');
    expect(JSON.stringify(serving.turns()[0]?.body)).toContain('"documents":[{"name":"a","format":"pdf"');
  });

  test('reasoning, which is replayed over the steps of a task', async () => {
    const files = new Map([['a.txt', 'Grüße']]);
    const answer = streamText({
      model: provider('claude-sonnet-5'),
      prompt: 'Read a.txt',
      tools: toolsOn(files),
      stopWhen: isStepCount(5),
      providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2_000 } } },
    });
    await answer.consumeStream();
    expect((await answer.steps)[0]?.reasoningText).toMatch(/^The user wrote .* 🤔$/);
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
  });

  test('an object of a schema', async () => {
    serving.emulator.script([
      { text: '```json\n{"city":"Köln"}\n```' },
      { toolCalls: [{ name: 'json', input: { city: 'Köln' } }] },
    ]);
    const schema = jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    });
    const answer = await generateText({
      model: provider(model),
      prompt: 'Which city?',
      output: Output.object({ schema }),
    });
    expect(answer.output).toEqual({ city: 'Köln' });
  });

  test('a search of the web, with its sources', async () => {
    serving.emulator.script([{ toolCalls: [{ name: 'web_search', input: { query: 'kiro' } }] }, { text: 'Page 1.' }]);
    const answer = await generateText({
      model: provider(model),
      prompt: 'What is new?',
      tools: { web_search: provider.tools.webSearch_20250305({ maxUses: 2 }) },
    });
    expect(answer.text).toBe('Page 1.');
    expect(answer.sources.map((source) => (source.sourceType === 'url' ? source.url : ''))).toContain(
      'https://example.com/1',
    );
  });
});

describe('what goes wrong reaches the caller', () => {
  test('a bad key, and too long a conversation', async () => {
    const stranger = createAnthropic({ baseURL: `${serving.url}/v1`, apiKey: 'kp-wrong' });
    const asked = { prompt: 'hello', maxRetries: 0 };
    expect(await failure(generateText({ model: stranger(model), ...asked }))).toMatchObject({ statusCode: 401 });
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    expect(await failure(generateText({ model: provider(model), ...asked }))).toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/^prompt is too long: \d+ tokens > \d+ maximum/),
    });
  });

  test('an answer that breaks off is an error, not an end', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const errors: unknown[] = [];
    const answer = streamText({
      model: provider(model),
      prompt: 'Stream 20 fragments',
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    });
    await answer.consumeStream();
    expect(JSON.stringify(errors[0]) + String(errors[0])).toMatch(/broke/);
  });
});

import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import { generateText, jsonSchema, Output, streamText, type ModelMessage } from 'ai';
import { afterEach, describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { serveFile } from '../proxy/serve-file.ts';
import { until, type Serving } from '../proxy/serving.ts';
import {
  expectCopiedFile,
  failure,
  expectPictureSeen,
  expectReasoning,
  highEffort,
  expectStream,
  toolsOn,
  expectTwoAtOnce,
} from './ai-sdk-support.ts';

let serving: Serving;
let provider: OpenAIProvider;

serveFile((started) => {
  serving = started;
  provider = createOpenAI({ baseURL: `${serving.url}/v1`, apiKey: serving.key });
});

const model = 'claude-sonnet-4.5';

/** Has the SDK ask for reasoning, as it does by itself for OpenAI's own models. */
const reasoning = { openai: { reasoningSummary: 'auto', forceReasoning: true } } as const;

describe("Vercel's AI SDK over responses, when Kiro accepts everything that comes of it", () => {
  afterEach(() => {
    serving.checkNothingRefused();
  });

  test('generateText, with its usage', async () => {
    const answer = await generateText({
      model: provider.responses(model),
      instructions: 'Be brief.',
      prompt: 'Say exactly good morning',
      maxOutputTokens: 500,
    });
    expect(answer.text).toBe('good morning');
    expect(answer.finishReason).toBe('stop');
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
  });

  test('streamText, with its usage', async () => {
    await expectStream(provider.responses(model));
  });

  test.each([true, false])('tools over several steps, answers kept: %s', async (store) => {
    await expectCopiedFile(provider.responses('claude-sonnet-5'), {
      providerOptions: { openai: { ...reasoning.openai, store } },
    });
    // The strict emulator checks the signature of what is replayed against text and model.
    expect(JSON.stringify(serving.turns().at(-1)?.body)).toContain('"reasoningText":{"text":"The user wrote');
  });

  test('parallel tools in a stream', async () => {
    await expectTwoAtOnce(provider.responses(model));
  });

  test('a custom tool, and its result comes back', async () => {
    serving.emulator.script([{ toolCalls: [{ name: 'patch', input: { input: '*** Begin\nä' } }] }, { text: 'done' }]);
    const patches: string[] = [];
    const answer = streamText({
      model: provider.responses(model),
      prompt: 'Patch it',
      tools: {
        patch: provider.tools.customTool({
          description: 'Changes files',
          format: { type: 'text' },
        }),
      },
    });
    for (const call of await answer.toolCalls) patches.push(String(call.input));
    expect(patches).toEqual(['*** Begin\nä']);
  });

  test('a conversation that goes on by the ids of what is kept', async () => {
    const bodies: string[] = [];
    const recorded = createOpenAI({
      baseURL: `${serving.url}/v1`,
      apiKey: serving.key,
      fetch: (url, init) => {
        bodies.push(typeof init?.body === 'string' ? init.body : '');
        return fetch(url, init);
      },
    });
    const question: ModelMessage = { role: 'user', content: 'Say exactly first' };
    const first = await generateText({ model: recorded.responses(model), messages: [question] });
    const second = await generateText({
      model: recorded.responses(model),
      messages: [question, ...first.responseMessages, { role: 'user', content: 'Say exactly second' }],
    });
    expect(second.text).toBe('second');
    expect(bodies[1]).toContain('item_reference');
    expect(bodies[1]).not.toContain('"text":"first"');
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"assistantResponseMessage":{"content":"first"');
  });

  test('a picture', async () => {
    await expectPictureSeen(provider.responses(model));
  });

  test('an object of a schema', async () => {
    serving.emulator.script([{ text: '```json\n{"city":"Köln"}\n```' }]);
    const answer = await generateText({
      model: provider.responses(model),
      prompt: 'Which city?',
      output: Output.object({
        schema: jsonSchema<{ city: string }>({
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        }),
      }),
    });
    expect(answer.output).toEqual({ city: 'Köln' });
  });

  test('reasoning', async () => {
    const wanted = { openai: { ...reasoning.openai, reasoningEffort: 'high' } };
    await expectReasoning(provider.responses('claude-sonnet-5'), wanted);
    expect(serving.turns()[0]?.body).toMatchObject(highEffort);
  });

  test("OpenAI's own tools are left out", async () => {
    const answer = await generateText({
      model: provider.responses(model),
      prompt: 'Say exactly hello',
      tools: { file_search: provider.tools.fileSearch({ vectorStoreIds: ['vs_1'] }) },
    });
    expect(answer.text).toBe('hello');
    expect(answer.response.headers?.['x-kiro-pool-warning']).toContain('file_search');
  });

  test("the web is searched by Kiro's own search", async () => {
    serving.emulator.script([
      { text: 'I look.', toolCalls: [{ name: 'web_search', input: { query: 'kiro news' } }] },
      { text: ' It is on page 1.' },
    ]);
    const answer = streamText({
      model: provider.responses(model),
      prompt: 'What is new?',
      tools: { web_search: provider.tools.webSearch({}) },
    });
    expect(await answer.text).toBe('I look. It is on page 1.');
    expect((await answer.toolResults).map(({ output }) => output)).toMatchObject([
      { action: { type: 'search', query: 'kiro news' }, sources: [{ url: 'https://example.com/1' }, {}, {}] },
    ]);
    expect(await answer.finishReason).toBe('stop');
  });

  test('a limit', async () => {
    const short = await generateText({
      model: provider.responses(model),
      prompt: 'Stream 99 fragments',
      maxOutputTokens: 5,
    });
    expect(short.finishReason).toBe('length');
  });

  test('an abort', async () => {
    const leaving = new AbortController();
    const answer = streamText({
      model: provider.responses(model),
      prompt: 'Stream 20000 fragments',
      abortSignal: leaving.signal,
    });
    let text = '';
    for await (const piece of answer.textStream) {
      text += piece;
      leaving.abort();
    }
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
    expect(text).not.toContain('word19999');
  });
});

describe('errors', () => {
  test('a wrong model is final', async () => {
    const error = await failure(generateText({ model: provider.responses('no-such-model'), prompt: 'hello' }));
    expect(error).toMatchObject({ statusCode: 404, isRetryable: false });
  });

  test('too long a conversation is told by its code', async () => {
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const error = await failure(generateText({ model: provider.responses(model), prompt: 'hello', maxRetries: 0 }));
    expect(error).toMatchObject({ statusCode: 400, isRetryable: false });
    expect(error.responseBody).toContain('context_length_exceeded');
  });

  test('a stream that breaks is an error, not an answer', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const errors: unknown[] = [];
    const answer = streamText({
      model: provider.responses(model),
      prompt: 'Stream 20 fragments',
      onError: ({ error }) => {
        errors.push(error);
      },
    });
    await answer.consumeStream();
    expect(JSON.stringify(errors[0]) + String(errors[0])).toMatch(/broke/);
  });

  test('a tool call that was cut is not made', async () => {
    serving.emulator.script([
      { toolCalls: [{ name: 'write_file', input: { path: 'a.txt', content: 'all of it' } }], truncateToolCall: true },
    ]);
    const files = new Map<string, string>();
    const answer = streamText({ model: provider.responses(model), prompt: 'Write', tools: toolsOn(files) });
    expect(await answer.finishReason).toBe('length');
    expect(await answer.toolCalls).toEqual([]);
    expect(files.size).toBe(0);
  });
});

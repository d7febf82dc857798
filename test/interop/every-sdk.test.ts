import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { generateText, isStepCount, type LanguageModel } from 'ai';
import OpenAI from 'openai';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { startServing, until, type Serving } from '../proxy/serving.ts';
import { toolsOn } from './ai-sdk-support.ts';
import { failure } from './failure.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});

afterAll(() => serving[Symbol.asyncDispose]());

afterEach(() => serving.emulator.clear());

const model = 'claude-sonnet-4.5';

/** Asks once, and tries nothing again. */
type Ask = (to: Serving, content: string, signal?: AbortSignal) => Promise<string | null | undefined>;

const sdks: Readonly<Record<string, Ask>> = {
  'openai over chat completions': async (to, content, signal) => {
    const messages = [{ role: 'user' as const, content }];
    const answer = await openAi(to).chat.completions.create({ model, messages }, { signal });
    return answer.choices[0]?.message.content;
  },
  'openai over responses': async (to, input, signal) =>
    (await openAi(to).responses.create({ model, input }, { signal })).output_text,
  '@anthropic-ai/sdk': async (to, content, signal) => {
    const client = new Anthropic({ baseURL: to.url, apiKey: to.key, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content }];
    const answer = await client.messages.create({ model, max_tokens: 100, messages }, { signal });
    const [block] = answer.content;
    return block?.type === 'text' ? block.text : undefined;
  },
  '@ai-sdk/openai-compatible': (to, prompt, signal) => generate(compatible(to)(model), prompt, signal),
  '@ai-sdk/openai': (to, prompt, signal) => generate(createOpenAI(at(to)).responses(model), prompt, signal),
  '@ai-sdk/anthropic': (to, prompt, signal) => generate(createAnthropic(at(to))('claude-sonnet-4-5'), prompt, signal),
};

describe.for(Object.entries(sdks))('%s', ([, ask]) => {
  test('is answered in a text', async () => {
    expect(await ask(serving, 'Say exactly good morning')).toBe('good morning');
    serving.checkNothingRefused();
  });

  test('is told a rate limit, and when to come back', async () => {
    await using limited = await startServing();
    limited.emulator.inject({ on: 'generate', fault: faults.rateLimit });
    const refused = v.parse(refusal, await failure(ask(limited, 'Say exactly hello')));
    expect(refused).toMatchObject({ status: 429 });
    expect(refused.retryAfter).toBeGreaterThanOrEqual(59);
  });

  test('is told that a conversation is too long', async () => {
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const refused = v.parse(refusal, await failure(ask(serving, 'Say exactly hello')));
    expect(refused).toMatchObject({ status: 400, message: expect.stringContaining('maximum context length') });
  });

  test('leaves while it waits, and Kiro is left too', async () => {
    serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const leaving = new AbortController();
    const waiting = failure(ask(serving, 'Say exactly hello', leaving.signal));
    await until(() => serving.turns().length === 1, 'the request reached Kiro');
    leaving.abort();
    expect(String(await waiting)).toMatch(/abort/i);
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
  });
});

test('@ai-sdk/openai-compatible has its reasoning replayed over the steps of a task', async () => {
  const answer = await generateText({
    model: compatible(serving)('claude-sonnet-5'),
    prompt: 'Read a.txt',
    tools: toolsOn(new Map([['a.txt', 'Grüße']])),
    stopWhen: isStepCount(5),
    providerOptions: { kiroPool: { reasoningEffort: 'high' } },
  });
  expect(answer.text).toBe('DONE');
  // The strict emulator checks the signature against text and model.
  expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
});

test('openai over responses calls tools at once', async () => {
  const path = { type: 'string' };
  const parameters = { type: 'object', properties: { path }, required: ['path'], additionalProperties: false };
  const answer = await openAi(serving).responses.create({
    model,
    input: 'Read a.txt and at once read b.txt',
    tools: [{ type: 'function', name: 'read_file', description: 'Reads a file', strict: true, parameters }],
  });
  expect(answer.output).toMatchObject([
    { type: 'message' },
    { type: 'function_call', arguments: '{"path":"a.txt"}' },
    { type: 'function_call', arguments: '{"path":"b.txt"}' },
  ]);
});

function at({ url, key }: Serving): { baseURL: string; apiKey: string } {
  return { baseURL: `${url}/v1`, apiKey: key };
}

function openAi(to: Serving): OpenAI {
  return new OpenAI({ ...at(to), maxRetries: 0 });
}

function compatible(to: Serving): ReturnType<typeof createOpenAICompatible> {
  return createOpenAICompatible({ name: 'kiro-pool', ...at(to) });
}

async function generate(languageModel: LanguageModel, prompt: string, signal?: AbortSignal): Promise<string> {
  const { text } = await generateText({
    model: languageModel,
    prompt,
    maxRetries: 0,
    ...(signal && { abortSignal: signal }),
  });
  return text;
}

/** What the errors of OpenAI's and Anthropic's SDKs, and those of Vercel's, tell. */
const refusal = v.union([
  v.pipe(
    v.object({ status: v.number(), message: v.string(), headers: v.instance(Headers) }),
    v.transform(({ status, message, headers }) => ({
      status,
      message,
      retryAfter: Number(headers.get('retry-after')),
    })),
  ),
  v.pipe(
    v.object({ statusCode: v.number(), message: v.string(), responseHeaders: v.record(v.string(), v.string()) }),
    v.transform(({ statusCode, message, responseHeaders }) => ({
      status: statusCode,
      message,
      retryAfter: Number(responseHeaders['retry-after']),
    })),
  ),
]);

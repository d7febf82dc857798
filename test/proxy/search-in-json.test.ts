import type OpenAI from 'openai';
import type { ResponseCreateParamsBase, ResponseOutputItem } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import { serveClient } from '../openai/serve-client.ts';
import type { Serving } from './serving.ts';

let serving: Serving;
let client: OpenAI;

serveClient((started, itsClient) => {
  serving = started;
  client = itsClient;
});

const schema = {
  type: 'object',
  properties: { page: { type: 'number' } },
  required: ['page'],
  additionalProperties: false,
};
const model = 'claude-sonnet-4.5';
const search = { name: 'web_search', input: { query: 'kiro news' } };
const read = { name: 'read', input: { path: 'a.txt' } };
const parameters = { type: 'object', properties: { path: { type: 'string' } } };

/** What came of a question whose answer is to be JSON, with a search of the web and a tool of the client at hand. */
interface Answered {
  readonly text: string;
  readonly calls: readonly string[];
}

async function chat(stream: boolean): Promise<Answered> {
  const asked: OpenAI.ChatCompletionCreateParamsNonStreaming = {
    model,
    messages: [{ role: 'user', content: 'Which page?' }],
    web_search_options: {},
    tools: [{ type: 'function', function: { name: 'read', parameters } }],
    response_format: { type: 'json_schema', json_schema: { name: 'page', schema } },
  };
  if (!stream) {
    const { choices } = await client.chat.completions.create(asked);
    const calls = choices.flatMap(({ message }) => message.tool_calls ?? []);
    return {
      text: choices[0]?.message.content ?? '',
      calls: calls.flatMap((call) => (call.type === 'function' ? [call.function.name] : [])),
    };
  }
  let text = '';
  const calls: string[] = [];
  // The SDK's own gatherer reads all text as JSON, beside a call of a tool, too.
  for await (const { choices } of await client.chat.completions.create({ ...asked, stream })) {
    for (const { delta } of choices) {
      text += delta.content ?? '';
      calls.push(...(delta.tool_calls ?? []).flatMap((call) => call.function?.name ?? []));
    }
  }
  return { text, calls };
}

async function responses(stream: boolean): Promise<Answered> {
  const asked: ResponseCreateParamsBase = {
    model,
    input: 'Which page?',
    tools: [{ type: 'web_search' }, { type: 'function', name: 'read', parameters, strict: false }],
    text: { format: { type: 'json_schema', name: 'page', schema } },
  };
  const outputs: ResponseOutputItem[] = [];
  let streamed = '';
  if (stream) {
    for await (const event of await client.responses.create({ ...asked, stream })) {
      if (event.type === 'response.output_text.delta') streamed += event.delta;
      if (event.type === 'response.completed') outputs.push(...event.response.output);
    }
  } else outputs.push(...(await client.responses.create({ ...asked, stream })).output);
  const text = outputs.flatMap((item) => (item.type === 'message' ? item.content : []));
  const whole = text.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
  expect(stream ? streamed : whole).toBe(whole);
  return { text: whole, calls: outputs.flatMap((item) => (item.type === 'function_call' ? [item.name] : [])) };
}

describe.each([
  ['response_format', chat],
  ['text.format', responses],
] as const)('%s with a search of the web', (_, answerTo) => {
  test.each([false, true])('holds no word that the model said before it searched (stream: %s)', async (stream) => {
    serving.emulator.script([
      { text: 'I will look it up.', toolCalls: [search] },
      { text: 'Let me look again.', toolCalls: [search] },
      { text: '```json\n{"page":1}```' },
    ]);
    expect(await answerTo(stream)).toEqual({ text: '{"page":1}', calls: [] });
    // The model itself is told all that it said.
    expect(JSON.stringify(serving.turns()[2]?.body)).toMatch(/I will look it up.*Let me look again/);
    serving.checkNothingRefused();
  });

  test.each([false, true])(
    'is what the model said before a search that it had nothing to add to (stream: %s)',
    async (stream) => {
      serving.emulator.script([{ text: '{"page":2}', toolCalls: [search] }, { text: '\n' }]);
      expect(await answerTo(stream)).toEqual({ text: '{"page":2}\n', calls: [] });
    },
  );

  test.each([false, true])(
    'keeps what is said beside a call of a tool that the client runs (stream: %s)',
    async (stream) => {
      serving.emulator.script([
        { text: 'I look.', toolCalls: [search] },
        { text: 'I read.', toolCalls: [read] },
      ]);
      expect(await answerTo(stream)).toEqual({ text: 'I read.', calls: ['read'] });
    },
  );

  test.each([false, true])('needs no search (stream: %s)', async (stream) => {
    serving.emulator.script([{ text: '{"page":3}' }]);
    expect(await answerTo(stream)).toEqual({ text: '{"page":3}', calls: [] });
  });

  test('that is not met is an error still', async () => {
    serving.emulator.script([{ text: 'I look.', toolCalls: [search] }, { text: 'Page 1.' }]);
    await expect(answerTo(false)).rejects.toMatchObject({ status: 502 });
  });
});

test('an answer without a format keeps all that was said', async () => {
  serving.emulator.script([{ text: 'I look.', toolCalls: [search] }, { text: 'Page 1.' }]);
  const { choices } = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Which page?' }],
    web_search_options: {},
  });
  expect(choices[0]?.message.content).toBe('I look.Page 1.');
});

import { APIUserAbortError, type OpenAI } from 'openai';
import { makeParseableResponseFormat } from 'openai/lib/parser';
import { afterEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { faults } from '../emulator/emulator.ts';
import { serveClient } from '../openai/serve-client.ts';
import { until, type Serving } from '../proxy/serving.ts';
import { picture } from './picture.ts';

let serving: Serving;
let client: OpenAI;

serveClient((started, itsClient) => {
  serving = started;
  client = itsClient;
});

const model = 'claude-sonnet-4.5';

describe("OpenAI's own SDK, when Kiro accepts everything that comes of it", () => {
  afterEach(() => {
    serving.checkNothingRefused();
  });

  test('text', async () => {
    const answer = await client.chat.completions.create({ model, messages: [user('Say exactly good morning')] });
    expect(answer.choices[0]?.message.content).toBe('good morning');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    expect(answer._request_id).toMatch(/^req_/);
  });

  test('system, developer and parts', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
        { role: 'user', name: 'me', content: [{ type: 'text', text: 'Say exactly yes' }] },
        { role: 'assistant', content: 'yes', refusal: null },
        user('Say exactly no'),
      ],
      temperature: 0.2,
      seed: 7,
      store: false,
      metadata: { from: 'a test' },
    });
    expect(answer.choices[0]?.message.content).toBe('no');
  });

  test('a stream, with usage at its end', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: [user('Stream 40 fragments')],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    const reasons: string[] = [];
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      const reason = chunk.choices[0]?.finish_reason;
      if (reason) reasons.push(reason);
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(Array.from({ length: 40 }, (_, index) => `word${index} `).join(''));
    expect(reasons).toEqual(['stop']);
    expect(usage).toMatchObject({ credits: expect.any(Number), context_percent: expect.any(Number) });
  });

  test.each([false, true])('a loop of tools, and both results come back (stream: %s)', async (stream) => {
    const files = new Map([['a.txt', 'Grüße, "world"\n']]);
    const runner = stream
      ? client.chat.completions.runTools({ model, stream, messages: [user(copyFile)], tools: toolsOn(files) })
      : client.chat.completions.runTools({ model, messages: [user(copyFile)], tools: toolsOn(files) });
    expect(await runner.finalContent()).toBe('DONE');
    expect(files.get('b.txt')).toBe('copied');
    const results = runner.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    expect(results).toEqual([files.get('a.txt'), 'written']);
  });

  test('parallel tools', async () => {
    const files = new Map<string, string>();
    const runner = client.chat.completions.runTools({
      model,
      stream: true,
      parallel_tool_calls: true,
      messages: [
        user('Create the file a.txt containing exactly one and at once create the file b.txt containing exactly two'),
      ],
      tools: toolsOn(files),
    });
    expect(await runner.finalContent()).toBe('DONE');
    expect([...files]).toEqual([
      ['a.txt', 'one'],
      ['b.txt', 'two'],
    ]);
    expect(serving.turns()).toHaveLength(2);
  });

  test('a tool is chosen, none is, and old calls of tools that are no longer offered are kept', async () => {
    const [read] = toolsOn(new Map()).map(({ type, function: { name, parameters } }) => ({
      type,
      function: { name, parameters },
    }));
    if (!read) throw new Error('no tool');
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      user('Read a.txt'),
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '{"path":"a.txt"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'Grüße' }] },
    ];
    const named = { type: 'function', function: { name: 'read_file' } } as const;
    for (const tool_choice of ['none', 'auto', 'required', named] as const) {
      const answer = await client.chat.completions.create({ model, messages, tools: [read], tool_choice });
      expect(answer.choices[0]?.finish_reason).toBe('stop');
    }
    expect((await client.chat.completions.create({ model, messages })).choices[0]?.message.content).toBeTruthy();
  });

  test('a picture', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: picture, detail: 'high' } },
          ],
        },
      ],
    });
    expect(answer.choices[0]?.message.content).toContain('I received 1 image(s)');
  });

  test('reasoning comes as deltas of its own, and is replayed in the next turn', async () => {
    const thinking = 'claude-sonnet-5';
    const stream = await client.chat.completions.create({
      model: thinking,
      reasoning_effort: 'high',
      messages: [user('Say exactly first')],
      stream: true,
    });
    let text = '';
    let reasoning = '';
    for await (const { choices } of stream) {
      const delta = v.parse(reasoningDelta, choices[0]?.delta ?? {});
      text += delta.content ?? '';
      reasoning += delta.reasoning_content ?? '';
    }
    expect(text).toBe('first');
    expect(reasoning).toMatch(/^The user wrote .* 🤔$/);
    expect(serving.turns()[0]?.body).toMatchObject({
      additionalModelRequestFields: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    });
    const answer = await client.chat.completions.create({
      model: thinking,
      messages: [user('Say exactly first'), { role: 'assistant', content: text }, user('Say exactly second')],
    });
    expect(v.parse(reasoningDelta, answer.choices[0]?.message)).toMatchObject({ content: 'second' });
    // The strict emulator checks the signature against text and model.
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
  });

  test('an answer in a schema, parsed', async () => {
    serving.emulator.script([{ text: '```json\n{"city":"Köln","people":1085664}\n```' }]);
    const city = v.object({ city: v.string(), people: v.number() });
    const schema = { type: 'object', properties: { city: { type: 'string' }, people: { type: 'number' } } };
    const answer = await client.chat.completions.parse({
      model,
      messages: [user('Which city?')],
      response_format: makeParseableResponseFormat(
        { type: 'json_schema', json_schema: { name: 'city', strict: true, schema } },
        (content) => v.parse(city, JSON.parse(content)),
      ),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: 'Köln', people: 1_085_664 });
  });

  test('limits: max_completion_tokens and stop', async () => {
    const messages = [user('Stream 100 fragments')];
    const short = await client.chat.completions.create({ model, messages, max_completion_tokens: 5 });
    expect(short.choices[0]?.finish_reason).toBe('length');
    const stopped = await client.chat.completions.create({ model, messages, stop: [' word3'] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'word0 word1 word2' } });
  });

  test('models, and one of them', async () => {
    const ids: string[] = [];
    for await (const { id, object } of client.models.list()) {
      expect(object).toBe('model');
      ids.push(id);
    }
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, context_length: 200_000 });
  });

  test('an abort, of a stream and of a wait', async () => {
    const messages = [user('Stream 20000 fragments')];
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    // A stream that is left is aborted by the SDK.
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
    serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const leaving = new AbortController();
    const waiting = client.chat.completions.create({ model, messages }, { signal: leaving.signal });
    await until(() => serving.turns().length === 2, 'the request reached Kiro');
    leaving.abort();
    await expect(waiting).rejects.toThrow(APIUserAbortError);
    await until(() => serving.turns()[1]?.aborted === true, 'the upstream call was aborted');
  });
});

const copyFile = 'Read a.txt and then create the file b.txt containing exactly copied';

const reasoningDelta = v.object({ content: v.nullish(v.string()), reasoning_content: v.nullish(v.string()) });

function user(content: string): OpenAI.ChatCompletionUserMessageParam {
  return { role: 'user', content };
}

function toolsOn(files: Map<string, string>) {
  const path = { type: 'string', description: 'Path of the file' };
  return [
    {
      type: 'function' as const,
      function: {
        name: 'read_file',
        description: 'Reads a file',
        parameters: { type: 'object', properties: { path }, required: ['path'] },
        parse: (input: string) => v.parse(v.object({ path: v.string() }), JSON.parse(input)),
        function: (input: { path: string }) => files.get(input.path) ?? 'There is no such file.',
      },
    },
    {
      type: 'function' as const,
      function: {
        name: 'write_file',
        description: 'Writes a file',
        parameters: {
          type: 'object',
          properties: { path, content: { type: 'string' } },
          required: ['path', 'content'],
          additionalProperties: false,
        },
        strict: true,
        parse: (input: string) => v.parse(v.object({ path: v.string(), content: v.string() }), JSON.parse(input)),
        function: (input: { path: string; content: string }) => {
          files.set(input.path, input.content);
          return 'written';
        },
      },
    },
  ];
}

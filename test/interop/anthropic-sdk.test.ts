import { APIUserAbortError, type Anthropic } from '@anthropic-ai/sdk';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { serveClient } from '../anthropic/serve-client.ts';
import { message as messageSchema } from '../anthropic/wire-schemas.ts';
import { faults } from '../emulator/emulator.ts';
import { until, type Serving } from '../proxy/serving.ts';
import { picture } from './picture.ts';

let serving: Serving;
let client: Anthropic;

serveClient((started, itsClient) => {
  serving = started;
  client = itsClient;
});

// As clients name it; the catalogue has claude-sonnet-4.5.
const model = 'claude-sonnet-4-5-20250929';
const max_tokens = 1_000;

describe("Anthropic's own SDK, when Kiro accepts everything that comes of it", () => {
  afterEach(() => {
    serving.checkNothingRefused();
  });

  test('text, with every member that the SDK knows and no other', async () => {
    const { data, response, request_id } = await client.messages
      .create({ model, max_tokens, messages: [user('Say exactly good morning')] })
      .withResponse();
    const answer = v.parse(messageSchema, { ...data });
    expect(answer.content).toEqual([{ type: 'text', text: 'good morning', citations: null }]);
    expect(answer).toMatchObject({ model, stop_reason: 'end_turn' });
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
    expect(request_id).toMatch(/^req_/);
    expect(response.headers.get('x-kiro-pool-credits')).toMatch(/^0\.\d+$/);
  });

  test('instructions as a list, in the middle too, and betas of any name', async () => {
    const betaClient = client.withOptions({ defaultHeaders: { 'anthropic-beta': 'of-tomorrow-2027-01-01' } });
    const answer = await betaClient.messages.create({
      model: 'claude-sonnet-4-5[1m]',
      max_tokens,
      system: [
        { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [
        { role: 'user', content: 'Say exactly yes' },
        { role: 'assistant', content: [{ type: 'text', text: 'yes' }] },
        { role: 'system', content: 'It is late.' },
        { role: 'user', content: [{ type: 'text', text: 'Say exactly no', cache_control: { type: 'ephemeral' } }] },
      ],
    });
    expect(answer.content).toMatchObject([{ type: 'text', text: 'no' }]);
    expect(JSON.stringify(serving.turns()[0]?.body)).toContain('Be brief.\\n\\nBe kind.\\n\\nSay exactly yes');
  });

  test('a stream, event by event', async () => {
    const stream = client.messages.stream({ model, max_tokens, messages: [user('Stream 40 fragments')] });
    const kinds: string[] = [];
    stream.on('streamEvent', ({ type }) => kinds.push(type));
    const words = Array.from({ length: 40 }, (_, index) => `word${index} `).join('');
    expect(await stream.finalText()).toBe(words);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const { usage, stop_reason } = await stream.finalMessage();
    expect(stop_reason).toBe('end_turn');
    expect(usage.output_tokens).toBeGreaterThan(40);
  });

  test.each([false, true])('a loop of tools, and both results come back (stream: %s)', async (stream) => {
    const files = new Map([['a.txt', 'Grüße, "world"\n']]);
    const answers = await runTools(
      stream,
      'Read a.txt and then create the file b.txt containing exactly copied',
      files,
    );
    expect(answers.at(-1)?.content).toMatchObject([{ type: 'text', text: 'DONE' }]);
    expect(answers.map(({ stop_reason }) => stop_reason)).toEqual(['tool_use', 'tool_use', 'end_turn']);
    expect(files.get('b.txt')).toBe('copied');
  });

  test('parallel tools', async () => {
    const files = new Map<string, string>();
    const asked =
      'Create the file a.txt containing exactly one and at once create the file b.txt containing exactly two';
    const answers = await runTools(true, asked, files);
    expect(answers).toHaveLength(2);
    expect([...files]).toEqual([
      ['a.txt', 'one'],
      ['b.txt', 'two'],
    ]);
  });

  test('a tool is chosen, none is, one at a time, and a result that failed', async () => {
    const messages: Anthropic.MessageParam[] = [
      user('Read a.txt'),
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a.txt' } }],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            is_error: true,
            content: [{ type: 'text', text: 'No such file' }],
          },
        ],
      },
    ];
    const choices: Anthropic.ToolChoice[] = [
      { type: 'none' },
      { type: 'auto', disable_parallel_tool_use: true },
      { type: 'any' },
      { type: 'tool', name: 'read_file' },
    ];
    for (const tool_choice of choices) {
      const answer = await client.messages.create({ model, max_tokens, messages, tools, tool_choice });
      expect(answer.stop_reason).toBe('end_turn');
    }
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"status":"error"');
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('Call at most one tool in an answer');
  });

  test('pictures, also in the result of a tool, and a PDF', async () => {
    const data = picture.slice(picture.indexOf(',') + 1);
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } } as const;
    const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' } as const;
    const answer = await client.messages.create({
      model,
      max_tokens,
      tools,
      messages: [
        user('What is in a.png?'),
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a.png' } }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: [image] },
            image,
            { type: 'document', source: pdf, title: 'Q3: report.pdf' },
            { type: 'document', source: pdf, title: 'Q3: report.pdf' },
            { type: 'text', text: 'What is this?' },
          ],
        },
      ],
    });
    expect(answer.content[0]).toMatchObject({ text: expect.stringContaining('I received 2 image(s)') });
    const documents = JSON.stringify(serving.turns()[0]?.body);
    expect(documents).toContain('"name":"Q3 report","format":"pdf"');
    expect(documents).toContain('"name":"Q3 report (2)"');
    const alone: Anthropic.MessageParam = { role: 'user', content: [{ type: 'document', source: pdf }] };
    expect((await client.messages.create({ model, max_tokens, messages: [alone] })).stop_reason).toBe('end_turn');
  });

  test('thinking comes in blocks with a signature, and is replayed in the next turn', async () => {
    const thinking = { type: 'adaptive', display: 'summarized' } as const;
    const first = await client.messages
      .stream({ model: 'claude-sonnet-5', max_tokens: 2_000, thinking, messages: [user('Say exactly first')] })
      .finalMessage();
    expect(first.content).toMatchObject([
      {
        type: 'thinking',
        thinking: expect.stringMatching(/^The user wrote .* 🤔$/),
        signature: expect.stringMatching(/./),
      },
      { type: 'text', text: 'first' },
    ]);
    expect(first.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(0);
    const second = await client.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 2_000,
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      messages: [user('Say exactly first'), { role: 'assistant', content: first.content }, user('Say exactly second')],
    });
    expect(second.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    // The strict emulator checks the signature against text and model.
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
    expect(serving.turns()[1]?.body).toMatchObject({
      additionalModelRequestFields: { output_config: { effort: 'low' }, max_tokens: 2_000 },
    });
  });

  test('thinking that is omitted is replayed from memory', async () => {
    const asked = {
      model: 'claude-sonnet-5',
      max_tokens: 2_000,
      thinking: { type: 'adaptive', display: 'omitted' },
    } as const;
    const first = await client.messages.create({ ...asked, messages: [user('Say exactly first')] });
    expect(first.content[0]).toMatchObject({ type: 'thinking', thinking: '' });
    const messages = [user('Say exactly first'), { role: 'assistant', content: first.content } as const, user('Go on')];
    await client.messages.create({ ...asked, messages });
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
  });

  test('an answer in a schema, parsed', async () => {
    serving.emulator.script([{ text: '```json\n{"city":"Köln","people":1085664}\n```' }]);
    const answer = await client.messages.create({
      model,
      max_tokens,
      messages: [user('Which city?')],
      output_config: {
        format: { type: 'json_schema', schema: { type: 'object', properties: { city: { type: 'string' } } } },
      },
    });
    const [block] = answer.content;
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ city: 'Köln', people: 1_085_664 });
  });

  test.each([false, true])('limits: max_tokens and stop_sequences (stream: %s)', async (stream) => {
    const asked = { model, messages: [user('Stream 100 fragments')] };
    expect((await answerTo({ ...asked, max_tokens: 5 }, stream)).stop_reason).toBe('max_tokens');
    const stopped = await answerTo({ ...asked, max_tokens, stop_sequences: ['never', ' word3'] }, stream);
    expect(stopped.content).toMatchObject([{ type: 'text', text: 'word0 word1 word2' }]);
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' word3' });
  });

  test.each([false, true])('an answer that Kiro held back is a refusal (stream: %s)', async (stream) => {
    serving.emulator.script([{ text: 'I can', stopReason: 'CONTENT_FILTERED' }]);
    const answer = await answerTo({ model, max_tokens, messages: [user('Go on')] }, stream);
    expect(answer).toMatchObject({ stop_reason: 'refusal', content: [{ type: 'text', text: 'I can' }] });
  });

  test('tokens are counted, more for more', async () => {
    const few = await client.messages.countTokens({ model, messages: [user('hello')] });
    const more = await client.messages.countTokens({ model, messages: [user('hello')], system: 'Be brief.', tools });
    expect(few.input_tokens).toBeGreaterThan(0);
    expect(more.input_tokens).toBeGreaterThan(few.input_tokens);
    expect(Object.keys(more)).toEqual(['input_tokens']);
    expect(serving.turns()).toEqual([]);
  });

  test('an abort, of a stream and of a wait', async () => {
    const messages = [user('Stream 20000 fragments')];
    const stream = await client.messages.create({ model, max_tokens: 100_000, messages, stream: true });
    // A stream that is left is aborted by the SDK.
    for await (const { type } of stream) if (type === 'content_block_delta') break;
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
    serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const leaving = new AbortController();
    const waiting = client.messages.create({ model, max_tokens, messages }, { signal: leaving.signal });
    await until(() => serving.turns().length === 2, 'the request reached Kiro');
    leaving.abort();
    await expect(waiting).rejects.toThrow(APIUserAbortError);
    await until(() => serving.turns()[1]?.aborted === true, 'the upstream call was aborted');
  });
});

function user(content: string): Anthropic.MessageParam {
  return { role: 'user', content };
}

function answerTo(asked: Anthropic.MessageCreateParamsNonStreaming, stream: boolean): Promise<Anthropic.Message> {
  return stream ? client.messages.stream(asked).finalMessage() : client.messages.create(asked);
}

const path = { type: 'string', description: 'Path of the file' };

const tools: Anthropic.Tool[] = [
  {
    name: 'read_file',
    description: 'Reads a file',
    input_schema: { type: 'object', properties: { path }, required: ['path'] },
  },
  {
    name: 'write_file',
    description: 'Writes a file',
    input_schema: {
      type: 'object',
      properties: { path, content: { type: 'string' } },
      required: ['path', 'content'],
      additionalProperties: false,
    },
  },
];

const toolInput = v.object({ path: v.string(), content: v.optional(v.string()) });

/** The loop of an agent: asks, runs the tools, and asks again until there are no more calls. */
async function runTools(stream: boolean, asked: string, files: Map<string, string>): Promise<Anthropic.Message[]> {
  const messages = [user(asked)];
  const answers: Anthropic.Message[] = [];
  for (;;) {
    const answer = await answerTo({ model, max_tokens, messages, tools }, stream);
    answers.push(answer);
    if (answer.stop_reason !== 'tool_use' || answers.length > 5) return answers;
    const results = answer.content.flatMap((block): Anthropic.ToolResultBlockParam[] => {
      if (block.type !== 'tool_use') return [];
      const input = v.parse(toolInput, block.input);
      if (input.content !== undefined) files.set(input.path, input.content);
      return [{ type: 'tool_result', tool_use_id: block.id, content: files.get(input.path) ?? 'No such file.' }];
    });
    messages.push({ role: 'assistant', content: answer.content }, { role: 'user', content: results });
  }
}

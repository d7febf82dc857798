import { APIUserAbortError, BadRequestError, NotFoundError, type OpenAI } from 'openai';
import { makeParseableTextFormat } from 'openai/lib/parser';
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInput,
  ResponseStreamEvent,
  Tool,
} from 'openai/resources/responses/responses';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
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

function create(members: Omit<ResponseCreateParamsNonStreaming, 'model'> & { model?: string }) {
  return client.responses.create({ model, ...members });
}

describe("OpenAI's own SDK over responses, when Kiro accepts everything that comes of it", () => {
  afterEach(() => {
    serving.checkNothingRefused();
  });

  test('text', async () => {
    const answer = await create({ instructions: 'Be brief.', input: 'Say exactly good morning' });
    expect(answer).toMatchObject({ status: 'completed', output_text: 'good morning', instructions: 'Be brief.' });
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    expect(answer._request_id).toMatch(/^req_/);
  });

  test('a stream, gathered by the SDK', async () => {
    const stream = client.responses.stream({ model, input: 'Stream 40 fragments' });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    const answer = await stream.finalResponse();
    expect(text).toBe(Array.from({ length: 40 }, (_, index) => `word${index} `).join(''));
    expect(answer).toMatchObject({ status: 'completed', output_text: text });
  });

  test.each([false, true])('a loop of tools, and both results come back (stream: %s)', async (stream) => {
    const files = new Map([['a.txt', 'Grüße, "world"\n']]);
    const input: ResponseInput = [
      { role: 'user', content: 'Read a.txt and then create the file b.txt containing exactly copied' },
    ];
    const steps: string[] = [];
    for (;;) {
      const asked = { model, input, tools, store: false };
      const answer: Response = stream
        ? await client.responses.stream(asked).finalResponse()
        : await client.responses.create(asked);
      const calls = answer.output.filter((item) => item.type === 'function_call');
      steps.push(calls.map(({ name }) => name).join() || answer.output_text);
      if (calls.length === 0) break;
      input.push(...replayed(answer));
      for (const { call_id, name, arguments: json } of calls) {
        input.push({ type: 'function_call_output', call_id, output: run(files, name, json) });
      }
    }
    expect(steps).toEqual(['read_file', 'write_file', 'DONE']);
    expect(files.get('b.txt')).toBe('copied');
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('Grüße');
  });

  test('a conversation that goes on by previous_response_id, tools included', async () => {
    const files = new Map([['a.txt', 'secret']]);
    const first = await create({ input: 'Read a.txt', tools });
    const call = first.output.find((item) => item.type === 'function_call');
    if (!call) throw new Error('nothing was called');
    const output = run(files, call.name, call.arguments);
    const second = await create({
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call.call_id, output }],
      tools,
    });
    expect(second.output_text).toBe('DONE');
    const third = await create({ previous_response_id: second.id, input: 'Say exactly third' });
    expect(third).toMatchObject({ output_text: 'third', previous_response_id: second.id });
    expect(JSON.stringify(serving.turns()[2]?.body)).toContain('secret');
  });

  test('what is kept can be shown, listed and deleted', async () => {
    const answer = await create({ input: [{ role: 'user', content: 'Say exactly hello' }] });
    expect(await client.responses.retrieve(answer.id)).toMatchObject({ id: answer.id, output: answer.output });
    const items = [];
    for await (const item of client.responses.inputItems.list(answer.id)) items.push(item);
    expect(items).toMatchObject([{ role: 'user', content: [{ type: 'input_text', text: 'Say exactly hello' }] }]);
    await client.responses.delete(answer.id);
    await expect(client.responses.retrieve(answer.id)).rejects.toBeInstanceOf(NotFoundError);
    const continued = create({ input: 'And?', previous_response_id: answer.id });
    await expect(continued).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    });
  });

  test('reasoning comes as a summary, and its proof is replayed by the client', async () => {
    const members = { model: 'claude-sonnet-5', store: false, include: ['reasoning.encrypted_content' as const] };
    const reasoning = { effort: 'high', summary: 'auto' } as const;
    const question = { role: 'user', content: 'Say exactly first' } as const;
    const first = await create({ ...members, reasoning, input: [question] });
    expect(first.output[0]).toMatchObject({
      type: 'reasoning',
      summary: [{ text: expect.stringMatching(/^The user wrote .* 🤔$/) }],
      encrypted_content: expect.any(String),
    });
    const input: ResponseInput = [question, ...replayed(first), { role: 'user', content: 'Say exactly second' }];
    expect((await create({ ...members, reasoning, input })).output_text).toBe('second');
    // The strict emulator checks the signature against text and model.
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
  });

  test('pictures, in a message and as the result of a tool', async () => {
    const image = { type: 'input_image', image_url: picture, detail: 'auto' } as const;
    const shown = await create({
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, image] }],
    });
    expect(shown.output_text).toContain('I received 1 image(s)');
    const answer = await create({
      tools,
      input: [
        { role: 'user', content: 'Look at it' },
        { type: 'function_call', call_id: 'call_1', name: 'read_file', arguments: '{"path":"a.png"}' },
        { type: 'function_call_output', call_id: 'call_1', output: [image] },
      ],
    });
    expect(answer.status).toBe('completed');
    expect(JSON.stringify(serving.turns()[1]?.body)).toContain('"format":"png"');
  });

  test('an answer in a schema, parsed', async () => {
    serving.emulator.script([{ text: '```json\n{"city":"Köln"}\n```' }]);
    const city = v.object({ city: v.string() });
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const answer = await client.responses.parse({
      model,
      input: 'Which city?',
      text: {
        format: makeParseableTextFormat({ type: 'json_schema', name: 'city', strict: true, schema }, (content) =>
          v.parse(city, JSON.parse(content)),
        ),
      },
    });
    expect(answer.output_parsed).toEqual({ city: 'Köln' });
  });

  test('a limit', async () => {
    expect(await create({ input: 'Stream 100 fragments', max_output_tokens: 5 })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
  });

  test("OpenAI's own tools are left out, and a header says so", async () => {
    const { data, response } = await create({
      input: 'Say exactly hello',
      tools: [
        { type: 'file_search', vector_store_ids: ['vs_1'] },
        { type: 'code_interpreter', container: { type: 'auto' } },
      ],
    }).withResponse();
    expect(data.output_text).toBe('hello');
    expect(response.headers.get('x-kiro-pool-warning')).toMatch(/file_search .*code_interpreter/);
  });

  test('an abort, of a stream and of a wait', async () => {
    const input = 'Stream 20000 fragments';
    const stream = await client.responses.create({ model, input, stream: true });
    // A stream that is left is aborted by the SDK.
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
    serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const leaving = new AbortController();
    const waiting = client.responses.create({ model, input }, { signal: leaving.signal });
    await until(() => serving.turns().length === 2, 'the request reached Kiro');
    leaving.abort();
    await expect(waiting).rejects.toThrow(APIUserAbortError);
    await until(() => serving.turns()[1]?.aborted === true, 'the upstream call was aborted');
  });
});

describe('errors', () => {
  test("are OpenAI's own classes", async () => {
    await expect(create({ model: 'no-such-model', input: 'hello' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    await expect(create({ input: 'hello', background: true })).rejects.toMatchObject({ param: 'background' });
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const overflow = create({ input: 'hello' });
    await expect(overflow).rejects.toBeInstanceOf(BadRequestError);
    await expect(overflow).rejects.toMatchObject({ code: 'context_length_exceeded' });
  });

  test('a stream that breaks tells so, and its connection is cut', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const stream = await client.responses.create({ model, input: 'Stream 20 fragments', stream: true });
    const events: ResponseStreamEvent[] = [];
    const reading = (async () => {
      for await (const event of stream) events.push(event);
    })();
    await expect(reading).rejects.toThrow('terminated');
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { message: expect.stringContaining('broke') } },
    });
    expect(events.map(({ type }) => type)).not.toContain('response.completed');
  });

  test('an answer to a stream that breaks is not kept', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
    const stream = client.responses.stream({ model, input: 'Stream 20 fragments' });
    let id = '';
    stream.on('response.created', ({ response }) => (id = response.id));
    await expect(stream.finalResponse()).rejects.toThrow('terminated');
    await expect(client.responses.retrieve(id)).rejects.toBeInstanceOf(NotFoundError);
  });
});

/** What a client sends back of an answer. */
function replayed({ output }: Response): ResponseInput {
  return output.filter((item) => item.type === 'message' || item.type === 'reasoning' || item.type === 'function_call');
}

const path = { type: 'string' };

const tools: Tool[] = [
  {
    type: 'function',
    name: 'read_file',
    description: 'Reads a file',
    strict: true,
    parameters: { type: 'object', properties: { path }, required: ['path'], additionalProperties: false },
  },
  {
    type: 'function',
    name: 'write_file',
    description: 'Writes a file',
    strict: false,
    parameters: { type: 'object', properties: { path, content: { type: 'string' } }, required: ['path', 'content'] },
  },
];

function run(files: Map<string, string>, name: string, json: string): string {
  const input = v.parse(v.object({ path: v.string(), content: v.optional(v.string(), '') }), JSON.parse(json));
  if (name === 'read_file') return files.get(input.path) ?? 'There is no such file.';
  files.set(input.path, input.content);
  return 'written';
}

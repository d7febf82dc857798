import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, startServing, until, type Serving } from './serving.ts';
import { completionOf, errorIn, readStream } from './wire.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});

afterAll(() => serving[Symbol.asyncDispose]());

afterEach(() => {
  serving.checkNothingRefused();
  serving.emulator.clear();
});

describe('a stream', () => {
  test('is one of server-sent events and says whose it is', async () => {
    const answer = await serving.chat({ stream: true });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toContain('no-cache');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(answer.headers.get('x-kiro-pool-account')).toBe(serving.accounts[0]?.email);
    const { text, isDone, isWhole, finishReasons, chunks } = await readStream(answer);
    expect({ text, isDone, isWhole, finishReasons }).toEqual({
      text: 'hello',
      isDone: true,
      isWhole: true,
      finishReasons: ['stop'],
    });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  test('holds every character, wherever the network cut it', async () => {
    const text = `é漢字👩‍👩‍👧‍👦 \u2028\u2029\u0000"\\\r\n\n\ndata: [DONE]\n\n: no comment\n\n${'長い👍'.repeat(5_000)}`;
    const characters = Array.from(text);
    const fragments: string[] = [];
    while (characters.length > 0) fragments.push(characters.splice(0, 51).join(''));
    serving.emulator.script([{ text: fragments }, { text: fragments }]);
    expect((await readStream(await serving.chat({ stream: true }))).text).toBe(fragments.join(''));
    const whole = await completionOf(await serving.chat());
    expect(whole.choices[0].message.content).toBe(fragments.join(''));
  });

  test('equal pieces one after the other are all sent', async () => {
    serving.emulator.script([{ text: ['- a\n', '- a\n', '- a\n', '- a\n'] }]);
    expect((await readStream(await serving.chat({ stream: true }))).text).toBe('- a\n'.repeat(4));
  });

  test('ends with usage only when it was asked for', async () => {
    const without = await readStream(await serving.chat({ stream: true }));
    expect(without.chunks.some(({ usage }) => usage)).toBe(false);
    const withUsage = await readStream(await serving.chat({ stream: true, stream_options: { include_usage: true } }));
    const last = withUsage.chunks.at(-1);
    expect(last?.choices).toEqual([]);
    expect(last?.usage).toMatchObject({
      credits: serving.turns().at(-1)?.credits,
      context_percent: expect.any(Number),
      estimated: true,
    });
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = last?.usage ?? {};
    expect(completion_tokens).toBeGreaterThan(0);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  test('without a word, a metering or a stop reason of Kiro still has a finish reason', async () => {
    serving.emulator.script([{ text: 'hi', stopReason: null }]);
    serving.emulator.inject({ on: 'generate', fault: { kind: 'no-metadata' } });
    const stream = await readStream(await serving.chat({ stream: true, stream_options: { include_usage: true } }));
    expect(stream).toMatchObject({ text: 'hi', finishReasons: ['stop'], isDone: true });
    expect(stream.chunks.at(-1)?.usage).not.toHaveProperty('credits');
  });

  test.each([
    ['END_TURN', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['PAUSE_TURN', 'length'],
    ['CONTENT_FILTERED', 'content_filter'],
    ['GUARDRAIL_INTERVENED', 'content_filter'],
    ['SOMETHING_NEW', 'stop'],
  ])('that Kiro ends with %s finishes with %s', async (stopReason, finish) => {
    const answer = { text: 'hi', stopReason };
    serving.emulator.script([answer, answer]);
    expect((await readStream(await serving.chat({ stream: true }))).finishReasons).toEqual([finish]);
    expect((await completionOf(await serving.chat())).choices[0].finish_reason).toBe(finish);
  });
});

test('the history keeps the estimated tokens of an answer, streamed or whole', async () => {
  const { usage } = await completionOf(await serving.chat());
  await readStream(await serving.chat({ stream: true }));
  // A request is over, for the history, a moment after its last byte went out.
  const recent = (): ReturnType<typeof serving.engine.parts.history.recent> => serving.engine.parts.history.recent(2);
  await until(() => recent().length === 2, 'both requests are recorded');
  const tokens = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
  expect(recent()).toMatchObject([tokens, tokens]);
});

describe('an answer in one piece', () => {
  test('says what it cost, in its usage and in a header', async () => {
    const answer = await serving.chat();
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const credits = serving.turns()[0]?.credits;
    expect(answer.headers.get('x-kiro-pool-credits')).toBe(String(credits));
    const { usage, choices } = await completionOf(answer);
    expect(usage).toMatchObject({ credits, context_percent: expect.any(Number) });
    expect(choices[0]).toMatchObject({ message: { content: 'hello' }, finish_reason: 'stop' });
  });
});

describe('what Kiro cannot do is done here', () => {
  test('a stop sequence cuts, wherever the network cut it, and the upstream is let go', async () => {
    const answer = { text: [...Array.from({ length: 5 }, () => 'on '), '<E', 'ND', '>', ' never'] };
    serving.emulator.script([answer, answer]);
    const stream = await readStream(await serving.chat({ stream: true, stop: ['<END>', 'never'] }));
    expect(stream).toMatchObject({ text: 'on on on on on ', finishReasons: ['stop'], isDone: true });
    const whole = await completionOf(await serving.chat({ stop: '<END>' }));
    expect(whole.choices[0]).toMatchObject({ message: { content: 'on on on on on ' }, finish_reason: 'stop' });
  });

  test('a tool call that a model wrote as text is one, when it was offered', async () => {
    const leak = { text: 'I look.\n[Called read with args: {"path":"a.txt"}]' };
    serving.emulator.script([leak, leak]);
    const tools = [{ type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } }];
    const stream = await readStream(await serving.chat({ stream: true, tools }));
    expect(stream).toMatchObject({ text: 'I look.\n', finishReasons: ['tool_calls'] });
    const calls = stream.chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ id: expect.stringMatching(/^tooluse_\w+$/), function: { name: 'read' } });
    expect(calls.map((call) => call.function.arguments).join('')).toBe('{"path":"a.txt"}');
    expect(await readStream(await serving.chat({ stream: true }))).toMatchObject({ ...leak, finishReasons: ['stop'] });
  });

  test('a stop sequence that does not come changes nothing', async () => {
    serving.emulator.script([{ text: ['a <EN', ' b <END'] }]);
    const stream = await readStream(await serving.chat({ stream: true, stop: ['<END>'] }));
    expect(stream).toMatchObject({ text: 'a <EN b <END', finishReasons: ['stop'] });
  });

  test.each(['max_tokens', 'max_completion_tokens'])('%s cuts where the model takes no limit', async (member) => {
    const many = ask('Stream 500 fragments');
    const stream = await readStream(await serving.chat({ stream: true, [member]: 10, ...many }));
    expect(stream).toMatchObject({ finishReasons: ['length'], isDone: true, isWhole: true });
    expect(stream.text.length).toBeGreaterThan(20);
    expect(stream.text.length).toBeLessThan(60);
    expect('word0 word1 word2 word3 word4 word5 word6 word7 word8'.startsWith(stream.text.trim())).toBe(true);
    const whole = await completionOf(await serving.chat({ [member]: 10, ...many }));
    expect(whole.choices[0]).toMatchObject({ message: { content: stream.text }, finish_reason: 'length' });
  });

  test('a limit is passed on to a model that takes one', async () => {
    await readStream(await serving.chat({ stream: true, model: 'claude-sonnet-5', max_tokens: 2_000 }));
    expect(serving.turns()[0]?.body).toMatchObject({ additionalModelRequestFields: { max_tokens: 2_000 } });
  });

  const json = { type: 'json_object' };
  const schema = {
    type: 'json_schema',
    json_schema: {
      name: 'point',
      schema: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'], additionalProperties: false },
    },
  };

  test.each([
    ['JSON', json, '{"a":1}', '{"a":1}'],
    ['JSON in a code fence', json, 'Here:\n'.slice(6) + '```json\n{"a":"`"}\n```\n', '{"a":"`"}\n'],
    ['JSON of the schema', schema, '{"x":1.5}', '{"x":1.5}'],
  ])('%s is passed on', async (_, response_format, said, expected) => {
    const answer = { text: Array.from(said) };
    serving.emulator.script([answer, answer]);
    const stream = await readStream(await serving.chat({ stream: true, response_format }));
    expect(stream).toMatchObject({ text: expected, finishReasons: ['stop'], isDone: true });
    expect((await completionOf(await serving.chat({ response_format }))).choices[0].message.content).toBe(expected);
  });

  test.each([
    ['words', json, 'I cannot do that.'],
    ['half of it', json, '{"a":'],
    ['another schema', schema, '{"y":1}'],
    ['a wrong type', schema, '{"x":"1"}'],
  ])('%s instead of the format asked for is an error, never an answer', async (_, response_format, said) => {
    serving.emulator.script([{ text: said }, { text: said }]);
    const stream = await readStream(await serving.chat({ stream: true, response_format }));
    expect(stream).toMatchObject({ isDone: false, isWhole: false, finishReasons: [] });
    expect(stream.error).toMatchObject({ type: 'server_error', code: 'format_not_met' });
    const whole = await serving.chat({ response_format });
    expect(whole.status).toBe(502);
    expect(errorIn(await whole.text()).code).toBe('format_not_met');
    // What was spent is told all the same.
    expect(whole.headers.get('x-kiro-pool-credits')).toMatch(/^\d/);
  });
});

describe('odd requests that are right are served', () => {
  test.each<[string, Record<string, unknown>]>([
    ['unknown members', { search_parameters: { mode: 'off' }, prediction: {}, x: null }],
    [
      'nulls for everything optional',
      { stop: null, tools: null, tool_choice: null, n: null, max_tokens: null, user: null },
    ],
    ['half a surrogate pair', ask('Say exactly \ud800 hello')],
    ['controls', ask('\u0000\u001b[31m Say exactly hello')],
    ['a user named like a header', { user: 'a\r\nx-injected: 1', prompt_cache_key: '\u0000' }],
    ['an empty list of tools', { tools: [], tool_choice: 'auto' }],
  ])('%s', async (_, members) => {
    const answer = await serving.chat(members);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-injected')).toBeNull();
    expect((await completionOf(answer)).choices[0].finish_reason).toBe('stop');
  });

  test('tools with names and members of the prototype', async () => {
    const parameters = '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}';
    const tools = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(
      (name) => `{"type":"function","function":{"name":"${name}","parameters":${parameters}}}`,
    );
    const answer = await serving.fetch('/v1/chat/completions', {
      method: 'POST',
      body: `{"model":"auto","messages":[{"role":"user","content":"hello"}],"tools":[${tools.join(',')}],"__proto__":{"n":2}}`,
    });
    expect(answer.status).toBe(200);
    expect((await completionOf(answer)).choices[0].finish_reason).toBe('stop');
  });

  test('three thousand tools are looked through in no time', async () => {
    const tools = Array.from({ length: 3_000 }, (_, index) => ({
      type: 'function',
      function: { name: `tool_${index}`, description: 'Does it.', parameters: { type: 'object', properties: {} } },
    }));
    const startedAt = performance.now();
    const answer = await serving.chat({ tools: [...tools, tools[0]] });
    expect(answer.status).toBe(400);
    expect(errorIn(await answer.text()).param).toBe('tools[3000].function.name');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('a label that no header can hold', async () => {
    const [account] = await serving.engine.handlers['accounts.list']({});
    const before = account?.label ?? '';
    await serving.engine.handlers['accounts.label']({ id: account?.id ?? '', label: 'Büro 👩\r\nx-injected: 1' });
    try {
      const answer = await serving.chat();
      expect(answer.headers.get('x-kiro-pool-account')).toBe('B?ro ????x-injected: 1');
      expect(answer.headers.get('x-injected')).toBeNull();
    } finally {
      await serving.engine.handlers['accounts.label']({ id: account?.id ?? '', label: before });
    }
  });
});

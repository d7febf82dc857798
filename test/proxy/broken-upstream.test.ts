import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faults, type Fault } from '../emulator/emulator.ts';
import { ask, startServing, type Serving } from './serving.ts';
import { completionOf, errorIn, readStream } from './wire.ts';

describe('when Kiro breaks off', () => {
  let serving: Serving;

  beforeAll(async () => {
    // One frame at a time, so that what came before a fault has surely gone out.
    serving = await startServing({ eventDelayMs: 2 });
  });

  afterAll(() => serving[Symbol.asyncDispose]());

  afterEach(() => serving.emulator.clear());

  describe('after the first output, the client is told and its connection destroyed', () => {
    test.each<[string, Fault]>([
      ['a reset', { kind: 'reset', afterEvents: 5 }],
      ['a bad checksum', { kind: 'bad-crc', atEvent: 5 }],
      ['half a frame', { kind: 'truncate', afterEvents: 5, midFrame: true }],
      ['an exception', { ...faults.internalErrorMidStream, afterEvents: 5 }],
      ['a throttling exception', { ...faults.throttledMidStream, afterEvents: 5 }],
      ['a frame of absurd size', { kind: 'giant-frame', afterEvents: 5 }],
    ])('%s', async (_, fault) => {
      serving.emulator.inject({ on: 'generate', fault });
      const answer = await serving.chat({
        stream: true,
        stream_options: { include_usage: true },
        ...ask('Stream 20 fragments'),
      });
      expect(answer.status).toBe(200);
      const stream = await readStream(answer);
      expect(stream.text).toMatch(/^word0 word1 /);
      expect(stream.error).toMatchObject({ type: 'server_error', code: 'broken_stream' });
      expect(stream.isWhole).toBe(false);
      expect(stream.isDone).toBe(false);
      expect(stream.finishReasons).toEqual([]);
      expect(stream.chunks.every(({ usage }) => usage === undefined)).toBe(true);
      // Nothing is said twice: what has reached the client is never asked for again.
      expect(serving.turns()).toHaveLength(1);
      if (fault.kind === 'exception-frame' && fault.exception === 'ThrottlingException') await endCooling();
    });

    test('in a tool call: no finish, so that half the arguments are not carried out', async () => {
      serving.emulator.script([{ toolCalls: [{ name: 'write', input: { path: 'a.txt', text: 'x'.repeat(400) } }] }]);
      serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 5 } });
      const stream = await readStream(await serving.chat({ stream: true, tools: [writeTool] }));
      expect(stream.chunks.length).toBeGreaterThan(1);
      expect(stream.finishReasons).toEqual([]);
      expect(stream.error?.code).toBe('broken_stream');
      expect(stream.isWhole).toBe(false);
    });

    test('an answer that is not streamed becomes a 502', async () => {
      serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 5 } });
      const answer = await serving.chat(ask('Stream 20 fragments'));
      expect(answer.status).toBe(502);
      expect(errorIn(await answer.text())).toMatchObject({ type: 'server_error', code: 'broken_stream' });
    });

    test('the context window fills up: the client learns that it should compact', async () => {
      serving.emulator.script([{ text: 'half', stopReason: 'MODEL_CONTEXT_WINDOW_EXCEEDED' }]);
      const stream = await readStream(await serving.chat({ stream: true }));
      expect(stream.text).toBe('half');
      expect(stream.error?.code).toBe('context_length_exceeded');
    });
  });

  describe('before the first output, it is asked once more and the client sees nothing of it', () => {
    test.each<[string, Fault]>([
      ['a reset', faults.resetBeforeAnswer],
      ['an empty answer', faults.emptyAnswer],
      ['an error', faults.internalError],
      ['a gateway', faults.badGateway],
      ['an exception', faults.internalErrorFirst],
      ['a bad checksum', { kind: 'bad-crc', atEvent: 0 }],
      ['a reset behind the metadata', { kind: 'reset', afterEvents: 1 }],
    ])('%s', async (_, fault) => {
      serving.emulator.inject({ on: 'generate', fault });
      const stream = await readStream(await serving.chat({ stream: true }));
      expect(stream).toMatchObject({ text: 'hello', isDone: true, isWhole: true, finishReasons: ['stop'] });
      expect(serving.turns()).toHaveLength(2);
    });
  });

  test('an end of the body between two frames is an end', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'truncate', afterEvents: 3 } });
    const stream = await readStream(await serving.chat({ stream: true, ...ask('Stream 9 fragments') }));
    expect(stream).toMatchObject({ text: 'word0 word1 ', finishReasons: ['stop'], isDone: true, isWhole: true });
  });

  test('a tool call that Kiro cut short ends with length and is never complete', async () => {
    const cut = {
      toolCalls: [
        { name: 'write', input: { path: 'a.txt', text: 'whole' } },
        { name: 'write', input: { path: 'b.txt', text: 'x'.repeat(300) } },
      ],
      truncateToolCall: true,
    };
    serving.emulator.script([cut, cut]);
    const stream = await readStream(await serving.chat({ stream: true, tools: [writeTool] }));
    expect(stream).toMatchObject({ finishReasons: ['length'], isDone: true });
    const pieces = stream.chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    const argumentsOf = (call: number): string =>
      pieces.map((piece) => (piece.index === call ? (piece.function.arguments ?? '') : '')).join('');
    expect(JSON.parse(argumentsOf(0))).toEqual({ path: 'a.txt', text: 'whole' });
    expect(() => JSON.parse(argumentsOf(1))).toThrow(SyntaxError);

    const whole = await completionOf(await serving.chat({ tools: [writeTool] }));
    expect(whole.choices[0].finish_reason).toBe('length');
    expect(whole.choices[0].message.tool_calls?.map((call) => call.function.arguments)).toEqual([
      '{"path":"a.txt","text":"whole"}',
    ]);
  });

  test('what stays broken is told with a status that makes clients come back', async () => {
    const kinds = [
      ['claude-opus-5', faults.resetBeforeAnswer, 503, 'upstream_unreachable'],
      ['claude-opus-4.6', faults.emptyAnswer, 502, 'empty_answer'],
      ['claude-sonnet-5', faults.internalError, 502, 'upstream_failed'],
    ] as const;
    // At once, since each takes its pauses before it gives up.
    await Promise.all(
      kinds.map(async ([model, fault, status, code]) => {
        serving.emulator.inject({ on: 'generate', model, times: 'always', fault });
        const answer = await serving.chat({ model, stream: true });
        expect(answer.status).toBe(status);
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(answer.headers.get('retry-after') ?? '').toMatch(status === 503 ? /^[1-9]\d*$/ : /^$/);
        expect(errorIn(await answer.text())).toMatchObject({ type: 'server_error', code });
      }),
    );
    expect(serving.turns().length).toBeLessThanOrEqual(3 * 4);
  });

  async function endCooling(): Promise<void> {
    const [account] = serving.engine.parts.accounts.list();
    if (!account) throw new Error('no account');
    await serving.engine.parts.accounts.update(account.id, (old) => ({ ...old, state: { name: 'ready' } }));
  }
});

describe('what Kiro says of an account reaches the client as the status that fits', () => {
  test.each<[string, Fault, number, string, string]>([
    ['rate limit', faults.rateLimit, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['throttled in the stream', faults.throttledFirst, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['edge block', faults.edgeBlock, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['monthly quota', faults.monthlyQuota, 429, 'insufficient_quota', 'insufficient_quota'],
    ['daily quota', faults.throttledDaily, 429, 'insufficient_quota', 'insufficient_quota'],
    ['overloaded model', faults.modelCapacity, 503, 'server_error', 'model_overloaded'],
    ['overflow', faults.contextOverflow, 400, 'invalid_request_error', 'context_length_exceeded'],
    ['overflow in the stream', faults.validationFirst, 400, 'invalid_request_error', 'context_length_exceeded'],
    ['bad request', faults.bodyInvalid, 400, 'invalid_request_error', 'refused_by_kiro'],
    ['unknown model', faults.invalidModel, 404, 'invalid_request_error', 'model_not_found'],
    ['suspended', faults.suspended, 403, 'permission_error', 'account_parked'],
    ['not authorized', faults.notAuthorized, 401, 'authentication_error', 'no_account'],
  ])('%s', async (_, fault, status, type, code) => {
    await using serving = await startServing();
    serving.emulator.inject({ on: 'generate', times: 'always', fault });
    const answer = await serving.chat({ stream: true });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    // Whole seconds: dates and milliseconds are not understood, and without them some clients give up.
    const canComeBack = status === 429 || status === 503;
    expect(answer.headers.get('retry-after') ?? '').toMatch(canComeBack ? /^[1-9]\d*$/ : /^$/);
    expect(errorIn(await answer.text())).toMatchObject({ type, code });
    // And the next request, which finds the account as this one left it, gets an error object too.
    expect(errorIn(await (await serving.chat()).text()).message).not.toBe('');
  });

  test('a lock that comes in the middle of an answer is told as one, parks the account, and nothing goes to another', async () => {
    await using serving = await startServing({
      accounts: [{ kind: 'social' }, { kind: 'builder-id' }],
      eventDelayMs: 2,
    });
    const message = 'Your User ID temporarily is suspended. We detected unusual user activity.';
    const body = { message, reason: 'TEMPORARILY_SUSPENDED' };
    const fault: Fault = { kind: 'exception-frame', exception: 'AccessDeniedException', body, afterEvents: 5 };
    serving.emulator.inject({ on: 'generate', fault });
    const stream = await readStream(await serving.chat({ stream: true, ...ask('Stream 20 fragments') }));
    expect(stream.text).toMatch(/^word0 word1 /);
    expect(stream.error).toMatchObject({
      type: 'permission_error',
      code: 'account_parked',
      message: expect.stringContaining('this request was not moved to another account'),
    });
    expect(stream).toMatchObject({ finishReasons: [], isDone: false });
    expect(serving.turns()).toHaveLength(1);
    const states = serving.engine.parts.accounts.list().map(({ state }) => state.name);
    expect(states.toSorted()).toEqual(['parked', 'ready']);
  });

  test('an empty pool says how to fill it', async () => {
    await using serving = await startServing({ accounts: [] });
    const answer = await serving.chat();
    expect(answer.status).toBe(401);
    expect(errorIn(await answer.text())).toMatchObject({ type: 'authentication_error', code: 'no_account' });
  });
});

const writeTool = {
  type: 'function',
  function: {
    name: 'write',
    parameters: { type: 'object', properties: { path: { type: 'string' }, text: { type: 'string' } } },
  },
};

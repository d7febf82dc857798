import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { badRequests } from '../anthropic/bad-requests.ts';
import { readLadder, type Ladder } from '../anthropic/ladder.ts';
import { errorObject } from '../anthropic/wire-schemas.ts';
import { faults, type Fault } from '../emulator/emulator.ts';
import { startProxy } from './own-proxy.ts';
import { serveRefusals } from './refusing.ts';
import { ask, startServing, type Serving } from './serving.ts';
import { readWhole } from './wire.ts';

const request = { model: 'claude-haiku-4-5-20251001', max_tokens: 1_000, stream: true, ...ask('Say exactly hello') };

function post(serving: Serving, body: unknown = request, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return serving.fetch('/v1/messages?beta=true', { method: 'POST', body: text, ...init });
}

/** The error in an answer, which must be Anthropic's object and nothing else. */
async function errorOf(answer: Response): Promise<{ type: string; message: string }> {
  const { error, request_id } = v.parse(errorObject, await answer.json());
  expect(answer.headers.get('request-id')).toBe(request_id);
  return error;
}

async function ladderOf(answer: Response): Promise<Ladder & { isWhole: boolean }> {
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const { text, isWhole } = await readWhole(answer);
  return { ...readLadder(text), isWhole };
}

describe('whoever calls /v1/messages is refused in the words of its API', () => {
  let serving: Serving;
  serveRefusals((started) => {
    serving = started;
  });

  test.each(badRequests)('$name', async ({ body, param, says }) => {
    const answer = await post(serving, JSON.stringify(body));
    expect(answer.status).toBe(400);
    const error = await errorOf(answer);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toContain(says);
    expect(error.message).toContain(param ?? 'The body');
  });

  test.each<[string, string, RequestInit, number, string]>([
    ['a wrong key', '/v1/messages', { headers: { authorization: 'Bearer kp-wrong' } }, 401, 'authentication_error'],
    ['a page', '/v1/messages', { headers: { origin: 'https://example.com' } }, 403, 'permission_error'],
    ['an unknown route', '/v1/messages/batches', {}, 404, 'not_found_error'],
    ['a wrong method', '/v1/messages/count_tokens', { method: 'DELETE', body: null }, 405, 'invalid_request_error'],
    ['no JSON', '/v1/messages/count_tokens', { body: '{"model": ' }, 400, 'invalid_request_error'],
    ['no body', '/v1/messages', { body: '' }, 400, 'invalid_request_error'],
    ['a giant', '/v1/messages', { body: 'x'.repeat(32 * 1024 * 1024 + 1) }, 413, 'invalid_request_error'],
  ])('%s', async (_, path, init, status, type) => {
    const answer = await serving.fetch(path, { method: 'POST', body: JSON.stringify(request), ...init });
    expect(answer.status).toBe(status);
    expect((await errorOf(answer)).type).toBe(type);
    // Claude Code repeats some of them for ever otherwise.
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });
});

describe('when Kiro breaks off', () => {
  let serving: Serving;

  beforeAll(async () => {
    // One frame at a time, so that what came before a fault has surely gone out.
    serving = await startServing({ eventDelayMs: 2 });
  });

  afterAll(() => serving[Symbol.asyncDispose]());

  afterEach(() => serving.emulator.clear());

  test.each<[string, Fault]>([
    ['a reset', { kind: 'reset', afterEvents: 5 }],
    ['half a frame', { kind: 'truncate', afterEvents: 5, midFrame: true }],
    ['an exception', { ...faults.internalErrorMidStream, afterEvents: 5 }],
  ])('by %s, the client gets an error and no end, and its connection is destroyed', async (_, fault) => {
    serving.emulator.inject({ on: 'generate', fault });
    const ladder = await ladderOf(await post(serving, { ...request, ...ask('Stream 20 fragments') }));
    expect(ladder.error?.error.type).toBe('api_error');
    expect(ladder.blocks[0]?.text).toMatch(/^word0 word1 /);
    expect(ladder.stop).toBeUndefined();
    expect(ladder.isWhole).toBe(false);
  });

  test('an answer that is not streamed becomes a 502', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 5 } });
    const answer = await post(serving, { ...request, stream: false, ...ask('Stream 20 fragments') });
    expect(answer.status).toBe(502);
    expect((await errorOf(answer)).type).toBe('api_error');
  });

  test('a silent stream gives pings, and no comments', async () => {
    await using own = await startProxy(serving, { keepAliveMs: 40 });
    serving.emulator.inject({ on: 'generate', fault: { kind: 'stall', ms: 300, afterEvents: 3 } });
    const answer = await fetch(`http://127.0.0.1:${own.port}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': serving.key },
      body: JSON.stringify({ ...request, ...ask('Stream 9 fragments') }),
    });
    const ladder = await ladderOf(answer);
    expect(ladder.pings).toBeGreaterThanOrEqual(3);
    expect(ladder.blocks[0]?.text).toBe('word0 word1 word2 word3 word4 word5 word6 word7 word8 ');
  });

  test('a call that Kiro cut short ends with max_tokens', async () => {
    serving.emulator.script([
      { toolCalls: [{ name: 'write', input: { text: 'x'.repeat(300) } }], truncateToolCall: true },
    ]);
    const tools = [{ name: 'write', input_schema: { type: 'object', properties: { text: { type: 'string' } } } }];
    const ladder = await ladderOf(await post(serving, { ...request, tools }));
    expect(ladder.stop?.stop_reason).toBe('max_tokens');
    expect(ladder.blocks.at(-1)?.text).toMatch(/^\{"text":"x+$/);
  });
});

describe('what Kiro says of an account reaches the client as the status that fits', () => {
  test.each<[string, Fault, number, string, boolean]>([
    ['rate limit', faults.rateLimit, 429, 'rate_limit_error', true],
    ['monthly quota', faults.monthlyQuota, 429, 'rate_limit_error', false],
    ['overloaded model', faults.modelCapacity, 529, 'overloaded_error', true],
    ['bad request', faults.bodyInvalid, 400, 'invalid_request_error', false],
    ['unknown model', faults.invalidModel, 404, 'not_found_error', false],
    ['suspended', faults.suspended, 423, 'permission_error', false],
    ['not authorized', faults.notAuthorized, 403, 'permission_error', false],
  ])('%s', async (_, fault, status, type, mayRetry) => {
    await using serving = await startServing();
    serving.emulator.inject({ on: 'generate', times: 'always', fault });
    const answer = await post(serving);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-should-retry')).toBe(mayRetry ? null : 'false');
    expect(answer.headers.get('retry-after') ?? '').toMatch(status === 429 || mayRetry ? /^[1-9]\d*$/ : /^$/);
    expect((await errorOf(answer)).type).toBe(type);
  });

  test.each([faults.contextOverflow, faults.validationFirst])('an overflow says by how much: %j', async (fault) => {
    await using serving = await startServing();
    serving.emulator.inject({ on: 'generate', fault });
    const answer = await post(serving);
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).message).toMatch(/^prompt is too long: 200001 tokens > 200000 maximum\. /);
  });
});

test('a tool that was left out is told in a header, beside the account', async () => {
  await using serving = await startServing();
  const answer = await post(serving, { ...request, tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] });
  expect(answer.headers.get('x-kiro-pool-warning')).toContain('web_fetch_20250910');
  expect(answer.headers.get('x-kiro-pool-account')).toBe('social-1@example.com');
  expect((await ladderOf(answer)).blocks[0]?.text).toBe('hello');
  const many = Array.from({ length: 500 }, (_, index) => ({ type: `of_tomorrow_${index}`, name: 'a' }));
  expect((await post(serving, { ...request, tools: many })).headers.get('x-kiro-pool-warning')).toHaveLength(1_000);
  serving.checkNothingRefused();
});

test('the history has the tokens, whatever the client was told', async () => {
  await using serving = await startServing();
  await (await post(serving)).text();
  const [newest] = await serving.engine.handlers.requests({ last: 1 });
  expect(newest).toMatchObject({ model: 'claude-haiku-4.5', outcome: 'served' });
});

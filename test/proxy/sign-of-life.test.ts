import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from './own-proxy.ts';
import { ask, startServing, type Serving } from './serving.ts';
import { readStream } from './wire.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing({ eventDelayMs: 10 });
});

afterAll(() => serving[Symbol.asyncDispose]());

describe('a silent stream gives a sign of life', () => {
  test('as comments, which are no part of the answer', async () => {
    await using own = await startProxy(serving, { keepAliveMs: 40 });
    serving.emulator.inject({ on: 'generate', fault: { kind: 'stall', ms: 300, afterEvents: 3 } });
    const stream = await readStream(await own.chat({ stream: true, ...ask('Stream 9 fragments') }));
    expect(stream.comments).toBeGreaterThanOrEqual(3);
    expect(stream.comments).toBeLessThanOrEqual(8);
    expect(stream).toMatchObject({ text: 'word0 word1 word2 word3 word4 word5 word6 word7 word8 ', isDone: true });
  });

  test('and one that speaks gives none', async () => {
    await using own = await startProxy(serving, { keepAliveMs: 400 });
    const stream = await readStream(await own.chat({ stream: true, ...ask('Stream 80 fragments') }));
    expect(stream).toMatchObject({ comments: 0, isDone: true });
  });

  test('and none after it ended or broke', async () => {
    await using own = await startProxy(serving, { keepAliveMs: 1 });
    serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 5 } });
    // The reader refuses anything that comes after the end.
    expect((await readStream(await own.chat({ stream: true, ...ask('Stream 9 fragments') }))).error).toBeDefined();
    expect((await readStream(await own.chat({ stream: true }))).isDone).toBe(true);
  });
});

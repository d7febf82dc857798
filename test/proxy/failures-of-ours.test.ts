import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { StubPool, startProxy } from './own-proxy.ts';
import { startServing, type Serving } from './serving.ts';
import { feedOf } from '../support/feed.ts';
import { errorIn, readStream } from './wire.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});

afterAll(() => serving[Symbol.asyncDispose]());

describe('a bug of ours', () => {
  test('before the answer is a 500 that tells nothing of it, and is reported', async () => {
    const pool = new StubPool(serving, () => Promise.reject(new TypeError('secret inside')));
    await using own = await startProxy(serving, { pool });
    for (const stream of [true, false]) {
      const answer = await own.chat({ stream });
      expect(answer.status).toBe(500);
      const error = errorIn(await answer.text());
      expect(error).toMatchObject({ type: 'server_error', code: 'internal_error' });
      expect(error.message).not.toContain('secret');
    }
    expect(own.bugs).toEqual([new TypeError('secret inside'), new TypeError('secret inside')]);
    expect(own.records.map(({ outcome }) => outcome)).toEqual(['internal', 'internal']);
  });

  test('in the middle of a stream breaks it, and is reported', async () => {
    async function* batches(): AsyncGenerator<readonly TurnEvent[]> {
      yield [{ type: 'text', text: 'half' }];
      throw new TypeError('secret inside');
    }
    const pool = new StubPool(serving, () => Promise.resolve(feedOf(batches())));
    await using own = await startProxy(serving, { pool });
    const stream = await readStream(await own.chat({ stream: true }));
    expect(stream).toMatchObject({ text: 'half', isWhole: false, isDone: false, finishReasons: [] });
    expect(stream.error).toMatchObject({ code: 'internal_error' });
    expect(own.bugs).toEqual([new TypeError('secret inside')]);
  });

  test('an answer without an end is an error, never an answer', async () => {
    async function* batches(): AsyncGenerator<readonly TurnEvent[]> {
      yield [{ type: 'text', text: 'half' }];
    }
    const pool = new StubPool(serving, () => Promise.resolve(feedOf(batches())));
    await using own = await startProxy(serving, { pool });
    const stream = await readStream(await own.chat({ stream: true }));
    expect(stream).toMatchObject({ isWhole: false, finishReasons: [], error: { code: 'broken_stream' } });
    expect((await own.chat()).status).toBe(502);
  });

  test('what comes after the end is not sent, and its source is let go', async () => {
    let isLetGo = false;
    async function* batches(): AsyncGenerator<readonly TurnEvent[]> {
      try {
        yield [{ type: 'text', text: 'whole' }];
        yield [{ type: 'end', reason: 'stop', usage: {} }];
        yield [{ type: 'text', text: 'more' }];
      } finally {
        isLetGo = true;
      }
    }
    const pool = new StubPool(serving, () => Promise.resolve(feedOf(batches())));
    await using own = await startProxy(serving, { pool });
    expect(await readStream(await own.chat({ stream: true }))).toMatchObject({ text: 'whole', isDone: true });
    expect(isLetGo).toBe(true);
  });

  test('in noting a request harms neither its answer nor the process', async () => {
    const bugs: unknown[] = [];
    await using own = await startProxy(serving, {
      onRequest: () => {
        throw new Error('the disk is full');
      },
      onInternalError: (error) => bugs.push(error),
    });
    for (const stream of [true, false]) {
      const answer = await own.chat({ stream });
      expect(answer.status).toBe(200);
      await answer.text();
    }
    expect(bugs).toEqual([new Error('the disk is full'), new Error('the disk is full')]);
  });

  test('in looking up a key is a 500', async () => {
    await using own = await startProxy(serving, {
      keyName: () => {
        throw new RangeError('no keys');
      },
    });
    expect((await own.chat()).status).toBe(500);
    expect(own.bugs).toEqual([new RangeError('no keys')]);
    expect(own.records).toEqual([]);
  });
});

describe('the port', () => {
  test('is the next free one when the wanted one is taken', async () => {
    await using first = await startProxy(serving);
    await using second = await startProxy(serving);
    await second.proxy.stop(0);
    const port = await second.proxy.listen({ host: '127.0.0.1', port: first.port });
    expect(port).toBeGreaterThan(first.port);
    expect(port).toBeLessThanOrEqual(first.port + 20);
  });

  test('of an address that is not ours is an error, and none is left open', async () => {
    await using own = await startProxy(serving);
    await own.proxy.stop(0);
    await expect(own.proxy.listen({ host: '203.0.113.1', port: 0 })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});

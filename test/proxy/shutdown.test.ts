import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { event, faults } from '../emulator/emulator.ts';
import { startProxy, type OwnProxy } from './own-proxy.ts';
import { ask, body, startServing, until, type Serving } from './serving.ts';
import { completionOf, errorIn, readStream, sendRaw } from './wire.ts';

let serving: Serving;
let own: OwnProxy;

beforeEach(async () => {
  serving = await startServing({ eventDelayMs: 5, chunking: 'frames' });
  own = await startProxy(serving);
});

afterEach(async () => {
  await own[Symbol.asyncDispose]();
  await serving[Symbol.asyncDispose]();
});

describe('a server that stops', () => {
  test('lets running answers finish, then ends at once', async () => {
    const streamed = own.chat({ stream: true, ...ask('Stream 60 fragments') });
    const whole = own.chat(ask('Stream 30 fragments'));
    const stream = await streamed;
    const stopped = timed(own.proxy.stop(10_000));
    expect(await readStream(stream)).toMatchObject({ isWhole: true, isDone: true, finishReasons: ['stop'] });
    expect((await completionOf(await whole)).choices[0].message.content).toContain('word29');
    expect(await stopped).toBeLessThan(2_000);
    expect(own.records.map(({ outcome }) => outcome)).toEqual(['served', 'served']);
  });

  test('does not cut an answer that a slow client is still reading', async () => {
    const size = 15_000_000;
    serving.emulator.script([{ events: [event('assistantResponseEvent', { content: 'x'.repeat(size) })] }]);
    const socket = connect(own.port, '127.0.0.1');
    let received = 0;
    let tail = '';
    socket.on('data', (piece: Buffer) => {
      received += piece.length;
      tail = (tail + piece.toString('latin1')).slice(-400);
    });
    socket.write(post(serving.key, body()));
    await once(socket, 'data');
    socket.pause();
    await sleep(50);
    const stopped = own.proxy.stop(10_000);
    await sleep(50);
    socket.resume();
    await once(socket, 'close');
    await stopped;
    expect(received).toBeGreaterThan(size);
    expect(tail).toMatch(/"estimated":true\}\}$/);
  });

  test('tells those that take too long why, and counts them as ended by us', async () => {
    const stream = await own.chat({ stream: true, ...ask('Stream 2000 fragments') });
    serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const waiting = own.chat();
    await until(() => serving.turns().length === 2, 'both are under way');
    const stopped = timed(own.proxy.stop(50));
    const read = await readStream(stream);
    expect(read).toMatchObject({ isWhole: false, isDone: false, finishReasons: [] });
    expect(read.error).toMatchObject({ type: 'server_error', code: 'shutting_down' });
    const refused = await waiting;
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(errorIn(await refused.text()).code).toBe('shutting_down');
    expect(await stopped).toBeLessThan(1_000);
    expect(own.records.map(({ outcome }) => outcome)).toEqual(['shutting-down', 'shutting-down']);
    await until(() => serving.turns().every(({ aborted }) => aborted), 'nothing goes on upstream');
  });

  test('does not wait for a client that does not read', async () => {
    serving.emulator.script([{ text: Array.from({ length: 200 }, () => 'x'.repeat(320_000)) }]);
    const socket = connect(own.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(post(serving.key, body({ stream: true })));
    await once(socket, 'data');
    socket.pause();
    await until(async () => {
      const sent = serving.turns()[0]?.bytes;
      await sleep(50);
      return sent === serving.turns()[0]?.bytes;
    }, 'the stream stands still');
    expect(await timed(own.proxy.stop(50))).toBeLessThan(1_000);
    expect(own.records.map(({ outcome }) => outcome)).toEqual(['shutting-down']);
    expect(own.bugs).toEqual([]);
    socket.destroy();
  });

  test('is not held up by connections that carry no request', async () => {
    const sockets = ['', 'GET /health HTTP/1.1\r\nhost: loc', 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n'].map(
      (bytes) => {
        const socket = connect(own.port, '127.0.0.1', () => socket.write(bytes));
        socket.on('error', () => {});
        return socket.resume();
      },
    );
    await sleep(50);
    expect(await timed(own.proxy.stop(10_000))).toBeLessThan(500);
    await until(() => sockets.every(({ readyState }) => readyState !== 'open'), 'all are closed');
  });

  test('takes no new connection, and no new request on an old one', async () => {
    const stream = await own.chat({ stream: true, ...ask('Stream 40 fragments') });
    const socket = connect(own.port, '127.0.0.1');
    let text = '';
    socket.on('data', (piece: Buffer) => (text += piece.toString()));
    socket.on('error', () => {});
    await once(socket, 'connect');
    const half = post(serving.key, body());
    socket.write(half.slice(0, 60));
    await sleep(20);
    const stopped = own.proxy.stop(10_000);
    await expect(sendRaw(own.port, ['GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n'])).resolves.toMatchObject({
      status: 0,
    });
    socket.write(half.slice(60));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toMatch(/\r\nConnection: close\r\n/);
    expect(text).toContain('"code":"shutting_down"');
    expect((await readStream(stream)).isDone).toBe(true);
    await stopped;
    expect(serving.turns()).toHaveLength(1);
  });

  test('may be stopped again, and before it ever listened', async () => {
    await own.proxy.stop(0);
    await own.proxy.stop(0);
    const other = await startProxy(serving);
    expect(await timed(Promise.all([other.proxy.stop(0), other.proxy.stop(10_000)]))).toBeLessThan(500);
  });
});

async function timed(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return performance.now() - startedAt;
}

function post(key: string, content: string): string {
  return [
    'POST /v1/chat/completions HTTP/1.1',
    'host: localhost',
    `x-api-key: ${key}`,
    `content-length: ${Buffer.byteLength(content)}`,
    '',
    content,
  ].join('\r\n');
}

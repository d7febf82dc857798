import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { ask, body, startServing, until, type Serving } from './serving.ts';

let serving: Serving;

afterEach(() => serving[Symbol.asyncDispose]());

describe('a client that leaves ends the upstream call at once', () => {
  beforeEach(async () => {
    serving = await startServing({ eventDelayMs: 5 });
  });

  const long = ask('Stream 2000 fragments');

  test('in the middle of a stream', async () => {
    const leaving = new AbortController();
    const answer = await serving.chat({ stream: true, ...long }, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    expect(await aborted()).toEqual(['client-left']);
  });

  test('while it waits for an answer that is not streamed', async () => {
    const leaving = new AbortController();
    const answer = serving.chat(long, { signal: leaving.signal });
    await until(() => serving.turns().some(({ events }) => events > 3), 'the answer is coming');
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(await aborted()).toEqual(['client-left']);
  });

  test.each([true, false])('before the first byte came (stream: %s)', async (stream) => {
    serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const leaving = new AbortController();
    const answer = serving.chat({ stream }, { signal: leaving.signal });
    await until(() => serving.turns().length === 1, 'the request reached Kiro');
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(await aborted()).toEqual(['client-left']);
  });

  test('while the stream is silent', async () => {
    serving.emulator.inject({ on: 'generate', fault: { kind: 'stall', afterEvents: 3 } });
    const leaving = new AbortController();
    const answer = await serving.chat({ stream: true, ...long }, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    expect(await aborted()).toEqual(['client-left']);
  });

  test('while we wait before a second try', async () => {
    serving.emulator.inject({ on: 'generate', times: 'always', fault: faults.internalError });
    const leaving = new AbortController();
    const answer = serving.chat({}, { signal: leaving.signal });
    await until(() => serving.turns().length === 1, 'the first try failed');
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await until(async () => (await outcomes()).length === 1, 'the request is over');
    // The pause before the second try is 500 ms.
    await sleep(600);
    expect(serving.turns()).toHaveLength(1);
    expect(await outcomes()).toEqual(['client-left']);
  });

  test.each(['reset', 'half-close'])('by a %s of its socket', async (how) => {
    const socket = connect(serving.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(post(body({ stream: true, ...long })));
    await new Promise((resolve) => socket.once('data', resolve));
    if (how === 'reset') socket.resetAndDestroy();
    else socket.end();
    expect(await aborted()).toEqual(['client-left']);
    socket.destroy();
  });

  test('in the middle of its own request: nothing reaches Kiro', async () => {
    const socket = connect(serving.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(post(body()).slice(0, -10));
    await sleep(20);
    socket.destroy();
    await sleep(20);
    expect(serving.turns()).toEqual([]);
    expect(serving.log.filter((line) => line.includes('proxy.failure'))).toEqual([]);
  });

  /** What the history says once the one upstream call was aborted. */
  async function aborted(): Promise<string[]> {
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted', 500);
    await until(async () => (await outcomes()).length === 1, 'the request is in the history');
    return outcomes();
  }
});

describe('a client that reads slowly', () => {
  beforeEach(async () => {
    serving = await startServing({ chunking: 'frames' });
  });

  test('holds up the upstream, not the memory, and gets everything in the end', async () => {
    const line = `${'x'.repeat(16_000)} `;
    const count = 3_000;
    serving.emulator.script([{ text: Array.from({ length: count }, () => line) }]);
    const socket = connect(serving.port, '127.0.0.1');
    socket.write(post(body({ stream: true })));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const before = process.memoryUsage().rss;
    await until(
      async () => {
        const sent = upstreamBytes();
        await sleep(100);
        return sent === upstreamBytes();
      },
      'the upstream stands still',
      15_000,
    );
    const held = upstreamBytes();
    // Both sockets' buffers are the kernel's; of 48 MB most has to be still unsent.
    expect(held).toBeLessThan(24_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    expect(serving.turns()[0]?.aborted).toBe(false);
    let size = 0;
    let tail = '';
    socket.on('data', (piece: Buffer) => {
      size += piece.length;
      tail = (tail + piece.toString('latin1')).slice(-200);
    });
    socket.resume();
    await until(() => tail.includes('data: [DONE]'), 'the whole answer', 15_000);
    expect(size).toBeGreaterThan(count * line.length * 0.9);
    socket.destroy();
  });

  test('and then leaves, ends the upstream call', async () => {
    serving.emulator.script([{ text: Array.from({ length: 3_000 }, () => `${'x'.repeat(16_000)} `) }]);
    const socket = connect(serving.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(post(body({ stream: true })));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    await sleep(200);
    socket.destroy();
    await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted', 500);
    expect(upstreamBytes()).toBeLessThan(24_000_000);
  });

  function upstreamBytes(): number {
    return serving.turns()[0]?.bytes ?? 0;
  }
});

async function outcomes(): Promise<string[]> {
  return (await serving.engine.handlers.requests({ last: 10 })).map(({ outcome }) => outcome);
}

function post(content: string): string {
  return [
    'POST /v1/chat/completions HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${serving.key}`,
    `content-length: ${Buffer.byteLength(content)}`,
    '',
    content,
  ].join('\r\n');
}

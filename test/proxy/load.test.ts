import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Turn } from '../emulator/brain-types.ts';
import { ask, body, startServing, until, type Serving } from './serving.ts';
import { readStream } from './wire.ts';

let serving: Serving;

afterEach(() => serving[Symbol.asyncDispose]());

describe('under load', () => {
  test('200 streams at once are all whole, and none gets a word of another', async () => {
    serving = await startServing({ accounts: [{ kind: 'social' }, { kind: 'builder-id' }], brain: echoing });
    const streams = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const answer = await serving.chat({ stream: true, ...ask(`client-${index}`) });
        return readStream(answer);
      }),
    );
    for (const [index, stream] of streams.entries()) {
      expect(stream).toMatchObject({ isWhole: true, isDone: true, finishReasons: ['stop'] });
      expect(stream.text).toBe(wordsOf(`client-${index}`).join(''));
    }
    expect(new Set(streams.map(({ chunks }) => chunks[0]?.id)).size).toBe(200);
    const { requests } = serving.engine.handlers;
    const outcomes = (await requests({ last: 300 })).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(Array.from({ length: 200 }, () => 'served'));
  });

  test('1,000 clients that come and leave at once leave nothing behind', async () => {
    serving = await startServing({ brain: echoing, eventDelayMs: 20 });
    await (await serving.chat()).text();
    const before = openSockets();
    const whole = request(body({ stream: true, ...ask('leaving') }));
    for (let wave = 0; wave < 10; wave += 1) {
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          // Some say nothing, some half a request, some all of it.
          const bytes = [whole.slice(0, 0), whole.slice(0, 70), whole.slice(0, -5), whole][index % 4] ?? '';
          await comeAndLeave(bytes, index % 3 === 0);
        }),
      );
    }
    await until(() => openSockets() <= before + 8, `of ${openSockets()} sockets only ${before} stay`);
    expect(serving.turns().length).toBeGreaterThan(100);
    await until(async () => {
      const events = eventsSent();
      await sleep(100);
      return events === eventsSent();
    }, 'nothing goes on upstream');
    // An answer takes 800 ms, so hardly one was whole before its client left.
    expect(serving.turns().filter(({ aborted }) => aborted).length).toBeGreaterThan(serving.turns().length * 0.9);
    expect((await readStream(await serving.chat({ stream: true, ...ask('staying') }))).isDone).toBe(true);
    expect(serving.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  function eventsSent(): number {
    return serving.turns().reduce((sum, { events }) => sum + events, 0);
  }

  async function comeAndLeave(bytes: string, isReset: boolean): Promise<void> {
    const socket = connect(serving.port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise<void>((resolve) => {
      socket.once('connect', () => {
        socket.write(bytes, () => {
          if (isReset) socket.resetAndDestroy();
          else socket.destroy();
        });
      });
      socket.once('close', () => resolve());
    });
  }

  function request(content: string): string {
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${serving.key}\r\n`;
    return `${head}content-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
  }
});

function echoing(turn: Turn): { text: readonly string[] } {
  return { text: wordsOf(turn.text) };
}

function wordsOf(name: string): string[] {
  return Array.from({ length: 40 }, (_, index) => `${name}:${index} é👍 `);
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

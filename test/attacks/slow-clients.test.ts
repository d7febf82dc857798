/** Clients that open connections and take their time (slow-loris). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionLimits } from '../../app/proxy/connections.ts';
import { startProxy } from '../proxy/own-proxy.ts';
import { startServing, until, type Serving } from '../proxy/serving.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});

afterAll(() => serving[Symbol.asyncDispose]());

/** As in the app, but shorter, so that no test waits. */
const short = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 10 };

const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n';

function open(port: number, first = ''): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  if (first !== '') socket.write(first);
  return socket;
}

describe('a client that dribbles', () => {
  test.each([
    ['nothing at all', () => ''],
    ['half a request line', () => 'GET /v1/mo'],
    ['headers, one by one', () => `${head}x-a: 1\r\n`],
    ['a body, byte by byte', (key: string) => `${head}x-api-key: ${key}\r\ncontent-length: 1000\r\n\r\n{`],
    ['chunks, one by one', (key: string) => `${head}x-api-key: ${key}\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n`],
  ])('is cut off when its time is up, and costs no other client anything: %s', async (_what, first) => {
    await using own = await startProxy(serving, { limits: short });
    const begun = first(serving.key);
    const socket = open(own.port, begun);
    const closed = once(socket, 'close');
    const dribble = setInterval(() => begun !== '' && socket.write('1'), 5);
    try {
      expect((await own.chat()).status).toBe(200);
      await closed;
    } finally {
      clearInterval(dribble);
    }
    expect((await own.chat()).status).toBe(200);
    expect(own.bugs).toEqual([]);
  });

  test('is another than one that waits for an answer longer than a request may take', async () => {
    await using own = await startProxy(serving, { limits: short });
    serving.emulator.inject({ on: 'generate', fault: { kind: 'stall', ms: 2 * short.requestTimeout } });
    const answer = own.chat({ stream: true });
    await once(open(own.port, 'GET /v1/mo'), 'close');
    expect(await (await answer).text()).toContain('data: [DONE]');
  });
});

describe('more connections than there is room for', () => {
  test('end the oldest that carry no request: whoever asks is served', async () => {
    await using own = await startProxy(serving, { limits: { most: 20 } });
    const idle = Array.from({ length: 200 }, () => open(own.port));
    const closed = (): number => idle.filter((socket) => socket.closed).length;
    await until(() => closed() >= 180, 'the oldest are gone');
    expect((await own.chat()).status).toBe(200);
    expect(idle.at(-1)?.closed).toBe(false);
    for (const socket of idle) socket.destroy();
  });

  test('end no request that is being answered: the newest waits outside', async () => {
    await using own = await startProxy(serving, { limits: { most: 2 } });
    const before = serving.turns().length;
    serving.emulator.inject({ on: 'generate', times: 2, fault: { kind: 'stall', ms: 200 } });
    const answers = [own.chat(), own.chat()];
    await until(() => serving.turns().length === before + 2, 'both are being answered');
    await once(open(own.port), 'close');
    for (const answer of answers) expect((await answer).status).toBe(200);
  });

  test('are far more than any machine of one person opens', () => {
    expect(connectionLimits.most).toBeGreaterThan(2_000);
    expect(connectionLimits.headersTimeout).toBeLessThanOrEqual(30_000);
  });
});

/** Small things that would grow large, from clients and from a hostile Kiro. */
import { createServer, type ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createTransport, type Transport } from '../../app/kiro/transport.ts';
import { serveRefusals } from '../proxy/refusing.ts';
import { body, type Serving } from '../proxy/serving.ts';
import { errorIn } from '../proxy/wire.ts';

let serving: Serving;

serveRefusals((started) => {
  serving = started;
});

const bomb = Buffer.alloc(64 * 1024 * 1024, 0x20);

describe('a request', () => {
  test.each([
    ['gzip', () => gzipSync(bomb)],
    ['br', () => brotliCompressSync(bomb)],
    ['zstd', () => zstdCompressSync(bomb)],
    ['deflate', () => deflateSync(bomb)],
    ['gzip, gzip', () => gzipSync(gzipSync(bomb))],
    ['identity, gzip', () => gzipSync(bomb)],
    ['x-gzip', () => gzipSync(bomb)],
  ])('that is compressed is not unpacked: %s', async (encoding, pack) => {
    const before = process.memoryUsage().rss;
    const answer = await post(pack(), { 'content-encoding': encoding });
    expect(answer.error.param).toBe('content-encoding');
    expect(process.memoryUsage().rss - before).toBeLessThan(bomb.length * 4);
  });

  test.each([
    ['a million members', `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":0`).join()}}`, 'model'],
    ['one member a million times', `{${'"model":1,'.repeat(1_000_000)}"model":2}`, 'model'],
    ['members that would be prototypes', '{"__proto__":{"model":"auto"},"constructor":{"prototype":{"x":1}}}', 'model'],
    ['a number beyond all numbers', body({ max_tokens: 0 }).replace(':0', ':1e999'), 'max_tokens'],
    ['a number of a million digits', body({ max_tokens: 0 }).replace(':0', `:${'9'.repeat(1_000_000)}`), 'max_tokens'],
    ['a million messages', body({ messages: [] }).replace('[]', `[${'0,'.repeat(1_000_000)}0]`), 'messages[0]'],
  ])('is refused with %s, and pollutes nothing', async (_what, text, param) => {
    const answer = await post(text, {});
    expect(answer.error.param ?? '').toContain(param);
    expect(answer.error.message.length).toBeLessThan(500);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'model')).toBeUndefined();
  });
});

describe('an answer of a hostile Kiro', () => {
  test('that is compressed is not unpacked', async () => {
    const packed = gzipSync(bomb);
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    });
    const answer = await upstream.transport.send({ method: 'GET', url: upstream.url, headers: {} });
    expect(answer.text.length).toBeLessThanOrEqual(packed.length);
  });

  test.each(['send', 'open'] as const)('without end is read no further than is allowed: %s', async (how) => {
    let hasLeft = false;
    await using upstream = await startUpstream((response) => {
      const piece = Buffer.alloc(256 * 1024, 0x61);
      const write = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', write).on('close', () => (hasLeft = true));
      write();
    });
    const request = { method: 'GET', url: upstream.url, headers: {} } as const;
    const text =
      how === 'send'
        ? (await upstream.transport.send(request)).text
        : await (await upstream.transport.open(request)).text();
    expect(text.length).toBeLessThan(10 * 1024 * 1024);
    await expect.poll(() => hasLeft).toBe(true);
  });

  test('with headers without end is no answer', async () => {
    await using upstream = await startUpstream((response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\n${'x-a: 1234567890\r\n'.repeat(100_000)}`);
    });
    const sent = upstream.transport.send({ method: 'GET', url: upstream.url, headers: {} });
    await expect(sent).rejects.toThrow('No answer from');
  });

  test.each([301, 302, 303, 307, 308])(
    'that points elsewhere is not followed, least of all with the token: %d',
    async (status) => {
      const asked: (string | undefined)[] = [];
      await using elsewhere = await startUpstream((response) => {
        asked.push(response.req.headers.authorization);
        response.end('caught');
      });
      await using upstream = await startUpstream((response) => {
        response.writeHead(status, { location: elsewhere.url }).end('moved');
      });
      const headers = { authorization: 'Bearer secret' };
      const answer = await upstream.transport.send({ method: 'POST', url: upstream.url, headers, body: '{}' });
      expect(answer).toMatchObject({ status, text: 'moved' });
      expect(asked).toEqual([]);
    },
  );
});

async function post(content: string | Buffer, headers: Record<string, string>) {
  const answer = await serving.fetch('/v1/chat/completions', {
    method: 'POST',
    body: typeof content === 'string' ? content : new Uint8Array(content),
    headers,
  });
  expect(answer.status).toBe(400);
  return { error: errorIn(await answer.text()) };
}

interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly transport: Transport;
}

async function startUpstream(answer: (response: ServerResponse) => void): Promise<Upstream> {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const transport = createTransport({ userAgent: 'kiro-pool/test' });
  return {
    url: `http://127.0.0.1:${address.port}/`,
    transport,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await transport.close();
    },
  };
}

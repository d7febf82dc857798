import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Taken } from '../../app/conversation/feed.ts';
import { proxyFailure } from '../../app/kiro/proxy-failure.ts';
import { createTransport, TransportError, type Transport, type TransportOptions } from '../../app/kiro/transport.ts';
import { itemsOf } from '../support/feed.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
}

function transport(options: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ userAgent: 'kiro-pool/9', ...options });
  opened.push(() => made.close());
  return made;
}

/** A proxy that sends whatever is asked of it to one port, and remembers what was asked. */
async function proxy(target: number): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const { server, port } = await serve((incoming, response) => {
    asked.push(`GET ${incoming.url ?? ''}`);
    forward({ port: target, host: '127.0.0.1', path: '/' }, (answer) => answer.pipe(response)).end();
  });
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on('error', () => {});
    opened.push(() => upstream.destroy());
  });
  return { port, asked };
}
const get = (url: string): { method: 'GET'; url: string; headers: object & Record<string, string> } => ({
  method: 'GET',
  url,
  headers: {},
});

describe('proxies', () => {
  it.each([
    ['the environment, small letters', (url: string) => ({ env: { http_proxy: url } })],
    ['the environment, capitals', (url: string) => ({ env: { HTTP_PROXY: url, NO_PROXY: 'other.test' } })],
    ['the environment, without a scheme', (url: string) => ({ env: { HTTP_PROXY: url.replace('http://', '') } })],
    ['the setting', (url: string) => ({ proxyUrl: url })],
  ])('%s', async (_name, options) => {
    const target = await serve((_request, response) => response.end('through'));
    const { port, asked } = await proxy(target.port);
    const answer = await transport(options(`http://127.0.0.1:${port}`)).send(get('http://kiro.test/'));
    expect([answer.status, answer.text]).toEqual([200, 'through']);
    expect(asked.join()).toContain('kiro.test');
  });

  it.each(['kiro.test', '*', 'x,.test'])('NO_PROXY=%s goes past it', async (NO_PROXY) => {
    const { port, asked } = await proxy(1);
    const sent = transport({ env: { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY } }).send(
      get('http://kiro.test:1/'),
    );
    await expect(sent).rejects.toBeInstanceOf(TransportError);
    expect(asked).toEqual([]);
  });

  it('HTTPS goes through a tunnel, and one that is refused delivered nothing', async () => {
    const target = await serve(() => {});
    const { port, asked } = await proxy(target.port);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
    await expect(transport({ env }).send(get('https://kiro.test/'))).rejects.toBeInstanceOf(TransportError);
    expect(asked).toEqual(['CONNECT kiro.test:443']);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    [
      'refuses',
      (socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
      'lets nothing through to kiro.test (403)',
    ],
    [
      'wants to know who asks',
      (socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
      'wants a user name and a password (407)',
    ],
    ['hangs up', (socket) => void socket.destroy(), 'closed the connection to kiro.test'],
  ])('one that %s is named as the one at fault, and nothing was sent', async (_name, answer, words) => {
    const { server, port } = await serve(() => {});
    server.on('connect', (_incoming: IncomingMessage, socket: Socket) => answer(socket.on('error', () => {})));
    for (const options of [
      { proxyUrl: `http://me:secret@127.0.0.1:${port}` },
      { env: { HTTPS_PROXY: `127.0.0.1:${port}` } },
    ]) {
      const error: unknown = await transport(options)
        .send(get('https://kiro.test/'))
        .catch((cause: unknown) => cause);
      expect(error).toMatchObject({ message: `The proxy at 127.0.0.1:${port} ${words}`, sent: false });
    }
  });

  it.each([
    ['127.0.0.1:1', 'ECONNREFUSED'],
    ['proxy.invalid:3128', 'E(?:NOTFOUND|AI_AGAIN)'],
  ])('one at %s that is not there is named, and not the host behind it', async (at, code) => {
    const sent = transport({ env: { HTTPS_PROXY: at } }).send(get('https://kiro.test/'));
    await expect(sent).rejects.toThrow(new RegExp(`^The proxy at ${at} does not answer \\(${code}\\)$`));
  });

  it.each([
    ['http://proxy.test', 80],
    ['https://proxy.test', 443],
    ['http://proxy.test:3128', 3128],
  ])('one at %s that refuses the connection is known by its port', (url, port) => {
    const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect', port });
    const { host } = new URL(url);
    expect(proxyFailure(new URL(url), 'kiro.test', refused)).toBe(
      `The proxy at ${host} does not answer (ECONNREFUSED)`,
    );
    expect(proxyFailure(new URL(url), 'kiro.test', Object.assign(refused, { port: port + 1 }))).toBeUndefined();
  });

  it.each(['127.0.0.1', 'localhost', '127.0.0.2'])('%s never goes through one', async (host) => {
    const { server, port: target } = await serve((_request, response) => response.end('direct'));
    expect(server.listening).toBe(true);
    const { port, asked } = await proxy(1);
    const url = `http://127.0.0.1:${port}`;
    for (const options of [{ proxyUrl: url }, { env: { HTTP_PROXY: url, HTTPS_PROXY: url } }]) {
      await transport(options)
        .send(get(`http://${host}:${target}/`))
        .catch(() => {});
    }
    expect(asked).toEqual([]);
  });
});

it('our name goes with every request, whoever else is named', async () => {
  const { port } = await serve((incoming, response) => response.end(incoming.headers['user-agent']));
  const answer = await transport().send({ ...get(`http://127.0.0.1:${port}/`), headers: { 'user-agent': 'other' } });
  expect(answer.text).toBe('kiro-pool/9');
});

it('a connection is used again once its answer was read, a stream’s too', async () => {
  const ports = new Set<number | undefined>();
  const { port } = await serve((incoming, response) => {
    ports.add(incoming.socket.remotePort);
    response.end('x'.repeat(100_000));
  });
  const ours = transport();
  for (let turn = 0; turn < 5; turn += 1) {
    await ours.send(get(`http://127.0.0.1:${port}/`));
    const stream = await ours.open(get(`http://127.0.0.1:${port}/`));
    expect(Buffer.concat(await itemsOf(stream))).toHaveLength(100_000);
  }
  // Ten requests; a second connection may open while the end of an answer is still on its way.
  expect(ports.size).toBeLessThanOrEqual(2);
});

describe('a request without an answer says whether it may have been heard', () => {
  it.each([
    ['nobody listens', 'http://127.0.0.1:1/secret?arn=secret', false],
    ['no such name', 'http://kiro.invalid/secret', false],
  ])('%s', async (_name, url, isSent) => {
    const error: unknown = await transport()
      .send(get(url))
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: 'TransportError', sent: isSent });
    expect(String(error)).not.toContain('secret');
  });

  it('the connection broke', async () => {
    const { port } = await serve((incoming) => incoming.socket.destroy());
    await expect(transport().send(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({ sent: true });
  });

  it('the head took too long', async () => {
    const { port } = await serve(() => {});
    const sent = transport().send({ ...get(`http://127.0.0.1:${port}/`), headTimeoutMs: 50 });
    await expect(sent).rejects.toMatchObject({ sent: true });
  });

  it('an abort is the caller’s own reason', async () => {
    const { port } = await serve(() => {});
    const reason = new Error('left');
    await expect(
      transport().send({ ...get(`http://127.0.0.1:${port}/`), signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

it('an error text without end is read to a bound only', async () => {
  const { port } = await serve((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
    };
    response.on('drain', more);
    response.on('error', () => {});
    more();
  });
  const stream = await transport().open(get(`http://127.0.0.1:${port}/`));
  expect((await stream.text()).length).toBeLessThan(2 * 1024 * 1024);
});

describe('a body', () => {
  /** An endless one; `sent` counts what the other side could write of it, `closed` resolves when it was left. */
  async function endless(): Promise<{ url: string; sent: () => number; closed: Promise<void> }> {
    const closed = Promise.withResolvers<void>();
    let sent = 0;
    const { port } = await serve((_request, response) => {
      const more = (): void => {
        let mayWrite = true;
        while (mayWrite && !response.destroyed) {
          mayWrite = response.write(Buffer.alloc(65_536));
          sent += 65_536;
        }
      };
      response.on('drain', more);
      response.on('error', () => {});
      response.on('close', () => closed.resolve());
      more();
    });
    return { url: `http://127.0.0.1:${port}/`, sent: () => sent, closed: closed.promise };
  }
  /** Resolves once a number has stopped growing. */
  async function settled(value: () => number): Promise<number> {
    for (let last = -1; ;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (value() === last) return last;
      last = value();
    }
  }

  it('that nobody takes, or that is taken slowly, is not read from its socket', async () => {
    const { url, sent } = await endless();
    const stream = await transport().open(get(url));
    const untaken = await settled(sent);
    let taken = 0;
    const slow = Promise.withResolvers<undefined>();
    const whole = stream.each((piece) => {
      taken += piece.length;
      if (taken > 64 * 1024 * 1024) return 'enough';
      return taken < 32 * 1024 * 1024 ? undefined : slow.promise;
    });
    const held = await settled(sent);
    expect(held).toBeGreaterThan(untaken);
    expect(held - taken).toBeLessThan(16 * 1024 * 1024);
    slow.resolve(undefined);
    expect(await whole).toBe(false);
  });

  it('is let go by whoever has enough of it', async () => {
    const { url, closed } = await endless();
    const stream = await transport().open(get(url));
    expect(await stream.each((): Promise<Taken> => Promise.resolve('enough'))).toBe(false);
    await closed;
  });

  it.each<[string, () => Promise<undefined>]>([
    [
      'at once',
      () => {
        throw new Error('full');
      },
    ],
    ['later', () => Promise.reject(new Error('full'))],
  ])('is let go by whoever cannot take it, %s', async (_when, take) => {
    const { url, closed } = await endless();
    const stream = await transport().open(get(url));
    await expect(stream.each(take)).rejects.toThrow('full');
    await closed;
  });

  it('is left at once when its signal is aborted, whatever is still being taken', async () => {
    const { url, closed } = await endless();
    const left = new AbortController();
    const stream = await transport().open({ ...get(url), signal: left.signal });
    const whole = stream.each(() => Promise.withResolvers<undefined>().promise);
    left.abort(new Error('gone'));
    await expect(whole).rejects.toThrow('gone');
    await closed;
  });

  it('is whole for a slow taker although the other side has closed meanwhile', async () => {
    const { port } = await serve((_request, response) => {
      response.writeHead(200, { connection: 'close' });
      for (let piece = 0; piece < 40; piece += 1) response.write(Buffer.alloc(1_000, piece));
      response.end();
    });
    const stream = await transport().open(get(`http://127.0.0.1:${port}/`));
    const pieces: Buffer[] = [];
    const isWhole = await stream.each(async (piece) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      pieces.push(piece);
      return undefined;
    });
    expect(isWhole).toBe(true);
    const bytes = Buffer.concat(pieces);
    expect(bytes).toEqual(Buffer.concat(Array.from({ length: 40 }, (_, piece) => Buffer.alloc(1_000, piece))));
  });

  it('is given once for each reading from the socket, however many chunks came in it', async () => {
    const { port } = await serve((_request, response) => {
      // Node sends what is written in one turn together.
      for (let piece = 0; piece < 400; piece += 1) response.write('0123456789');
      response.end();
    });
    const stream = await transport().open(get(`http://127.0.0.1:${port}/`));
    const pieces = await itemsOf(stream);
    expect(Buffer.concat(pieces).toString()).toBe('0123456789'.repeat(400));
    expect(pieces.length).toBeLessThan(10);
  });

  it('that breaks off is an error of the network', async () => {
    const { port } = await serve((_request, response) => {
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const stream = await transport().open(get(`http://127.0.0.1:${port}/`));
    await expect(stream.each(() => undefined)).rejects.toMatchObject({ name: 'TransportError', sent: true });
  });
});

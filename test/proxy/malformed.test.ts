import { describe, expect, test } from 'vitest';
import { serveRefusals } from './refusing.ts';
import type { Serving } from './serving.ts';
import { errorIn, sendRaw } from './wire.ts';

let serving: Serving;

serveRefusals((started) => {
  serving = started;
});

describe('what is no HTTP is refused in words and the connection closed', () => {
  const start = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n';
  const smuggled = 'GET /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n';

  test.each([
    [
      'two lengths: content-length and chunked',
      `${start}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'chunked and content-length',
      `${start}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two content-lengths', `${start}content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef`],
    ['a list of content-lengths', `${start}content-length: 5, 5\r\n\r\nabcde`],
    ['a negative content-length', `${start}content-length: -1\r\n\r\n`],
    ['a content-length in hex', `${start}content-length: 0x10\r\n\r\n`],
    ['a folded header', `${start}x-folded: a\r\n b\r\ncontent-length: 2\r\n\r\n{}`],
    ['a space before the colon', `${start}content-length : 2\r\n\r\n{}`],
    ['line feeds alone', 'GET /v1/models HTTP/1.1\nhost: localhost\n\n'],
    ['a NUL in a header', `${start}x-nul: a\0b\r\n\r\n`],
    ['a bare carriage return in a header', `${start}x-cr: a\rhost: evil\r\n\r\n`],
    ['a path with control characters', 'GET /v1/\u0001models HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['TLS', Buffer.from('16030100f8010000f40303', 'hex')],
    ['nonsense', 'hello\r\n\r\n'],
    ['HTTP/2 by prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    const answer = await sendRaw(serving.port, [bytes]);
    expect(answer).toMatchObject({ status: 400, isClosed: true });
    expect(errorIn(answer.body)).toMatchObject({ type: 'invalid_request_error' });
    expect(answer.body.split('HTTP/1.1')).toHaveLength(1);
  });

  test.each([
    ['one header of 20 kB', `x-long: ${'a'.repeat(20_000)}\r\n`],
    ['3,000 headers', 'x: 12345\r\n'.repeat(3_000)],
    ['headers without end', 'x: 12345\r\n'.repeat(100_000)],
  ])('a flood of headers: %s', async (_, headers) => {
    const answer = await sendRaw(serving.port, [`GET /health HTTP/1.1\r\nhost: localhost\r\n${headers}`]);
    expect(answer).toMatchObject({ status: 431, isClosed: true });
    expect(errorIn(answer.body).message).toContain('headers');
  });

  test('a path of 20 kB', async () => {
    const answer = await sendRaw(serving.port, [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`]);
    expect(answer.status).toBe(431);
  });

  test('a body whose chunks are none, after its head was taken', async () => {
    const key = `x-api-key: ${serving.key}\r\n`;
    const answer = await sendRaw(serving.port, [`${start}${key}transfer-encoding: chunked\r\n\r\n`, 'zz\r\nhello\r\n']);
    expect(answer).toMatchObject({ status: 400, isClosed: true });
    expect(errorIn(answer.body).type).toBe('invalid_request_error');
  });

  test('this is no proxy: CONNECT, and a URL with a host of its own', async () => {
    const connect = await sendRaw(serving.port, ['CONNECT evil.example:443 HTTP/1.1\r\nhost: localhost\r\n\r\n']);
    expect(connect.status).toBe(405);
    const absolute = await sendRaw(serving.port, [
      `GET http://evil.example/v1/models HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${serving.key}\r\n\r\n`,
    ]);
    expect(absolute.status).toBe(404);
    const asterisk = await sendRaw(serving.port, [
      `OPTIONS * HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${serving.key}\r\n\r\n`,
    ]);
    expect(asterisk.status).toBe(404);
  });

  test('an upgrade or an odd expectation is served as if it had not been asked for', async () => {
    for (const header of [
      'connection: upgrade\r\nupgrade: websocket',
      'connection: upgrade, http2-settings\r\nupgrade: h2c',
    ]) {
      expect((await get([`x-api-key: ${serving.key}`, header])).status).toBe(200);
    }
    expect((await get([`x-api-key: ${serving.key}`, 'expect: the-unexpected'])).status).toBe(200);
  });
});

describe('a connection outlives a refusal', () => {
  test('a hundred bad requests and a good one over one connection', async () => {
    const bad = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${serving.key}\r\ncontent-length: 4\r\n\r\nnull`;
    const good = `GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
    const { head, body } = await sendRaw(serving.port, [`${bad.repeat(100)}${good}`], { untilClosed: true });
    const statuses = `${head}\n${body}`.match(/(?<=HTTP\/1\.1 )\d{3}/g);
    expect(statuses).toEqual([...Array.from({ length: 100 }, () => '400'), '200']);
  });
});

function get(headers: readonly string[], { host = 'localhost', path = '/v1/models' } = {}) {
  return sendRaw(serving.port, [[`GET ${path} HTTP/1.1`, `host: ${host}`, ...headers, '', ''].join('\r\n')]);
}

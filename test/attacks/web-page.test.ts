/** A hostile page in the user's browser, beside what test/proxy/guard.test.ts and test/ui/guard.test.ts try already. */
import { describe, expect, test } from 'vitest';
import { serveRefusals } from '../proxy/refusing.ts';
import { body, type Serving } from '../proxy/serving.ts';
import { errorIn, sendRaw, type RawAnswer } from '../proxy/wire.ts';

let serving: Serving;

serveRefusals((started) => {
  serving = started;
});

describe('a name that is pointed at this machine', () => {
  test.each([
    'localhost.',
    '127.0.0.1.',
    'localhost.evil.example',
    'localhost%00.evil.example',
    'localhost/',
    'localhost#',
    'localhost, evil.example',
    '127.0.0.1:8788:evil.example',
    '[::ffff:127.0.0.1]',
    '[::1].evil.example',
    '[::]',
    '[fe80::1%25lo]',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0',
  ])('is refused, although it resembles loopback: Host: %s', async (host) => {
    const answer = await get('/v1/models', [`host: ${host}`, key()]);
    expect(answer.status).toBe(403);
    expect(errorIn(answer.body).code).toBe('forbidden');
  });

  test('does not come in by a request line of its own', async () => {
    const target = 'http://evil.example/v1/models';
    const foreign = await get(target, ['host: evil.example', key()]);
    expect(foreign.status).toBe(403);
    for (const path of [
      target,
      'http://evil.example/health',
      'http://127.0.0.1/v1/models',
      '//evil.example/v1/models',
    ]) {
      expect((await get(path, ['host: localhost', key()])).status).toBe(404);
    }
  });
});

describe('a page of another site', () => {
  test.each([
    ['a picture or a script', 'cross-site', 'no-cors'],
    ['a link', 'cross-site', 'navigate'],
    ['another port of this machine', 'same-site', 'no-cors'],
  ])('cannot even see whether we are here: %s', async (_what, site, mode) => {
    for (const path of ['/health', '/v1/models', '/nothing']) {
      const answer = await serving.fetch(path, { headers: { 'sec-fetch-site': site, 'sec-fetch-mode': mode } });
      expect(answer.status).toBe(403);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('a person who opens the address is no other site', async () => {
    const headers = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' };
    expect((await serving.fetch('/health', { headers })).status).toBe(200);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json'])(
    'gets no form through that needs no preflight: %s',
    async (type) => {
      for (const origin of ['https://evil.example', 'null']) {
        const headers = { origin, 'content-type': type };
        const answer = await serving.chat({}, { headers, body: body() });
        expect(answer.status).toBe(403);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );

  test.each(['https://evil.example', 'null'])('opens no WebSocket: Origin: %s', async (origin) => {
    const handshake = [
      'host: localhost',
      `origin: ${origin}`,
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    for (const path of ['/v1/responses', '/v1/models', '/ui/events', '/']) {
      expect((await get(path, handshake)).status).toBe(403);
    }
  });

  test('gets no preflight answered, whatever it asks for', async () => {
    for (const asked of ['authorization', 'x-api-key', 'authorization,content-type', '*']) {
      const answer = await fetch(`${serving.url}/v1/chat/completions`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': asked,
          'access-control-request-private-network': 'true',
        },
      });
      expect(answer.status).toBe(403);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

const key = (): string => `x-api-key: ${serving.key}`;

function get(path: string, headers: readonly string[]): Promise<RawAnswer> {
  return sendRaw(serving.port, [[`GET ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n')]);
}

import { describe, expect, test } from 'vitest';
import { serveRefusals } from './refusing.ts';
import { body, type Serving } from './serving.ts';
import { errorIn, sendRaw } from './wire.ts';

let serving: Serving;

serveRefusals((started) => {
  serving = started;
});

describe('only who has the key comes in', () => {
  test.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer kp-wrong' }],
    ['a wrong x-api-key', { 'x-api-key': 'kp-wrong' }],
    ['an empty bearer', { authorization: 'Bearer ' }],
    ['a scheme that is not Bearer', { authorization: 'Basic a3A6a3A=' }],
    ['a key without scheme', { authorization: 'kp-wrong' }],
    ['a bearer of two words', { authorization: 'Bearer kp wrong' }],
  ])('%s is a 401', async (_, headers: Record<string, string>) => {
    for (const [path, method] of [
      ['/v1/chat/completions', 'POST'],
      ['/v1/models', 'GET'],
      ['/v1/nothing', 'GET'],
      ['/metrics', 'GET'],
    ] as const) {
      const answer = await fetch(`${serving.url}${path}`, {
        method,
        headers,
        ...(method === 'POST' && { body: body() }),
      });
      expect(answer.status).toBe(401);
      expect(errorIn(await answer.text())).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' });
    }
  });

  test.each([
    ['Bearer', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['bearer', (key: string) => ({ authorization: `bearer ${key}` })],
    ['BEARER and spaces', (key: string) => ({ authorization: `BEARER   ${key} ` })],
    ['x-api-key', (key: string) => ({ 'x-api-key': key })],
    ['x-api-key beside another scheme', (key: string) => ({ 'x-api-key': key, authorization: 'Basic a3A6a3A=' })],
  ])('the key is taken as %s', async (_, headersWith) => {
    const answer = await fetch(`${serving.url}/v1/models`, { headers: headersWith(serving.key) });
    expect(answer.status).toBe(200);
  });

  test('the key is not taken from the query, nor twice', async () => {
    expect((await fetch(`${serving.url}/v1/models?api_key=${serving.key}`)).status).toBe(401);
    const twice = await get(['x-api-key: kp-wrong', `x-api-key: ${serving.key}`]);
    expect(twice.status).toBe(401);
  });

  test('who has no key is told in words where it goes, and how to see it', async () => {
    const { message } = errorIn(await (await fetch(`${serving.url}/v1/models`)).text());
    expect(message).toBe(
      'This endpoint needs its key: as a bearer token ("Authorization"), or as "x-api-key". See it: kiro-pool key show',
    );
  });

  test('health needs no key and tells nothing', async () => {
    const answer = await fetch(`${serving.url}/health`);
    expect(await answer.json()).toEqual({ status: 'ok' });
  });
});

describe('no web page gets at the endpoint', () => {
  test.each([
    ['a name that points at this machine', 'evil.example'],
    ['the same with our port', 'evil.example:8788'],
    ['a name that begins like loopback', '127.0.0.1.evil.example'],
    ['a name that ends like loopback', 'evil-127.0.0.1'],
    ['another address', '192.168.1.5'],
    ['every address', '0.0.0.0'],
    ['a user in front', 'localhost@evil.example'],
    ['a port that is none', 'localhost:evil.example'],
    ['an empty one', ''],
  ])('Host: %s is refused', async (_, host) => {
    for (const path of ['/v1/models', '/health']) {
      const answer = await get([`x-api-key: ${serving.key}`], { host, path });
      expect(answer.status).toBe(403);
      expect(errorIn(answer.body)).toMatchObject({ code: 'forbidden' });
    }
  });

  test.each(['127.0.0.1', 'localhost:1', 'LocalHost', '127.1.2.3:65535', '[::1]:8788', '[::1]'])(
    'Host: %s is this machine',
    async (host) => {
      expect((await get([`x-api-key: ${serving.key}`], { host })).status).toBe(200);
    },
  );

  test('there must be one Host', async () => {
    const none = await sendRaw(serving.port, [`GET /v1/models HTTP/1.1\r\nx-api-key: ${serving.key}\r\n\r\n`]);
    const two = await get([`x-api-key: ${serving.key}`, 'host: evil.example']);
    for (const answer of [none, two]) {
      expect(answer.status).toBe(400);
      expect(errorIn(answer.body)).toMatchObject({ param: 'host' });
    }
  });

  test.each(['https://evil.example', 'null', 'http://localhost:3000', 'http://127.0.0.1', 'file://'])(
    'Origin: %s is refused, also in a preflight',
    async (origin) => {
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await serving.fetch('/v1/models', { method, headers: { origin } });
        expect(answer.status).toBe(403);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(errorIn(await answer.text()).code).toBe('forbidden');
      }
    },
  );

  test('an origin that the user allowed gets through, one that looks like it does not', async () => {
    const origin = 'https://chat.example';
    await serving.engine.handlers['settings.set']({ key: 'allowedOrigins', value: origin });
    try {
      const preflight = await fetch(`${serving.url}/v1/chat/completions`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
      expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization, *');
      expect(preflight.headers.get('vary')).toBe('origin');
      const models = await serving.fetch('/v1/models', { headers: { origin } });
      expect(models.status).toBe(200);
      expect(models.headers.get('access-control-allow-origin')).toBe(origin);
      expect(models.headers.get('access-control-expose-headers')).toContain('x-request-id');
      const refused = await fetch(`${serving.url}/v1/models`, { headers: { origin } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
      for (const other of [`${origin}.evil.example`, 'http://chat.example', `${origin}:8443`, 'https://CHAT.example']) {
        expect((await serving.fetch('/v1/models', { headers: { origin: other } })).status).toBe(403);
      }
    } finally {
      await serving.engine.handlers['settings.set']({ key: 'allowedOrigins', value: '' });
    }
  });

  test('what a header of a stranger is repeated of is harmless', async () => {
    const answer = await get([], { host: `${'\u001b[31m'.repeat(3)}${'x'.repeat(300)}` }).catch(() => undefined);
    expect(answer?.body).not.toContain('\u001b');
    expect(answer?.body.length).toBeLessThan(400);
  });
});

describe('what is not there says so', () => {
  test.each([
    ['/', 404],
    ['/v1', 404],
    ['/v1/chat/completions/', 404],
    ['/v1/chat', 404],
    ['/V1/models', 404],
    ['/v1/completions', 404],
    ['/v1/embeddings', 404],
    ['/__proto__', 404],
    ['/constructor', 404],
    ['//v1/models', 404],
    ['/v1/models/no-such-model', 404],
    ['/v1/models/', 404],
    ['/v1/models/%ff', 404],
    ['/v1/models/__proto__', 404],
    [`/${'x'.repeat(1_000)}`, 404],
  ])('GET %.50s', async (path, status) => {
    const answer = await serving.fetch(path);
    expect(answer.status).toBe(status);
    const error = errorIn(await answer.text());
    expect(error.code).toBe(path.startsWith('/v1/models/') ? 'model_not_found' : 'unknown_url');
    expect(error.param).toBe(path.startsWith('/v1/models/') ? 'model' : null);
    expect(error.message.length).toBeLessThan(300);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/v1/chat/completions', 'POST'],
    ['OPTIONS', '/v1/chat/completions', 'POST'],
    ['POST', '/v1/models', 'GET'],
    ['PUT', '/v1/models/auto', 'GET'],
  ])('%s %s is a wrong method', async (method, path, allowed) => {
    const answer = await serving.fetch(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allowed);
    expect(errorIn(await answer.text()).code).toBe('method_not_allowed');
  });

  test('a query does not change the route', async () => {
    expect((await serving.fetch('/v1/models?limit=5&beta=true')).status).toBe(200);
  });
});

function get(headers: readonly string[], { host = 'localhost', path = '/v1/models' } = {}) {
  return sendRaw(serving.port, [[`GET ${path} HTTP/1.1`, `host: ${host}`, ...headers, '', ''].join('\r\n')]);
}

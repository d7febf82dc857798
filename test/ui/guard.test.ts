import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../app/contract.ts';
import { controlContract } from '../../app/control/control-contract.ts';
import { sendRaw } from '../proxy/wire.ts';
import { askUi, pathOf, send, startUi, type UiServing } from './ui-serving.ts';

let ui: UiServing;
let cookie: string;

beforeAll(async () => {
  ui = await startUi();
  cookie = await ui.signIn();
});

afterAll(() => ui[Symbol.asyncDispose]());

const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  send({ port: ui.port, path, method, headers: { cookie, ...headers } });

describe('a link', () => {
  test('opens once: it gives a session that pages and scripts of others never get, and leads to the screens', async () => {
    const link = pathOf(ui.engine.uiLink());
    const first = await send({ port: ui.port, path: link });
    expect(first).toMatchObject({ status: 303, headers: { location: '/ui/' } });
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^kiro-pool-\d+=[\w-]{43}; Path=\/ui; HttpOnly; SameSite=Strict$/),
    ]);
    const second = await send({ port: ui.port, path: link });
    expect(second).toMatchObject({ status: 403, text: expect.stringContaining('kiro-pool ui') });
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('that is followed on another site takes a step on a page of ours, since a strict cookie does not outlive a redirect', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const answer = await send({ port: ui.port, path: pathOf(ui.engine.uiLink()), headers });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('content="0; url=/ui/"') });
    expect(answer.headers['set-cookie']).toHaveLength(1);
  });

  test('is void after five minutes', async () => {
    const link = pathOf(ui.engine.uiLink());
    const later = pathOf(ui.engine.uiLink());
    ui.now += 5 * 60_000 - 1;
    expect((await send({ port: ui.port, path: link })).status).toBe(303);
    ui.now += 1;
    expect((await send({ port: ui.port, path: later })).status).toBe(403);
  });

  test('has a code that cannot be guessed: 128 bits, none twice', () => {
    const codes = Array.from({ length: 50 }, () => new URL(ui.engine.uiLink()).searchParams.get('code') ?? '');
    expect(new Set(codes).size).toBe(50);
    for (const code of codes) expect(Buffer.from(code, 'base64url')).toHaveLength(16);
  });

  test.each(['/ui/open', '/ui/open?code=', '/ui/open?code=AAAAAAAAAAAAAAAAAAAAAA', '/ui/open?cod=x'])(
    'without its code opens nothing: %s',
    async (path) => {
      const answer = await send({ port: ui.port, path });
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  test('is not used up by a look at its head', async () => {
    const link = pathOf(ui.engine.uiLink());
    expect((await send({ port: ui.port, path: link, method: 'HEAD' })).status).toBe(404);
    expect((await send({ port: ui.port, path: link })).status).toBe(303);
  });
});

describe('sessions', () => {
  test('are bounded: the oldest ends when there are too many', async () => {
    await using other = await startUi();
    const cookies: string[] = [];
    for (let count = 0; count < 17; count += 1) cookies.push(await other.signIn());
    const statuses = await Promise.all(
      cookies.map(async (each) => (await send({ port: other.port, path: '/ui/', headers: { cookie: each } })).status),
    );
    expect(statuses).toEqual([401, ...Array.from({ length: 16 }, () => 200)]);
  });

  test('are of one process: a session of another opens nothing', async () => {
    await using other = await startUi();
    const [, id] = (await other.signIn()).split('=');
    const [name] = cookie.split('=');
    expect((await get('/ui/', { cookie: `${name}=${id}` })).status).toBe(401);
  });

  test.each(['', 'kiro-pool-0=x', 'other=1', 'kiro-pool=;;;=', 'a=b; '.repeat(200)])(
    'are asked for everywhere: the cookie "%s" opens nothing',
    async (wrong) => {
      for (const path of ['/ui', '/ui/', '/ui/index.html', '/ui/assets/index-1.js', '/ui/events']) {
        const answer = await get(path, { cookie: wrong });
        expect(answer).toMatchObject({ status: 401, text: expect.stringContaining('kiro-pool ui') });
      }
      const asked = await askUi(ui, wrong, 'status');
      expect(asked.status).toBe(401);
      expect(JSON.parse(asked.text)).toMatchObject({ ok: false, error: { code: 'no-session' } });
    },
  );

  test('and keys open different doors', async () => {
    expect((await get('/v1/models')).status).toBe(401);
    const asKey = await get('/v1/models', { authorization: `Bearer ${cookie.split('=')[1]}` });
    expect(asKey.status).toBe(401);
    for (const headers of [{ authorization: `Bearer ${ui.key}` }, { 'x-api-key': ui.key }]) {
      expect((await get('/ui/', { ...headers, cookie: '' })).status).toBe(401);
      expect((await askUi(ui, '', 'status', {}, headers)).status).toBe(401);
    }
    const [name] = cookie.split('=');
    expect((await get('/ui/', { cookie: `${name}=${ui.key}` })).status).toBe(401);
  });
});

describe('strangers', () => {
  test.each([
    ['evil.example', 'a name that somebody points at this machine'],
    ['127.0.0.1.evil.example', 'one that looks like it'],
    ['192.168.1.5', 'an address that is not loopback'],
  ])('who call us by the Host "%s", %s, are refused, even with a session or a link', async (host) => {
    expect((await get('/ui/', { host })).status).toBe(403);
    expect((await get('/ui/events', { host })).status).toBe(403);
    const link = pathOf(ui.engine.uiLink());
    const opened = await get(link, { host });
    expect(opened.status).toBe(403);
    expect(opened.headers['set-cookie']).toBeUndefined();
    expect((await askUi(ui, cookie, 'status', {}, { host, origin: `http://${host}` })).status).toBe(403);
    expect((await get(link)).status).toBe(303);
  });

  test.each(['127.0.0.1:1234', 'localhost:9', '[::1]:80', 'localhost'])(
    'are not those whose port is forwarded from their own machine: %s',
    async (host) => {
      expect((await get('/ui/', { host })).status).toBe(200);
      expect((await askUi(ui, cookie, 'status', {}, { host, origin: `http://${host}` })).status).toBe(200);
    },
  );

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:5173', 'http://localhost', 'https://127.0.0.1'])(
    'from the page %s can neither ask nor listen nor load',
    async (origin) => {
      expect((await askUi(ui, cookie, 'endpoint.pause', { isPaused: true }, { origin })).status).toBe(403);
      for (const path of ['/ui/', '/ui/events', '/ui/assets/index-1.js']) {
        expect((await get(path, { origin })).status).toBe(403);
      }
      expect(ui.engine.live.current().endpoint.isPaused).toBe(false);
    },
  );

  test.each(['cross-site', 'same-site'])(
    'that a browser calls %s are refused, but for a link that is followed',
    async (site) => {
      const headers = { 'sec-fetch-site': site };
      expect((await askUi(ui, cookie, 'status', {}, headers)).status).toBe(403);
      expect((await get('/ui/events', { ...headers, 'sec-fetch-mode': 'cors' })).status).toBe(403);
      expect((await get('/ui/assets/index-1.js', { ...headers, 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
      const followed = await get(pathOf(ui.engine.uiLink()), { ...headers, 'sec-fetch-mode': 'navigate' });
      expect(followed.headers['set-cookie']).toHaveLength(1);
      const posted = { ...headers, 'sec-fetch-mode': 'navigate' };
      expect((await askUi(ui, cookie, 'status', {}, posted)).status).toBe(403);
    },
  );

  test('who do not say where they come from, or send a form, change nothing', async () => {
    const common = { cookie, 'content-type': 'application/json' };
    const noOrigin = await send({ port: ui.port, path: '/ui/api/status', method: 'POST', headers: common, body: '{}' });
    expect(noOrigin.status).toBe(403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      expect((await askUi(ui, cookie, 'status', {}, { 'content-type': type })).status).toBe(403);
    }
  });

  test.each([
    ['no', ''],
    ['an empty', 'Host: \r\n'],
    ['a second', 'Host: 127.0.0.1\r\nHost: evil.example\r\n'],
  ])('who send %s Host are refused', async (_what, hosts) => {
    const { status } = await sendRaw(ui.port, [
      `GET /ui/ HTTP/1.1\r\n${hosts}Cookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    ]);
    expect(status).toBe(403);
  });

  test('on other machines are refused where the endpoint is open to them', async () => {
    await using lan = await startUi('0.0.0.0');
    expect(lan.engine.uiLink()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ui\/open/);
    const session = await lan.signIn();
    expect((await send({ port: lan.port, path: '/ui/', headers: { cookie: session } })).status).toBe(200);
    const host = `pool.lan:${lan.port}`;
    expect((await send({ port: lan.port, path: '/ui/', headers: { cookie: session, host } })).status).toBe(403);
  });
});

describe('what may be asked', () => {
  const secret = Object.keys(controlContract).filter((question) => !Object.hasOwn(contract, question));

  test('is nothing that has a secret in it', async () => {
    expect(secret).toEqual(expect.arrayContaining(['keys.show', 'keys.create', 'accounts.addKey', 'backup.create']));
    for (const question of secret) {
      const input = { name: 'default', key: 'ksk_x', passphrase: 'correct horse battery', text: '' };
      const reply: unknown = JSON.parse((await askUi(ui, cookie, question, input)).text);
      expect(reply).toMatchObject({ ok: false, error: { code: 'unknown-question' } });
    }
    expect(ui.engine.parts.keys.list()).toHaveLength(1);
  });

  test.each(['__proto__', 'constructor', 'toString', '', 'status/', 'status%00', '../api/status', 'desktop.quit'])(
    'is no question named "%s"',
    async (name) => {
      const reply: unknown = JSON.parse((await askUi(ui, cookie, name)).text);
      expect(reply).toMatchObject({ ok: false, error: { code: 'unknown-question' } });
    },
  );

  test('is checked: a wrong input, no JSON, or too much of it is told in words', async () => {
    const wrong = await askUi(ui, cookie, 'endpoint.pause', { isPaused: 'yes' });
    expect(JSON.parse(wrong.text)).toMatchObject({ ok: false, error: { code: 'wrong-input' } });
    const headers = { cookie, origin: `http://127.0.0.1:${ui.port}`, 'content-type': 'application/json' };
    for (const body of ['{"isPaused":', `"${'x'.repeat(2_000_000)}"`]) {
      const answer = await send({ port: ui.port, path: '/ui/api/endpoint.pause', method: 'POST', headers, body });
      expect(JSON.parse(answer.text)).toMatchObject({ ok: false, error: { code: 'wrong-input' } });
    }
  });
});

describe('what may be loaded', () => {
  test.each([
    '/ui/../secret.txt',
    '/ui/..%2fsecret.txt',
    '/ui/..%2Fsecret.txt',
    '/ui/%2e%2e/secret.txt',
    '/ui/..%5csecret.txt',
    '/ui/..\\secret.txt',
    '/ui//etc/passwd',
    '/ui/./index.html',
    '/ui/assets/../index.html',
    '/ui/assets',
    '/ui/assets/',
    '/ui/index.html%00.js',
    '/ui/notes.txt',
    '/ui/nothing',
  ])('is no path that leads elsewhere: %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('beside the screens');
  });

  test.each(['/uix', '/u', '/UI/', '/%75i/'])(
    'is nothing beside /ui: %s is the endpoint’s, which wants its key',
    async (path) => {
      expect((await get(path)).status).toBe(401);
    },
  );

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST'])('is not changed: %s is refused', async (method) => {
    for (const path of ['/ui/', '/ui/events', '/ui/open?code=x']) {
      const answer = await get(path, {}, method);
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
    expect((await get('/ui/api/status', {}, 'GET')).status).toBe(405);
  });

  test('comes with headers that keep it to itself, refused or not', async () => {
    const answers = [
      await get('/ui/'),
      await get('/ui/assets/index-1.js'),
      await get('/ui/nothing'),
      await get('/ui/', { cookie: '' }),
      await get('/ui/', { host: 'evil.example' }),
      await askUi(ui, cookie, 'status'),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none';.*connect-src 'self';.*frame-ancestors 'none'$/,
        ),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect(answers[0]?.headers['cache-control']).toBe('no-store');
    expect(answers[1]?.headers['cache-control']).toContain('immutable');
  });
});

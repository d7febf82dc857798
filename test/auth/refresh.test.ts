import { inspect } from 'node:util';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { AuthError } from '../../app/auth/auth-error.ts';
import type { RotatingCredential } from '../../app/auth/credential.ts';
import { fork, tokenHash } from '../../app/auth/fork.ts';
import { refresh } from '../../app/auth/refresh.ts';
import { kiroEndpoints } from '../../app/kiro/endpoints.ts';
import { TransportError, type HttpRequest } from '../../app/kiro/transport.ts';
import { logins, noon, secretsOfLogins } from './credentials.ts';
import { fixture, scriptedTransport, type Scripted } from './scripted-transport.ts';

const exchange = v.object({
  request: v.object({
    method: v.string(),
    url: v.string(),
    headers: v.record(v.string(), v.string()),
    body: v.optional(v.record(v.string(), v.string())),
    form: v.optional(v.record(v.string(), v.string())),
  }),
  response: v.object({ status: v.number(), body: v.record(v.string(), v.unknown()) }),
});

function refreshWith(credential: RotatingCredential, ...script: Scripted[]) {
  const transport = scriptedTransport(...script);
  const result = refresh(credential, { transport, endpoints: kiroEndpoints, now: () => noon });
  return { transport, result };
}

async function failureOf(promise: Promise<unknown>): Promise<AuthError> {
  const error: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof AuthError) return error;
  throw new Error('expected an AuthError', { cause: error });
}

function bodyOf(request: HttpRequest | undefined): unknown {
  const body = String(request?.body);
  return body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
}

describe('a refresh is what the service expects, for each kind', () => {
  const cases = [
    ['refresh_social.json', 'social'],
    ['refresh_oidc.json', 'identity-center'],
    ['refresh_external_idp.json', 'external-idp'],
  ] as const;

  test.each(cases)('%s', async (name, kind) => {
    const { request, response } = v.parse(exchange, fixture(name));
    const sent = request.body ?? request.form ?? {};
    const base = logins[kind];
    const credential: RotatingCredential = {
      ...base,
      refreshToken: sent['refreshToken'] ?? sent['refresh_token'] ?? '',
      ...('clientSecret' in base ? { clientSecret: sent['clientSecret'] ?? '' } : {}),
      ...('tokenEndpoint' in base ? { tokenEndpoint: request.url, scopes: sent['scope'] ?? '' } : {}),
    };
    const { transport, result } = refreshWith(credential, response);
    const fresh = await result;
    expect(transport.sent).toHaveLength(1);
    expect(transport.sent[0]).toMatchObject({ method: request.method, url: request.url, headers: request.headers });
    expect(bodyOf(transport.sent[0])).toEqual(sent);
    const lifeSeconds = Number(response.body['expiresIn'] ?? response.body['expires_in']);
    expect(fresh).toEqual({
      ...credential,
      accessToken: response.body['accessToken'] ?? response.body['access_token'],
      refreshToken: response.body['refreshToken'] ?? response.body['refresh_token'],
      expiresAt: noon + lifeSeconds * 1000,
    });
  });

  test('Builder ID goes to the region of sign-in, not to that of the API', async () => {
    const { transport, result } = refreshWith(
      { ...logins['identity-center'], ssoRegion: 'ap-southeast-1' },
      { body: { accessToken: 'new' } },
    );
    await result;
    expect(transport.sent[0]?.url).toBe('https://oidc.ap-southeast-1.amazonaws.com/token');
  });

  test('an external IdP is always asked to keep the login alive offline', async () => {
    const { transport, result } = refreshWith(
      { ...logins['external-idp'], scopes: 'openid  email' },
      { body: { access_token: 'new' } },
    );
    await result;
    expect(bodyOf(transport.sent[0])).toMatchObject({ scope: 'openid email offline_access' });
  });
});

describe('what the answer leaves out stays as it was', () => {
  test.each(Object.values(logins))('$kind', async (login) => {
    const { result } = refreshWith(login, { body: { accessToken: 'new', unknown: { member: 1 } } });
    expect(await result).toEqual({ ...login, accessToken: 'new', expiresAt: noon + 3_600_000 });
  });

  test('members that are no use count as left out', async () => {
    const { result } = refreshWith(logins.social, {
      body: { accessToken: 'new', refreshToken: '', expiresIn: 'x', profileArn: 'arn:aws:s3:::bucket' },
    });
    expect(await result).toEqual({ ...logins.social, accessToken: 'new', expiresAt: noon + 3_600_000 });
  });

  test('the profile that all Builder IDs share is not taken for an own one', async () => {
    const profileArn = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX';
    const { result } = refreshWith(logins['builder-id'], { body: { accessToken: 'new', profileArn } });
    expect(await result).not.toHaveProperty('profileArn');
  });
});

const refusals = v.parse(
  v.array(
    v.object({
      kind: v.picklist(['oidc', 'social']),
      status: v.number(),
      body: v.optional(v.unknown()),
      body_text: v.optional(v.string()),
      content_type: v.optional(v.string()),
      meaning: v.string(),
    }),
  ),
  fixture('refresh_errors.json'),
);

describe('a refusal means for the login what protocol §2.4 says', () => {
  test.each(refusals)('$status $kind: $meaning', async ({ kind, status, body, body_text, content_type, meaning }) => {
    const login = kind === 'oidc' ? logins['builder-id'] : logins.social;
    const { result, transport } = refreshWith(login, {
      status,
      ...(body_text === undefined ? { body } : { text: body_text }),
      headers: { 'content-type': content_type ?? 'application/json' },
    });
    const isTransient = /back off|transient/.test(meaning);
    expect((await failureOf(result)).code).toBe(isTransient ? 'retry-later' : 'rejected');
    expect(transport.sent).toHaveLength(1);
  });

  test.each([
    [
      'an AWS exception in a header',
      400,
      { message: 'x' },
      { 'x-amzn-errortype': 'SlowDownException:http' },
      'retry-later',
    ],
    ['an AWS exception in the body', 400, { __type: 'com.amazonaws.sso#ExpiredTokenException' }, {}, 'rejected'],
    ['a disabled account', 403, { message: 'Forbidden' }, {}, 'rejected'],
    ['a client that ended', 401, { error: 'invalid_client' }, {}, 'rejected'],
    ['a page of a proxy', 401, { page: 1 }, { 'content-type': 'text/html; charset=utf-8' }, 'retry-later'],
    ['a redirect', 302, {}, { location: 'https://evil.example/' }, 'retry-later'],
    ['a wrong path', 404, { message: 'Not Found' }, {}, 'retry-later'],
    ['a service that is down', 503, {}, {}, 'retry-later'],
  ] as const)('%s', async (_name, status, body, headers, code) => {
    const { result, transport } = refreshWith(logins['builder-id'], { status, body, headers });
    expect((await failureOf(result)).code).toBe(code);
    expect(transport.sent).toHaveLength(1);
  });

  test.each([
    ['seconds', '17', 17_000],
    ['a date', new Date(noon + 90_000).toUTCString(), 90_000],
    ['rubbish', 'later', undefined],
  ])('a throttled refresh says how long to wait: %s', async (_name, value, expected) => {
    const { result } = refreshWith(logins.social, { status: 429, headers: { 'retry-after': value } });
    expect(await failureOf(result)).toMatchObject({ code: 'retry-later', retryAfterMs: expected });
  });

  test('no answer at all leaves the login as good as before', async () => {
    const down = new TransportError('No answer from host (ECONNREFUSED)', false, undefined);
    const { result } = refreshWith(logins.social, () => down);
    expect(await failureOf(result)).toMatchObject({ code: 'retry-later', cause: down });
  });

  test.each(['{"tokenType":"Bearer"}', '{"accessToken":""}', '<html>Sign in to the Wi-Fi</html>', ''])(
    'a 200 without an access token is a failure: %s',
    async (text) => {
      const { result } = refreshWith(logins.social, { text });
      expect((await failureOf(result)).code).toBe('retry-later');
    },
  );
});

describe('a refresh token goes only where it belongs', () => {
  const to = (tokenEndpoint: string, replaced = false) => {
    const transport = scriptedTransport({ body: { access_token: 'new' } });
    const endpoints = { ...kiroEndpoints, replaced };
    const ports = { transport, endpoints, now: () => noon };
    return { transport, result: refresh({ ...logins['external-idp'], tokenEndpoint }, ports) };
  };

  test.each([
    'https://login.microsoftonline.com/t/oauth2/v2.0/token',
    'https://login.microsoftonline.us/t/oauth2/v2.0/token',
    'https://login.partner.microsoftonline.cn/t/oauth2/v2.0/token',
    'https://acme.okta.com/oauth2/v1/token',
    'https://acme.oktapreview.com/oauth2/v1/token',
    'https://acme.okta-emea.com/oauth2/v1/token',
  ])('allowed: %s', async (url) => {
    expect((await to(url).result).accessToken).toBe('new');
  });

  test.each([
    'http://login.microsoftonline.com/t/token',
    'https://login.microsoftonline.com.evil.example/t/token',
    'https://login.microsoftonline.com:8443/t/token',
    'https://user@login.microsoftonline.com/t/token',
    'https://evilokta.com/token',
    'https://okta.com.evil.example/token',
    'https://evil.example/token?x=login.microsoftonline.com',
    'https://127.0.0.1/token',
    'http://127.0.0.1:9/token',
    'file:///etc/passwd',
    'no url',
  ])('refused before anything is sent: %s', async (url) => {
    const { result, transport } = to(url);
    expect((await failureOf(result)).code).toBe('forbidden-host');
    expect(transport.sent).toHaveLength(0);
  });

  test('loopback is allowed only while the endpoints are replaced', async () => {
    expect((await to('http://127.0.0.1:9/token', true).result).accessToken).toBe('new');
    expect((await failureOf(to('http://10.0.0.1:9/token', true).result)).code).toBe('forbidden-host');
  });
});

test('an abort that comes after the request left does not lose the answer', async () => {
  const controller = new AbortController();
  const transport = scriptedTransport({ body: { accessToken: 'new', refreshToken: 'rotated' } });
  const ports = { transport, endpoints: kiroEndpoints, now: () => noon };
  const result = refresh(logins.social, ports, controller.signal);
  controller.abort();
  expect((await result).refreshToken).toBe('rotated');
  await expect(refresh(logins.social, ports, controller.signal)).rejects.toThrow('aborted');
  expect(transport.sent).toHaveLength(1);
});

describe('no secret gets into an error', () => {
  const echo = `{"error":"${secretsOfLogins[1]}","error_description":"${secretsOfLogins.join(' ')}","code":"Bad"}`;
  test.each([
    ...[200, 302, 400, 401, 403, 404, 429, 500].map((status) => ({ status, text: echo })),
    { status: 200, text: `{"accessToken" ${secretsOfLogins.join(' ')}` },
    { status: 400, text: secretsOfLogins.join(' ') },
  ])('$status', async ({ status, text }) => {
    for (const login of Object.values(logins)) {
      const failure = inspect(await failureOf(refreshWith(login, { status, text }).result), {
        depth: null,
        showHidden: true,
      });
      for (const secret of secretsOfLogins) expect(failure).not.toContain(secret);
    }
  });
});

test('a fork gives a chain of its own and leaves a hash to remember the old token by', async () => {
  const transport = scriptedTransport({ body: { accessToken: 'new', refreshToken: 'RT-B' } });
  const forked = await fork(logins.social, { transport, endpoints: kiroEndpoints, now: () => noon });
  expect(forked.refreshToken).toBe('RT-B');
  expect(tokenHash(logins.social.refreshToken)).toMatch(/^[0-9a-f]{64}$/);
  expect(tokenHash(logins.social.refreshToken)).not.toBe(tokenHash(forked.refreshToken));
});

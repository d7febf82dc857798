import { describe, expect, it } from 'vitest';
import { startEmulator, faults, type Emulator, type Login } from './emulator.ts';
import { stringOf } from './json.ts';
import { generate, get, post, type Reply } from './support.ts';

async function refresh(emulator: Emulator, login: Login, refreshToken = login.refreshToken): Promise<Reply> {
  if (login.kind === 'social') return post(`${emulator.url}/auth.us-east-1/refreshToken`, { refreshToken });
  if (login.kind === 'external-idp') {
    const form = { grant_type: 'refresh_token', client_id: login.clientId ?? '', refresh_token: refreshToken };
    return post(login.tokenEndpoint ?? '', new URLSearchParams(form).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  }
  const { clientId, clientSecret } = login;
  return post(`${emulator.url}/oidc.${login.region}/token`, {
    grantType: 'refresh_token',
    clientId,
    clientSecret,
    refreshToken,
  });
}

const KINDS = ['social', 'builder-id', 'identity-center', 'external-idp'] as const;

describe('refresh tokens', () => {
  it.each(KINDS)('%s: rotate once; reuse revokes the family and is counted', async (kind) => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind });
    const login = account.newLogin();
    const other = account.newLogin();
    const rotated = await refresh(emulator, login);
    expect(rotated.status).toBe(200);
    const next = stringOf(rotated.body['refreshToken'] ?? rotated.body['refresh_token']);
    const accessToken = stringOf(rotated.body['accessToken'] ?? rotated.body['access_token']);
    expect(next).not.toBe(login.refreshToken);
    expect(next.length).toBeGreaterThanOrEqual(100);
    const host = kind === 'builder-id' ? 'q' : 'runtime';
    expect((await generate(emulator, account, { accessToken }, undefined, { host })).status).toBe(200);

    expect((await refresh(emulator, login)).status).toBe(400);
    expect((await refresh(emulator, login, next)).status).toBe(400);
    expect((await generate(emulator, account, { accessToken }, undefined, { host })).status).toBe(403);
    expect((await generate(emulator, account, other, undefined, { host })).status).toBe(200);
    expect(emulator.statistics().reusedRefreshTokens).toBe(1);
    expect(emulator.statistics().accounts[account.id]).toMatchObject({ refreshes: 1, reusedRefreshTokens: 1 });
    for (const secret of [login.refreshToken, next, accessToken]) expect(emulator.issuedSecrets()).toContain(secret);
  });

  it('expire by the clock, and a fresh one works', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const login = account.newLogin();
    emulator.advanceClock(3_600_001);
    const refused = await generate(emulator, account, login);
    expect([refused.status, refused.body['message']]).toEqual([
      403,
      'The bearer token included in the request is invalid.',
    ]);
    const renewed = await refresh(emulator, login);
    expect((await generate(emulator, account, { accessToken: stringOf(renewed.body['accessToken']) })).status).toBe(
      200,
    );
  });

  it('a lost answer has rotated all the same', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const login = account.newLogin();
    const fault = emulator.inject({ on: 'refresh', account: account.id, fault: faults.responseLost });
    await expect(refresh(emulator, login)).rejects.toThrow(/fetch failed|terminated|truncated/i);
    expect(fault.hits).toBe(1);
    expect((await refresh(emulator, login)).status).toBe(400);
    expect(emulator.statistics().accounts[account.id]).toMatchObject({ lostRotations: 1, reusedRefreshTokens: 1 });
  });

  it('are refused in the manner of the endpoint', async () => {
    await using emulator = await startEmulator();
    const builder = emulator.addAccount({ kind: 'builder-id' }).newLogin();
    const external = emulator.addAccount({ kind: 'external-idp' }).newLogin();
    const social = `${emulator.url}/auth.us-east-1/refreshToken`;
    const wrongKind = await post(social, { refreshToken: builder.refreshToken });
    expect([wrongKind.status, wrongKind.body]).toEqual([400, { message: 'Invalid refresh token provided' }]);
    expect((await post(social, { refreshToken: external.refreshToken })).status).toBe(401);

    const token = `${emulator.url}/oidc.us-east-1/token`;
    const { clientId, clientSecret, refreshToken } = builder;
    const form = new URLSearchParams({ grantType: 'refresh_token', refreshToken }).toString();
    const asForm = await post(token, form, { 'content-type': 'application/x-www-form-urlencoded' });
    expect([asForm.status, asForm.body['error']]).toEqual([400, 'invalid_request']);
    const snake = await post(token, {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    });
    expect(snake.body['error']).toBe('invalid_request');
    const stranger = await post(token, { grantType: 'refresh_token', clientId: 'x', clientSecret, refreshToken });
    expect([stranger.status, stranger.body['error']]).toEqual([401, 'invalid_client']);
    const elsewhere = await post(`${emulator.url}/oidc.eu-west-1/token`, {
      grantType: 'refresh_token',
      clientId,
      clientSecret,
      refreshToken,
    });
    expect(elsewhere.status).toBe(401);
    expect((await post(external.tokenEndpoint ?? '', { refresh_token: external.refreshToken })).body['error']).toBe(
      'invalid_request',
    );
  });

  it('need a client with the grant and a living registration', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'builder-id' });
    const barred = await refresh(emulator, account.newLogin({ withoutRefreshGrant: true }));
    expect(barred.body['error']).toBe('unauthorized_client');
    const login = account.newLogin();
    account.expireClients();
    const expired = await refresh(emulator, login);
    expect([expired.status, expired.body]).toEqual([
      400,
      { error: 'invalid_client', error_description: 'Client is expired' },
    ]);
  });
});

describe('access', () => {
  it('TokenType is required where the kind needs it, and the region must be the own one', async () => {
    await using emulator = await startEmulator();
    const external = emulator.addAccount({ kind: 'external-idp' });
    const headers = { tokentype: '' };
    const refused = await generate(emulator, external, external.newLogin(), undefined, { headers });
    expect([refused.status, emulator.journal.at(-1)?.rule]).toEqual([403, 'token-type']);
    const management = await get(`${emulator.url}/management.us-east-1/getUsageLimits`, {
      authorization: `Bearer ${external.newLogin().accessToken}`,
    });
    expect(management.body['message']).toBe('Invalid token');
    const german = emulator.addAccount({ kind: 'identity-center' });
    const login = german.newLogin();
    expect((await generate(emulator, german, login)).status).toBe(200);
    expect((await generate(emulator, german, login, undefined, { region: 'us-east-1' })).status).toBe(403);
    await expect(generate(emulator, german, login, undefined, { region: 'eu-west-1' })).rejects.toThrow(
      /fetch failed|terminated|truncated/i,
    );
  });

  it('profile rules by kind', async () => {
    await using emulator = await startEmulator();
    const body = (profileArn?: string): object => {
      const userInputMessage = { content: 'hi', modelId: 'claude-haiku-4.5' };
      const base = { conversationState: { chatTriggerType: 'MANUAL', currentMessage: { userInputMessage } } };
      return profileArn === undefined ? base : { ...base, profileArn };
    };
    const idc = emulator.addAccount({ kind: 'identity-center' });
    const missing = await generate(emulator, idc, idc.newLogin(), body());
    expect([missing.status, missing.body['message']]).toEqual([403, 'User is not authorized to make this call.']);
    const key = emulator.addAccount({ kind: 'api-key' });
    const bearer = { accessToken: key.apiKey ?? '' };
    expect((await generate(emulator, key, bearer, body())).status).toBe(200);
    expect((await generate(emulator, key, bearer, body(key.profileArn))).status).toBe(400);
    const builder = emulator.addAccount({ kind: 'builder-id' });
    expect((await generate(emulator, builder, builder.newLogin(), body(), { host: 'q' })).status).toBe(200);
    expect((await generate(emulator, builder, builder.newLogin(), body())).status).toBe(400);
    idc.suspend();
    expect((await generate(emulator, idc, idc.newLogin())).body['reason']).toBe('TEMPORARILY_SUSPENDED');
  });

  it('the bindings may not be mixed', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const login = account.newLogin();
    const mixed = await generate(emulator, account, login, undefined, {
      headers: { 'content-type': 'application/x-amz-json-1.0' },
    });
    expect([mixed.status, emulator.journal.at(-1)?.rule]).toEqual([400, 'binding-content-type']);
    const bare = await post(`${emulator.url}/runtime.us-east-1/`, {}, { authorization: `Bearer ${login.accessToken}` });
    expect(bare.status).toBe(404);
    const target = 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse';
    const withBoth = await generate(emulator, account, login, undefined, { headers: { 'x-amz-target': target } });
    expect(withBoth.status).toBe(200);
  });
});

describe('device logins', () => {
  it('OIDC: pending, slow down, approved; the tokens work', async () => {
    let now = 1_000_000_000_000;
    await using emulator = await startEmulator({ now: () => now });
    const account = emulator.addAccount({ kind: 'identity-center' });
    const base = `${emulator.url}/oidc.eu-west-1`;
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const registered = await post(`${base}/client/register`, {
      clientName: 'test',
      clientType: 'public',
      grantTypes: [grantType, 'refresh_token'],
    });
    const { clientId, clientSecret } = registered.body;
    const start = async (region: string): Promise<Reply> =>
      post(`${emulator.url}/oidc.${region}/device_authorization`, {
        clientId,
        clientSecret,
        startUrl: account.startUrl,
      });
    expect((await start('us-east-1')).status).toBe(401);
    const device = (await start('eu-west-1')).body;
    const poll = async (): Promise<Reply> =>
      post(`${base}/token`, { clientId, clientSecret, grantType, deviceCode: device['deviceCode'] });
    expect((await poll()).body['error']).toBe('authorization_pending');
    expect((await poll()).body['error']).toBe('slow_down');
    emulator.approveDevice(stringOf(device['userCode']), account.id);
    now += 7000;
    const tokens = await poll();
    expect(tokens.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 3600 });
    expect((await generate(emulator, account, { accessToken: stringOf(tokens.body['accessToken']) })).status).toBe(200);
    now += 7000;
    expect((await poll()).body['error']).toBe('invalid_grant');
  });

  it('social: denied and expired', async () => {
    await using emulator = await startEmulator({ deviceIntervalMs: 0 });
    const base = `${emulator.url}/auth.us-east-1/oauth/device`;
    const begin = async (): Promise<Reply> =>
      post(`${base}/authorization`, { clientId: 'kiro-cli', loginProvider: 'Google' });
    const poll = async (deviceCode: unknown): Promise<Reply> =>
      post(`${base}/poll`, { clientId: 'kiro-cli', deviceCode });
    const first = await begin();
    emulator.denyDevice(stringOf(first.body['userCode']));
    expect((await poll(first.body['deviceCode'])).body['error']).toBe('access_denied');
    const second = await begin();
    emulator.advanceClock(300_001);
    expect((await poll(second.body['deviceCode'])).body['error']).toBe('expired_token');
    const account = emulator.addAccount({ kind: 'social', provider: 'google' });
    const third = await begin();
    const userCode = stringOf(third.body['userCode']);
    expect(await (await fetch(stringOf(third.body['verificationUriComplete']))).text()).toContain(userCode);
    emulator.approveDevice(userCode, account.id);
    expect((await poll(third.body['deviceCode'])).body['profileArn']).toBe(account.profileArn);
  });
});

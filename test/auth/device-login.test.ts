import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { finishOidcDeviceLogin, startOidcDeviceLogin } from '../../app/auth/device-login-oidc.ts';
import { finishSocialDeviceLogin, startSocialDeviceLogin } from '../../app/auth/device-login-social.ts';
import type { DeviceLoginPorts } from '../../app/auth/device-login.ts';
import { refresh } from '../../app/auth/refresh.ts';
import { kiroEndpoints } from '../../app/kiro/endpoints.ts';
import { noon } from './credentials.ts';
import { scriptedTransport, type Scripted } from './scripted-transport.ts';
import { loopback, type Loopback } from './with-emulator.ts';

let world: Loopback;
beforeEach(async () => {
  world = await loopback();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Both flows behind one face. */
const flows = {
  'Builder ID': { spec: { kind: 'builder-id' }, begin: () => begin('oidc') },
  'Identity Center': { spec: { kind: 'identity-center', ssoRegion: 'eu-west-1' }, begin: () => begin('sso') },
  Google: { spec: { kind: 'social', provider: 'google' }, begin: () => begin('google') },
  GitHub: { spec: { kind: 'social', provider: 'github' }, begin: () => begin('github') },
} as const;

async function begin(way: 'oidc' | 'sso' | 'google' | 'github', ports: DeviceLoginPorts = world.ports) {
  if (way === 'google' || way === 'github') {
    const handle = await startSocialDeviceLogin(way, ports);
    return { prompt: handle.prompt, finish: (signal?: AbortSignal) => finishSocialDeviceLogin(handle, ports, signal) };
  }
  const account = world.emulator.accounts()[0];
  const signIn = way === 'sso' ? { startUrl: account?.startUrl ?? '', region: 'eu-west-1' } : {};
  const handle = await startOidcDeviceLogin(signIn, ports);
  return { prompt: handle.prompt, finish: (signal?: AbortSignal) => finishOidcDeviceLogin(handle, ports, signal) };
}

describe.each(Object.entries(flows))('a device login with %s', (_name, { spec, begin }) => {
  test('shows a code, waits for the user, and gives a login that can be refreshed', async () => {
    const account = world.emulator.addAccount(spec);
    const { prompt, finish } = await begin();
    expect(prompt.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(prompt.verificationUrlComplete).toContain(prompt.userCode);
    expect(prompt.expiresAt).toBeGreaterThan(noon);
    world.onWait = (waitedMs) => {
      if (waitedMs >= 20_000 && world.emulator.pendingDevices().length === 1) {
        world.emulator.approveDevice(prompt.userCode, account.id);
      }
    };
    const credential = await finish();
    expect(credential.kind).toBe(spec.kind);
    expect(await refresh(credential, world.ports)).toMatchObject({ kind: spec.kind });
    expect(world.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  test('ends when the user declines', async () => {
    world.emulator.addAccount(spec);
    const { prompt, finish } = await begin();
    world.emulator.denyDevice(prompt.userCode);
    await expect(finish()).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining('declined') });
  });

  test('ends when nobody comes', async () => {
    world.emulator.addAccount(spec);
    const { prompt, finish } = await begin();
    await expect(finish()).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining('in time') });
    expect(world.now).toBeLessThan(prompt.expiresAt + 60_000);
  });

  test('ends when it is cancelled', async () => {
    world.emulator.addAccount(spec);
    const { finish } = await begin();
    const controller = new AbortController();
    world.onWait = (waitedMs) => {
      if (waitedMs > 10_000) controller.abort(new Error('cancelled by the user'));
    };
    await expect(finish(controller.signal)).rejects.toThrow('cancelled by the user');
  });

  test('waits out faults of the service', async () => {
    const account = world.emulator.addAccount(spec);
    const { prompt, finish } = await begin();
    world.emulator.approveDevice(prompt.userCode, account.id);
    world.emulator.inject({ on: 'login', fault: { kind: 'http', status: 503, body: {} } });
    world.emulator.inject({ on: 'login', fault: { kind: 'reset' } });
    world.emulator.inject({ on: 'login', fault: { kind: 'html-block' } });
    expect(await finish()).toMatchObject({ kind: spec.kind });
  });
});

test('a start URL that does not exist there is told at once', async () => {
  const signIn = { startUrl: 'https://nowhere.awsapps.com/start', region: 'eu-west-1' };
  await expect(startOidcDeviceLogin(signIn, world.ports)).rejects.toMatchObject({
    code: 'rejected',
    hint: expect.stringContaining('start URL'),
  });
});

test('a region that is none becomes no host name', async () => {
  await expect(startOidcDeviceLogin({ region: 'evil.example/' }, world.ports)).rejects.toThrow(RangeError);
});

describe('the social poll, whose pending answer nobody wrote down', () => {
  const code = {
    deviceCode: 'secret-device-code',
    userCode: 'ABCD-EFGH',
    verificationUriComplete: 'https://app.kiro.dev/account/device?user_code=ABCD-EFGH',
    intervalInMilliseconds: 5000,
    expiresInMilliseconds: 300_000,
  };
  const tokens = { accessToken: 'aoa', refreshToken: 'aor', expiresIn: 3600 };

  async function poll(authorization: object, ...answers: Scripted[]) {
    const waits: number[] = [];
    const transport = scriptedTransport({ body: authorization }, ...answers);
    const ports: DeviceLoginPorts = {
      transport,
      endpoints: kiroEndpoints,
      now: () => noon,
      wait: async (ms) => {
        waits.push(ms);
      },
    };
    const { finish } = await begin('google', ports);
    return { waits, transport, result: finish() };
  }

  test.each([
    ['error, 400', { status: 400, body: { error: 'authorization_pending' } }],
    ['error, 200', { body: { error: 'authorization_pending' } }],
    ['status, 200', { body: { status: 'authorization_pending' } }],
    ['an AWS exception', { status: 400, body: { __type: 'AuthorizationPendingException' } }],
    ['a shape of its own', { body: { state: 'waiting' } }],
  ])('is understood: %s', async (_name, pending) => {
    const { result } = await poll(code, pending, pending, { body: tokens });
    expect(await result).toMatchObject({ kind: 'social', provider: 'google', refreshToken: 'aor' });
  });

  test('adds 5 s for each slow_down', async () => {
    const { result, waits } = await poll(
      code,
      { body: { status: 'slow_down' } },
      { status: 400, body: { error: 'slow_down' } },
      { body: tokens },
    );
    await result;
    expect(waits).toEqual([5000, 10_000, 15_000]);
  });

  test('fails at an answer that is final, without the device code in the error', async () => {
    const { result } = await poll(code, {
      status: 400,
      body: { error: 'invalid_grant', secret: 'secret-device-code' },
    });
    const error: unknown = await result.catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'rejected' });
    expect(inspect(error, { depth: null })).not.toContain('secret-device-code');
  });

  test('takes no login that cannot be kept alive', async () => {
    const { result } = await poll(code, { body: { accessToken: 'aoa' } });
    await expect(result).rejects.toMatchObject({ code: 'rejected' });
  });

  test.each(['http://app.kiro.dev/device', 'javascript:alert(1)', 'file:///etc/passwd'])(
    'opens nothing but the web: %s',
    async (verificationUriComplete) => {
      await expect(poll({ ...code, verificationUriComplete })).rejects.toMatchObject({ code: 'forbidden-host' });
    },
  );
});

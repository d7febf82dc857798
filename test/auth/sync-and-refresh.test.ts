import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Credential, RotatingCredential } from '../../app/auth/credential.ts';
import { fork } from '../../app/auth/fork.ts';
import { readKiroCliStore } from '../../app/auth/kiro-cli-store.ts';
import { kiroIdeStore, readKiroIdeStore } from '../../app/auth/kiro-ide-store.ts';
import { LoginKeeper } from '../../app/auth/login-keeper.ts';
import { refresh } from '../../app/auth/refresh.ts';
import type { StoredLogin } from '../../app/auth/stored-login.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import type { EmulatedAccount, Login } from '../emulator/emulator.ts';
import { writeIdeStore } from '../emulator/ide-store.ts';
import { noon } from './credentials.ts';
import { loopback, rotatingKinds, specOf, type Loopback } from './with-emulator.ts';

let folder = '';
let world: Loopback;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kiro-sync-'));
  world = await loopback();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function credentialOf(logins: StoredLogin[]): RotatingCredential {
  const [login] = logins;
  if (logins.length === 1 && login !== undefined && 'credential' in login) return login.credential;
  throw new Error(`expected one usable login, got ${inspect(logins)}`);
}

function throughCli(account: EmulatedAccount, login: Login, wal = false): RotatingCredential {
  const path = join(folder, 'data.sqlite3');
  writeCliStore(path, [{ account, login }], { wal });
  return credentialOf(readKiroCliStore(path));
}

describe.each(rotatingKinds)('a %s login', (kind) => {
  test('is the same whether read from kiro-cli (also mid-write) or from the IDE', () => {
    const account = world.emulator.addAccount(specOf(kind));
    const login = account.newLogin();
    const fromCli = throughCli(account, login);
    expect(fromCli).toMatchObject({ kind, accessToken: login.accessToken, refreshToken: login.refreshToken });
    expect(throughCli(account, login, true)).toEqual(fromCli);
    writeIdeStore(folder, account, login);
    const fromIde = credentialOf(readKiroIdeStore(kiroIdeStore({}, 'linux', folder)));
    // Only kiro-cli writes nine digits of fraction, which are cut to ms.
    expect({ ...fromIde, clientSecretExpiresAt: 0 }).toEqual({ ...fromCli, clientSecretExpiresAt: 0 });
  });

  test('is forked into a chain of its own that goes on', async () => {
    const account = world.emulator.addAccount(specOf(kind));
    const login = throughCli(account, account.newLogin());
    const own = await fork(login, world.ports);
    expect(own.refreshToken).not.toBe(login.refreshToken);
    const next = await refresh(own, world.ports);
    expect(next).toMatchObject({ kind, expiresAt: noon + 3_600_000 });
    expect(world.emulator.statistics()).toMatchObject({
      reusedRefreshTokens: 0,
      accounts: { [account.id]: { refreshes: 2 } },
    });
  });

  test('that was revoked is rejected, and no secret is in the error', async () => {
    const account = world.emulator.addAccount(specOf(kind));
    const login = throughCli(account, account.newLogin());
    account.revoke();
    const error: unknown = await refresh(login, world.ports).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'rejected' });
    const shown = inspect(error, { depth: null, showHidden: true });
    for (const secret of world.emulator.issuedSecrets()) expect(shown).not.toContain(secret);
  });

  test('survives an edge block, throttling and a dropped connection', async () => {
    const account = world.emulator.addAccount(specOf(kind));
    const login = throughCli(account, account.newLogin());
    const faults = [
      { kind: 'html-block' },
      { kind: 'http', status: 429, body: { message: 'Too Many Requests' } },
      { kind: 'http', status: 503, body: {} },
      { kind: 'reset' },
    ] as const;
    for (const fault of faults) {
      world.emulator.inject({ on: 'refresh', account: account.id, fault });
      const error: unknown = await refresh(login, world.ports).catch((error: unknown) => error);
      expect(error).toMatchObject({ code: 'retry-later' });
      const shown = inspect(error, { depth: null, showHidden: true });
      for (const secret of world.emulator.issuedSecrets()) expect(shown).not.toContain(secret);
    }
    await refresh(login, world.ports);
    expect(world.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  test('that fifty requests need at once is refreshed once, for a whole day', async () => {
    const account = world.emulator.addAccount(specOf(kind));
    const held: { credential: Credential } = { credential: throughCli(account, account.newLogin()) };
    const keeper = new LoginKeeper({
      read: () => held.credential,
      write: async (_id, credential) => {
        held.credential = credential;
      },
      onRejected: () => Promise.reject(new Error('a live login was rejected')),
      refresh: (credential) => refresh(credential, world.ports),
      now: () => world.now,
      wait: world.ports.wait,
    });
    for (let hour = 0; hour < 24; hour += 1) {
      world.now += 3_600_000;
      await Promise.all(Array.from({ length: 50 }, () => keeper.ensureFresh('acc_0123456789')));
    }
    expect(world.emulator.statistics()).toMatchObject({
      reusedRefreshTokens: 0,
      accounts: { [account.id]: { refreshes: 24 } },
    });
  });
});

test('an ended client registration is told from an ended login', async () => {
  const account = world.emulator.addAccount({ kind: 'builder-id' });
  const login = throughCli(account, account.newLogin());
  account.expireClients();
  await expect(refresh(login, world.ports)).rejects.toMatchObject({
    code: 'rejected',
    message: expect.stringContaining('client registration'),
  });
});

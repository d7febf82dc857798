import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { HandOffRequest, HandOffTarget } from '../../app/auth/hand-off-request.ts';
import { startHandOff } from '../../app/auth/hand-off.ts';
import { findUnfinishedBackup } from '../../app/auth/kiro-cli-backup.ts';
import { refresh } from '../../app/auth/refresh.ts';
import type { EmulatedAccount } from '../emulator/emulator.ts';
import {
  approveAs,
  credentialOf,
  expectPrevious,
  handOffWorld,
  refreshTokenIn,
  runHandOff,
  signIn,
  typesOf,
} from './hand-off-world.ts';

const google = { kind: 'google', whatAboutPrevious: 'put-back' } as const satisfies HandOffRequest;

const kinds = {
  Google: { spec: { kind: 'social', provider: 'google' }, ask: (): HandOffTarget => ({ kind: 'google' }) },
  GitHub: { spec: { kind: 'social', provider: 'github' }, ask: (): HandOffTarget => ({ kind: 'github' }) },
  'a Builder ID': { spec: { kind: 'builder-id' }, ask: (): HandOffTarget => ({ kind: 'builder-id' }) },
  'an Identity Center': {
    spec: { kind: 'identity-center', ssoRegion: 'eu-west-1', apiRegion: 'eu-central-1' },
    ask: (account: EmulatedAccount): HandOffTarget => ({
      kind: 'identity-center',
      startUrl: account.startUrl ?? '',
      region: 'eu-west-1',
    }),
  },
} as const;

describe.concurrent('a kiro-cli that is signed out', () => {
  test.each(Object.entries(kinds))('makes a login with %s, which stays there', async (_name, { spec, ask }) => {
    await using world = await handOffWorld();
    const account = world.emulator.addAccount(spec);
    const { events, login } = await runHandOff(
      world,
      { ...ask(account), whatAboutPrevious: 'refuse' },
      { on: approveAs(world, account) },
    );
    expect(typesOf(events)).toEqual(['checking', 'backed-up', 'waiting', 'signed-in', 'done']);
    expect(events.at(-1)).toMatchObject({ kind: spec.kind });
    expect(world.kept).toEqual([login]);
    expect(await refresh(credentialOf(login), world.refreshPorts)).toMatchObject({ kind: spec.kind });
    expect(refreshTokenIn(world.storePath)).toBe(login?.credential.refreshToken);
  });
});

describe.concurrent('a kiro-cli that is signed in already', () => {
  test('is not touched where that was not wanted', async () => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const { events, login } = await runHandOff(world, { ...google, whatAboutPrevious: 'refuse' });
    expect(events).toEqual([
      { type: 'checking' },
      {
        type: 'already-signed-in',
        who: { accountType: 'BuilderId', startUrl: 'https://view.awsapps.com/start' },
      },
    ]);
    expect(login).toBeUndefined();
    await expectPrevious(signedIn);
  });

  test('makes a second one and gets its own back, and both work', async () => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const order: string[] = [];
    const { events, login } = await runHandOff(world, google, {
      on: approveAs(world, signedIn.next),
      ports: {
        keep: async ({ credential }) => {
          order.push(refreshTokenIn(world.storePath) === credential.refreshToken ? 'kept first' : 'put back first');
        },
      },
    });
    expect(typesOf(events)).toEqual([
      'checking',
      'already-signed-in',
      'backed-up',
      'signed-out',
      'waiting',
      'signed-in',
      'put-back',
      'done',
    ]);
    expect(order).toEqual(['kept first']);
    await expectPrevious(signedIn);
    expect(await refresh(credentialOf(login), world.refreshPorts)).toMatchObject({
      kind: 'social',
      provider: 'google',
    });
    expect(world.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  test('keeps the new one where that was wanted', async () => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const { events, login } = await runHandOff(
      world,
      { ...google, whatAboutPrevious: 'keep-new' },
      { on: approveAs(world, signedIn.next) },
    );
    expect(typesOf(events)).not.toContain('put-back');
    expect(await world.who()).toMatchObject({ accountType: 'SocialGoogle', email: signedIn.next.email });
    expect(refreshTokenIn(world.storePath)).toBe(credentialOf(login).refreshToken);
    expect(findUnfinishedBackup(world.ports.backupFolder)).toBeUndefined();
  });

  test.each(['checking', 'already-signed-in', 'backed-up', 'signed-out', 'waiting'] as const)(
    'has its login after a cancel at %s',
    async (step) => {
      await using world = await handOffWorld();
      const signedIn = signIn(world);
      const { events, login } = await runHandOff(world, google, {
        on: (event, handOff) => event.type === step && handOff.cancel(),
      });
      expect(typesOf(events).at(-1)).toBe('cancelled');
      expect(login).toBeUndefined();
      expect(world.kept).toEqual([]);
      await expectPrevious(signedIn);
    },
  );

  test('is done when the cancel comes after the sign-in', async () => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const { events } = await runHandOff(world, google, {
      on: (event, handOff) => {
        approveAs(world, signedIn.next)(event);
        if (event.type === 'signed-in') handOff.cancel();
      },
    });
    expect(typesOf(events).at(-1)).toBe('done');
    expect(world.kept).toHaveLength(1);
    await expectPrevious(signedIn);
  });

  test('is handed off once at a time', async () => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const first = startHandOff(google, world.ports);
    for await (const event of first.events) if (event.type === 'backed-up') break;
    const second = await runHandOff(world, google, { isAlone: false });
    expect(second.events.at(-1)).toMatchObject({
      type: 'failed',
      error: { message: expect.stringContaining('earlier sign-in') },
    });
    await first[Symbol.asyncDispose]();
    await expectPrevious(signedIn);
  });
});

test.concurrent('a write-ahead log that another kiro-cli has open comes back too', async () => {
  await using world = await handOffWorld();
  const account = world.emulator.addAccount({ kind: 'builder-id' });
  const next = world.emulator.addAccount({ kind: 'social', provider: 'github' });
  const refreshToken = world.seed(account, { wal: true });
  using running = new DatabaseSync(world.storePath);
  running.exec('SELECT * FROM auth_kv');
  const before = world.bytes();
  expect(before['-wal']?.length).toBeGreaterThan(0);
  await runHandOff(world, { kind: 'github', whatAboutPrevious: 'put-back' }, { on: approveAs(world, next) });
  expect(world.bytes()).toEqual(before);
  expect(refreshTokenIn(world.storePath)).toBe(refreshToken);
  expect(world.kept).toHaveLength(1);
});

test.concurrent('a kiro-cli that was signed out is signed out again where it shall be as before, also after a cancel', async () => {
  await using world = await handOffWorld();
  const account = world.emulator.addAccount({ kind: 'social', provider: 'google' });
  const { events } = await runHandOff(world, google, { on: approveAs(world, account) });
  expect(typesOf(events).slice(-2)).toEqual(['put-back', 'done']);
  expect(world.bytes()).toEqual({});
  expect(await world.who()).toBeUndefined();
  const cancelled = await runHandOff(world, google, {
    on: (event, handOff) => event.type === 'waiting' && handOff.cancel(),
  });
  expect(typesOf(cancelled.events).at(-1)).toBe('cancelled');
  expect(await world.who()).toBeUndefined();
});

test.concurrent('the row tells the kind, whatever was asked for', async () => {
  await using world = await handOffWorld();
  const account = world.emulator.addAccount({ kind: 'external-idp' });
  const login = account.newLogin();
  const written = JSON.stringify([world.storePath, [{ account: { profiles: [] }, login }]]);
  const script = `
    const { writeCliStore } = await import(${JSON.stringify(new URL('../emulator/cli-store.ts', import.meta.url).href)});
    writeCliStore(...${written});
    process.stdout.write('Select a profile\\n'); setTimeout(() => {}, 60_000);`;
  const { events } = await runHandOff(
    world,
    {
      kind: 'identity-center',
      startUrl: 'https://d-1.awsapps.com/start',
      region: 'eu-west-1',
      whatAboutPrevious: 'keep-new',
    },
    { ports: { program: world.stub(script), profileGraceMs: 300 } },
  );
  expect(events.at(-1)).toEqual({ type: 'done', row: 'kirocli:external-idp:token', kind: 'external-idp' });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seedFromSql, writeCliStore } from '../emulator/cli-store.ts';
import { faults, type AccountSpec, type EmulatedAccount } from '../emulator/emulator.ts';
import { writeIdeStore } from '../emulator/ide-store.ts';
import { command, type Ran } from '../support/command.ts';
import { accountsOf, importFrom, refreshesOf, reused, startIdle, store, type Idle } from '../support/importing.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const seeds = readdirSync(fixtures).filter((name) => name.startsWith('cli_db_'));

const specs: Record<string, AccountSpec> = {
  social: { kind: 'social', provider: 'github' },
  'builder-id': { kind: 'builder-id' },
  'identity-center': { kind: 'identity-center', ssoRegion: 'eu-west-1', apiRegion: 'eu-central-1' },
  'external-idp': { kind: 'external-idp' },
};

describe('accounts import --from kiro-cli', () => {
  it.each(seeds)('takes every login of %s, and never sends its old token again', async (seed) => {
    await using rig = await startIdle();
    const path = rig.folder.file('data.sqlite3');
    const seeded = seedFromSql(rig.emulator, join(fixtures, seed), path);
    const { ran, results } = await importFrom(rig, path);
    expect(ran.code).toBe(0);
    expect(results).toHaveLength(seeded.length);
    for (const { account } of seeded) {
      expect(results).toContainEqual({
        id: expect.stringMatching(/^acc_[a-z0-9]{10}$/),
        label: account.email,
        kind: account.kind,
        result: 'added',
        reason: expect.stringContaining('in the pool now'),
      });
    }
    const listed = await accountsOf(rig);
    expect(listed).toHaveLength(seeded.length);
    for (const account of listed) {
      expect(account).toEqual({
        id: expect.any(String),
        label: account['email'],
        kind: expect.any(String),
        provenance: 'forked',
        email: expect.stringMatching(/^seeded-\d@example\.com$/),
        isVerified: true,
        plan: 'KIRO PRO',
        state: { name: 'ready', until: null, reason: null },
        credits: { used: 0, limit: 1000, resetAt: expect.any(Number), left: 1000, extras: [] },
        overage: {
          isAllowed: false,
          dailyCap: null,
          today: 0,
          isOnAtKiro: false,
          credits: 0,
          charges: 0,
          currency: 'USD',
        },
        pinned: false,
        inFlight: 0,
        lastUsedAt: null,
      });
    }
    await importFrom(rig, path);
    for (const { account } of seeded) account.expireAccessTokens();
    for (const { id } of results) expect((await command(rig.env, 'accounts', 'refresh', id ?? '')).code).toBe(0);
    expect(reused(rig)).toBe(0);
    expect(refreshesOf(rig)).toBe(2 * seeded.length);
  });

  it.each(Object.entries(specs))('takes a %s login, also out of a -wal file', async (kind, spec) => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount(spec);
    const path = rig.folder.file('wal.sqlite3');
    writeCliStore(path, [{ account, login: account.newLogin() }], { wal: true });
    expect((await importFrom(rig, path)).results).toMatchObject([{ label: account.email, kind, result: 'added' }]);
  });

  it('takes a login that Amazon Q CLI left behind', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'builder-id' });
    const path = store(rig, 'q.sqlite3', { account, login: account.newLogin(), rowKey: 'codewhisperer:odic:token' });
    expect((await importFrom(rig, path)).results).toMatchObject([{ kind: 'builder-id', result: 'added' }]);
  });

  it('takes one row when one is named, and says which there are when there is no such', async () => {
    await using rig = await startIdle();
    const path = rig.folder.file('data.sqlite3');
    seedFromSql(rig.emulator, join(fixtures, 'cli_db_mixed.sql'), path);
    const one = await importFrom(rig, path, '--row', 'kirocli:social:token');
    expect(one.results).toMatchObject([{ kind: 'social', result: 'added' }]);
    const none = await importFrom(rig, path, '--row', 'kirocli:nobody:token');
    expect(none.ran.code).toBe(1);
    expect(JSON.parse(none.ran.err)).toMatchObject({
      error: { code: 'no-login', hint: expect.stringContaining('kirocli:external-idp:token') },
    });
  });

  it('says so when nobody is signed in, and when there is no store', async () => {
    await using rig = await startIdle();
    const empty = await importFrom(rig, store(rig, 'empty.sqlite3'));
    expect(empty.ran.code).toBe(1);
    expect(JSON.parse(empty.ran.err)).toMatchObject({ error: { code: 'no-login' } });
    const none = await importFrom(rig, rig.folder.file('nothing.sqlite3'));
    expect(none.ran.code).toBe(1);
    expect(JSON.parse(none.ran.err)).toMatchObject({ error: { code: 'not-found' } });
  });

  it('finds the store that KIROCLI_DB_PATH names', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const KIROCLI_DB_PATH = store(rig, 'elsewhere.sqlite3', { account, login: account.newLogin() });
    const ran = await command({ ...rig.env, KIROCLI_DB_PATH }, 'accounts', 'import', '--json');
    expect(ran.json()).toMatchObject([{ label: account.email }]);
  });
});

describe('accounts import --from kiro-ide', () => {
  it.each(Object.entries(specs))('takes a %s login', async (kind, spec) => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount(spec);
    writeIdeStore(rig.folder.path, account, account.newLogin());
    const take = (): Promise<Ran> => command(rig.env, 'accounts', 'import', '--from', 'kiro-ide', '--json');
    expect((await take()).json()).toMatchObject([{ label: account.email, kind, result: 'added' }]);
    expect((await take()).json()).toMatchObject([{ label: account.email, kind, result: 'updated' }]);
    expect(reused(rig)).toBe(0);
  });
});

describe('profiles', () => {
  const arn = (name: string): string => `arn:aws:codewhisperer:us-east-1:123456789012:profile/${name}`;
  const profiles = [
    { arn: arn('AAAAAAAAAAAA'), profileName: 'Team A' },
    { arn: arn('BBBBBBBBBBBB'), profileName: 'Team B' },
  ];

  function storeWithoutProfile(rig: Idle, account: EmulatedAccount): string {
    const path = store(rig, 'several.sqlite3', { account, login: account.newLogin() });
    const database = new DatabaseSync(path);
    database.exec('DELETE FROM state');
    database.close();
    return path;
  }

  it.each(['identity-center', 'external-idp'] as const)(
    'of a %s login: several are the choice of the user',
    async (kind) => {
      await using rig = await startIdle();
      const account = rig.emulator.addAccount({ kind, profiles, apiRegion: 'us-east-1' });
      const path = storeWithoutProfile(rig, account);
      const { results } = await importFrom(rig, path);
      expect(results[0]?.reason).toMatch(/several profiles: Team A .*Team B .*--profile/);
      expect(results[0]).toMatchObject({
        profiles: profiles.map(({ arn, profileName }) => ({ arn, name: profileName })),
      });
      expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'parked' } }]);
      const wrong = await importFrom(rig, path, '--profile', arn('CCCCCCCCCCCC'));
      expect(wrong.results[0]?.reason).toMatch(/no profile .*CCCCCCCCCCCC.*Team A/);
      expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'parked' } }]);
      const chosen = await importFrom(rig, path, '--profile', arn('BBBBBBBBBBBB'));
      expect(chosen.results).toMatchObject([{ id: results[0]?.id, result: 'updated', label: account.email }]);
      expect(chosen.results[0]).not.toHaveProperty('profiles');
      expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'ready' }, email: account.email }]);
      expect(refreshesOf(rig)).toBe(1);
    },
  );

  it('are looked up where the store names none and there is one', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'identity-center' });
    expect((await importFrom(rig, storeWithoutProfile(rig, account))).results).toMatchObject([
      { label: account.email },
    ]);
  });

  it('that the login does not have are refused, and one that works stays', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'identity-center', profiles, apiRegion: 'us-east-1' });
    const path = storeWithoutProfile(rig, account);
    await importFrom(rig, path, '--profile', arn('AAAAAAAAAAAA'));
    const wrong = await command(rig.env, 'accounts', 'profile', account.email, arn('CCCCCCCCCCCC'), '--json');
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(wrong.err)).toMatchObject({
      error: {
        code: 'profile-not-chosen',
        message: expect.stringMatching(/no profile .*CCCCCCCCCCCC.*Team A .*Team B/),
        hint: expect.stringMatching(/\w/),
      },
    });
    expect((await importFrom(rig, path, '--profile', arn('CCCCCCCCCCCC'))).results).toMatchObject([
      { result: 'updated', reason: expect.stringContaining('no profile') },
    ]);
    expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'ready' } }]);
    const other = await command(rig.env, 'accounts', 'profile', account.email, arn('BBBBBBBBBBBB'));
    expect(other).toMatchObject({ code: 0, out: expect.stringContaining('charged to that profile now') });
  });

  it('that Kiro does not tell of are not chosen, and that is what is said', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'identity-center', profiles, apiRegion: 'us-east-1' });
    await importFrom(rig, storeWithoutProfile(rig, account), '--profile', arn('AAAAAAAAAAAA'));
    rig.emulator.inject({ on: 'profiles', times: 'always', fault: faults.internalError });
    const ran = await command(rig.env, 'accounts', 'profile', account.email, arn('BBBBBBBBBBBB'));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^Kiro did not tell which profiles there are: /);
    expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'ready' } }]);
  });

  it('that the login does not have leave an account parked that Kiro has locked', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'identity-center', profiles, apiRegion: 'us-east-1' });
    await importFrom(rig, storeWithoutProfile(rig, account), '--profile', arn('AAAAAAAAAAAA'));
    rig.emulator.inject({ on: 'usage', fault: faults.suspended });
    await command(rig.env, 'accounts', 'refresh', account.email);
    const parked = await accountsOf(rig);
    expect(parked).toMatchObject([{ state: { name: 'parked' } }]);
    const wrong = await command(rig.env, 'accounts', 'profile', account.email, arn('CCCCCCCCCCCC'));
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('no profile') });
    expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'parked' } }]);
  });

  it('that cannot be one are refused before the login is touched', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'identity-center', profiles });
    const { ran } = await importFrom(rig, storeWithoutProfile(rig, account), '--profile', 'Team B');
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'bad-profile' } });
    expect(refreshesOf(rig)).toBe(0);
  });

  it('mean nothing to logins that have none', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'builder-id' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    expect((await importFrom(rig, path, '--profile', arn('AAAAAAAAAAAA'))).results).toMatchObject([
      { label: account.email },
    ]);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../app/engine.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { writeIdeStore } from '../emulator/ide-store.ts';
import { withKiroCli } from './kiro-cli-on-path.ts';
import { sit, startHome, type Home } from './person.ts';

/** The engine of a home that nobody has open, on a machine with our kiro-cli. */
async function openOn({ folder }: Home, env: Home['env']) {
  return openEngine({ dataDir: folder.file('data'), env, log: () => undefined });
}

describe('what logins of other programs there are', () => {
  it('is told with their kinds, whose they are in the pool, and without a secret; nothing is asked or changed', async () => {
    await using home = await startHome('idle');
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    const mine = home.emulator.addAccount({ kind: 'social', provider: 'google' });
    const work = home.emulator.addAccount({ kind: 'identity-center' });
    writeCliStore(store, [
      { account: mine, login: mine.newLogin() },
      { account: work, login: work.newLogin() },
    ]);
    const ide = home.emulator.addAccount({ kind: 'builder-id' });
    const { token } = writeIdeStore(home.env['HOME'] ?? '', ide, ide.newLogin());
    const before = [readFileSync(store), readFileSync(token)];
    await using engine = await openOn(home, env);
    const requests = home.emulator.statistics();
    const found = await engine.handlers['sources.find']({});
    expect(found).toEqual({
      logins: [
        { from: 'kiro-cli', path: store, row: 'kirocli:social:token', kind: 'social', region: 'us-east-1' },
        {
          from: 'kiro-cli',
          path: store,
          row: 'kirocli:odic:token',
          kind: 'identity-center',
          region: expect.any(String),
        },
        { from: 'kiro-ide', path: token, row: null, kind: 'builder-id', region: 'us-east-1' },
      ].map((login) => ({ ...login, account: null, problem: null })),
      kiroCli: { isInstalled: true, login: 'unknown', who: null },
    });
    expect(home.emulator.statistics()).toEqual(requests);
    expect([readFileSync(store), readFileSync(token)]).toEqual(before);
    for (const secret of home.emulator.issuedSecrets()) expect(JSON.stringify(found)).not.toContain(secret);

    const [imported] = await engine.handlers['accounts.import']({ from: 'kiro-cli', row: 'kirocli:social:token' });
    const { logins } = await engine.handlers['sources.find']({});
    expect(logins[0]).toMatchObject({ account: imported?.id, problem: null });
    await engine.handlers['accounts.remove']({ id: imported?.id ?? '' });
    const [spent] = (await engine.handlers['sources.find']({})).logins;
    expect(spent).toMatchObject({ account: null, problem: expect.stringContaining('Sign in there again') });
  });

  it('is nothing where there are no such programs', async () => {
    await using home = await startHome('idle');
    await using engine = await openOn(home, home.env);
    expect(await engine.handlers['sources.find']({})).toEqual({
      logins: [],
      kiroCli: { isInstalled: false, login: 'unknown', who: null },
    });
    expect(await engine.handlers['sources.whoami']({})).toMatchObject({ isInstalled: false, login: 'unknown' });
  });

  it('names a store that cannot be read, and a row that cannot be used, beside those that can', async () => {
    await using home = await startHome('idle');
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    const mine = home.emulator.addAccount({ kind: 'social' });
    writeCliStore(store, [{ account: mine, login: mine.newLogin() }]);
    {
      using database = new DatabaseSync(store);
      database.prepare('INSERT INTO auth_kv VALUES (?, ?)').run('kirocli:odic:token', '{"access_token":');
    }
    await using engine = await openOn(home, env);
    const rows = (await engine.handlers['sources.find']({})).logins;
    expect(rows.map(({ problem }) => problem)).toEqual([null, expect.stringContaining('Sign in again')]);
    writeFileSync(store, 'no database at all');
    expect((await engine.handlers['sources.find']({})).logins).toMatchObject([
      { from: 'kiro-cli', path: store, row: null, kind: null, problem: expect.stringContaining(store) },
    ]);
  });
});

describe('kiro-cli, after its login was taken', () => {
  it('is asked whether it is still signed in, by the question and by the command', async () => {
    await using home = await startHome('idle');
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    {
      await using engine = await openOn(home, env);
      expect(await engine.handlers['sources.whoami']({})).toEqual({
        isInstalled: true,
        login: 'signed-out',
        who: null,
      });
    }
    const mine = home.emulator.addAccount({ kind: 'social', provider: 'google', email: 'me@example.com' });
    writeCliStore(store, [{ account: mine, login: mine.newLogin() }]);
    const ran = await sit(env, {}, 'accounts import --from kiro-cli');
    expect(ran.out).toMatch(/^added +me@example\.com.*\nkiro-cli is still signed in, as SocialGoogle\.\n$/);
    const again = await sit(env, {}, 'accounts import --from kiro-cli');
    expect(again.out).not.toContain('kiro-cli is');
    expect((await sit(env, {}, 'accounts import --from kiro-cli --json')).json()).toHaveLength(1);
  });

  it('may not answer at all, and the import stands', async () => {
    await using home = await startHome('idle');
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    const mine = home.emulator.addAccount({ kind: 'social' });
    writeCliStore(store, [{ account: mine, login: mine.newLogin() }]);
    writeFileSync(`${home.folder.file('machine')}/bin/kiro-cli`, '#!/bin/sh\nexit 7\n');
    const ran = await sit(env, {}, 'accounts import');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('does not say whether it is still signed in') });
  });
});

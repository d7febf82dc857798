import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../app/engine.ts';
import { importFrom, store } from '../support/importing.ts';
import { forms, sit, startHome, type Home } from './person.ts';

const passphrase = 'correct horse battery';

async function list(home: Home, dataDir = home.folder.file('data')): Promise<Record<string, unknown>[]> {
  const ran = await sit(home.env, {}, `accounts list --json --data-dir ${dataDir}`);
  return v.parse(v.array(v.record(v.string(), v.unknown())), ran.json());
}

/** Two accounts, a setting and a key in the pool. */
async function furnish(home: Home): Promise<void> {
  for (const id of ['one', 'two']) {
    const account = home.emulator.addAccount({ kind: 'social', id, email: `${id}@example.com` });
    await importFrom(home, store(home, `${id}.sqlite3`, { account, login: account.newLogin() }));
  }
  await sit(home.env, {}, 'key create project');
  await sit(home.env, {}, 'accounts pin two@example.com');
  await sit(home.env, {}, 'strategy drain');
}

const backup = (home: Home, file: string, more = ''): ReturnType<typeof sit> =>
  sit(home.env, { types: [passphrase] }, `backup ${file} --json${more}`);
const restore = (home: Home, file: string, dataDir: string): ReturnType<typeof sit> =>
  sit(home.env, { types: [passphrase] }, `restore ${file} --json --data-dir ${dataDir}`);

describe.each(forms)('a backup while %s', (form) => {
  it('brings accounts, settings and keys back into an empty folder, and they work', async () => {
    await using home = await startHome(form);
    await furnish(home);
    // Only of this moment: whoever restores wants to be served.
    await sit(home.env, {}, 'settings set paused true');
    const file = home.folder.file('pool.backup');
    const written = await backup(home, file);
    expect(written.json()).toEqual({ file, accounts: 2, keys: 2, left: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    const key = (await sit(home.env, {}, 'key show project')).out.trim();
    for (const secret of [...home.emulator.issuedSecrets(), key, 'example.com']) expect(text).not.toContain(secret);

    const elsewhere = home.folder.file('elsewhere');
    const restored = await restore(home, file, elsewhere);
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.json()).toMatchObject({
      accounts: [
        { label: 'one@example.com', result: 'added' },
        { label: 'two@example.com', result: 'added' },
      ],
      keys: [
        { name: 'default', result: 'kept', reason: expect.stringContaining('left out') },
        { name: 'project', result: 'added' },
      ],
      settings: [
        { key: 'strategy', result: 'added' },
        { key: 'pinned', result: 'added' },
      ],
    });
    expect(await list(home, elsewhere)).toMatchObject([
      { label: 'one@example.com', state: { name: 'ready' }, pinned: false },
      { label: 'two@example.com', state: { name: 'ready' }, pinned: true },
    ]);
    expect((await sit(home.env, {}, `key show project --data-dir ${elsewhere}`)).out.trim()).toBe(key);
    expect((await sit(home.env, {}, `accounts refresh one@example.com --data-dir ${elsewhere}`)).code).toBe(0);
    // What was used up before is used up there too.
    const again = await importFrom(
      { ...home, env: { ...home.env, KIRO_POOL_DATA_DIR: elsewhere } },
      home.folder.file('one.sqlite3'),
    );
    expect(again.results).toMatchObject([{ result: 'updated' }]);
    expect(home.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  it('restored where it came from changes nothing: newer tokens stay', async () => {
    await using home = await startHome(form);
    await furnish(home);
    const file = home.folder.file('pool.backup');
    await backup(home, file);
    for (const account of home.emulator.accounts()) account.expireAccessTokens();
    // The chain goes on after the backup.
    await sit(home.env, {}, 'accounts refresh one@example.com');
    await sit(home.env, {}, 'accounts label two@example.com Mine');
    const before = await list(home);
    const ran = await restore(home, file, home.folder.file('data'));
    expect(ran.json()).toMatchObject({
      accounts: [{ result: 'kept' }, { label: 'Mine', result: 'kept' }],
      keys: [{ result: 'kept' }, { result: 'kept' }],
      settings: [{ result: 'kept' }, { result: 'kept' }],
    });
    expect(await list(home)).toEqual(before);
    for (const account of home.emulator.accounts()) account.expireAccessTokens();
    expect((await sit(home.env, {}, 'accounts refresh one@example.com')).code).toBe(0);
    expect(home.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  it('knows a person again who signed in anew, and keeps that login', async () => {
    await using home = await startHome(form);
    await furnish(home);
    const file = home.folder.file('pool.backup');
    await backup(home, file);
    await sit(home.env, {}, 'accounts remove one@example.com');
    await sit(home.env, {}, 'accounts remove two@example.com');
    const account = home.emulator.account('two');
    await importFrom(home, store(home, 'again.sqlite3', { account, login: account.newLogin() }));
    const [known] = await list(home);
    const ran = await restore(home, file, home.folder.file('data'));
    expect(ran.json()).toMatchObject({
      accounts: [
        { label: 'one@example.com', result: 'added' },
        { id: known?.['id'], result: 'kept' },
      ],
      // The pin ended with its account, and is set on the one that it was meant for.
      settings: expect.arrayContaining([{ key: 'pinned', result: 'added', reason: 'Set.' }]),
    });
    expect(await list(home)).toMatchObject([{ label: 'two@example.com', pinned: true }, { label: 'one@example.com' }]);
  });

  it('revives an account whose own chain has ended', async () => {
    await using home = await startHome(form);
    await furnish(home);
    const file = home.folder.file('pool.backup');
    const other = home.folder.file('other');
    await backup(home, file);
    await restore(home, file, other);
    // In the other folder the chain ends; here it lives on.
    home.emulator.inject({
      on: 'refresh',
      fault: { kind: 'http', status: 400, body: { error: 'invalid_grant', message: 'Invalid refresh token provided' } },
    });
    home.emulator.account('one').expireAccessTokens();
    await sit(home.env, {}, `accounts refresh one@example.com --data-dir ${other}`);
    expect(await list(home, other)).toMatchObject([{ state: { name: 'needs-sign-in' } }, {}]);
    // The same token again would not help.
    expect((await restore(home, file, other)).json()).toMatchObject({ accounts: [{ result: 'kept' }, {}] });
    await sit(home.env, {}, 'accounts refresh one@example.com');
    await backup(home, file, ' --force');
    expect((await restore(home, file, other)).json()).toMatchObject({ accounts: [{ result: 'updated' }, {}] });
    expect((await sit(home.env, {}, `accounts refresh one@example.com --data-dir ${other}`)).code).toBe(0);
  });

  it('never takes the place of a file, but when told to', async () => {
    await using home = await startHome(form);
    const file = home.folder.file('mine.txt');
    writeFileSync(file, 'mine', { mode: 0o644 });
    const refused = await backup(home, file);
    expect(JSON.parse(refused.err)).toMatchObject({
      error: { code: 'file-exists', hint: expect.stringContaining('--force') },
    });
    expect(refused.asked).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await backup(home, file, ' --force')).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('kiro-pool-backup');
    expect(readdirSync(home.folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says what is wrong with a passphrase or a file, and changes nothing', async () => {
    await using home = await startHome(form);
    const file = home.folder.file('pool.backup');
    const short = await sit(home.env, { types: ['short'] }, `backup ${file} --json`);
    expect(JSON.parse(short.err)).toMatchObject({ error: { code: 'weak-passphrase' } });
    const typed = await sit(
      home.env,
      { types: [passphrase, 'another one'], isTerminal: true },
      `backup ${file} --json`,
    );
    expect(JSON.parse(typed.err)).toMatchObject({ error: { code: 'passphrases-differ' } });
    await backup(home, file);
    const wrong = await sit(home.env, { types: ['something else'] }, `restore ${file} --json`);
    expect(JSON.parse(wrong.err)).toMatchObject({ error: { code: 'wrong-passphrase' } });
    writeFileSync(file, '{"format":"other"}');
    expect(JSON.parse((await backupless(home, file)).err)).toMatchObject({ error: { code: 'not-a-backup' } });
    expect(await list(home)).toEqual([]);
  });

  it('tells people what it did', async () => {
    await using home = await startHome(form);
    await furnish(home);
    const file = home.folder.file('pool.backup');
    const twice = { types: [passphrase, passphrase], isTerminal: true };
    const written = await sit(home.env, twice, `backup ${file}`);
    expect(written).toMatchObject({
      code: 0,
      out: `Wrote ${file}: 2 accounts and 2 keys, sealed with your passphrase.\n`,
    });
    expect(written.asked).toHaveLength(2);
    const restored = await sit(home.env, { types: [passphrase] }, `restore ${file}`);
    expect(restored.out).toMatch(
      /^kept +one@example.com: .*\n[\s\S]*kept +key default: .*\n[\s\S]*kept +setting pinned: /,
    );
    expect(written.out + restored.out).not.toContain(passphrase);
  });
});

const backupless = (home: Home, file: string): ReturnType<typeof sit> =>
  sit(home.env, { types: [passphrase] }, `restore ${file} --json`);

describe('a restore', () => {
  it('cut off by a full disk can be done again, and loses and doubles nothing', async () => {
    await using home = await startHome('idle');
    await furnish(home);
    const file = home.folder.file('pool.backup');
    await backup(home, file);
    const dataDir = home.folder.file('elsewhere');
    const text = readFileSync(file, 'utf8');
    await using engine = await openEngine({ dataDir, env: home.env, log: () => {} });
    const { accounts } = engine.parts;
    const put = accounts.put.bind(accounts);
    let puts = 0;
    accounts.put = (account) => {
      puts += 1;
      return puts === 2
        ? Promise.reject(Object.assign(new Error('The disk is full.'), { code: 'write-failed' }))
        : put(account);
    };
    const first = await engine.handlers['backup.restore']({ text, passphrase });
    expect(first.accounts).toMatchObject([{ result: 'added' }, { id: null, result: 'failed' }]);
    const second = await engine.handlers['backup.restore']({ text, passphrase });
    expect(second.accounts).toMatchObject([{ result: 'kept' }, { result: 'added' }]);
    expect(accounts.list()).toHaveLength(2);
  });
});

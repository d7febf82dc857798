import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { accountOf, boxOf, now, temporaryFolder } from './accounts.ts';
import { killNow, messageOf, startChild, startWithFileLimit } from './children.ts';

const onDisk = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ accounts: v.array(v.record(v.string(), v.unknown())), spentTokens: v.array(v.string()) }),
);
const hashOf = (n: number) => n.toString(16).padStart(64, '0');

function readDisk(path: string): v.InferOutput<typeof onDisk> {
  return v.parse(onDisk, readFileSync(path, 'utf8'));
}

test('accounts come back in the order they were added, and no secret is on disk', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await accounts.put(accountOf('b'));
  await accounts.put(accountOf('a'));
  await accounts.put({ ...accountOf('b', 'rotated'), label: 'Work' });
  const again = await AccountsFile.open(folder, boxOf(1), { now });
  expect(again.list()).toEqual([{ ...accountOf('b', 'rotated'), label: 'Work' }, accountOf('a')]);
  expect(again.get('acc_aaaaaaaaaa')).toEqual(accountOf('a'));
  expect(again.get('acc_cccccccccc')).toBeUndefined();
  expect(readFileSync(folder.file('accounts.json'), 'utf8')).not.toMatch(/rotated|refresh-|access-/);
});

test('updates see each other, and a removed account is gone from disk', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await accounts.put(accountOf('a'));
  await accounts.put(accountOf('b'));
  const id = accountOf('a').id;
  await Promise.all([
    accounts.update(id, (a) => ({ ...a, label: `${a.label}1` })),
    accounts.update(id, (a) => ({ ...a, label: `${a.label}2` })),
    accounts.remove(accountOf('b').id),
  ]);
  const again = await AccountsFile.open(folder, boxOf(1), { now });
  expect(again.list().map((account) => account.label)).toEqual(['Account a12']);
  await expect(accounts.update(accountOf('b').id, (a) => a)).rejects.toMatchObject({ code: 'account-not-found' });
  await expect(accounts.remove(accountOf('b').id)).rejects.toMatchObject({ code: 'account-not-found' });
});

test('changes made in one go reach the disk in one write', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  const spent = accounts.markSpent(hashOf(1));
  const put = accounts.put(accountOf('a'));
  await spent;
  expect(readDisk(folder.file('accounts.json')).accounts).toHaveLength(1);
  await put;
});

test('a state change seals no credential again, a rotated token does', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await accounts.put(accountOf('a'));
  const before = readDisk(folder.file('accounts.json')).accounts[0]?.['credential'];
  await accounts.update(accountOf('a').id, (a) => ({ ...a, state: { name: 'parked', reason: 'Kiro warned' } }));
  expect(readDisk(folder.file('accounts.json')).accounts[0]?.['credential']).toBe(before);
  await accounts.put(accountOf('a', 'rotated'));
  expect(readDisk(folder.file('accounts.json')).accounts[0]?.['credential']).not.toBe(before);
});

test('what a newer version added to a record, its credential or the file survives our writes', async () => {
  using folder = temporaryFolder();
  const box = boxOf(1);
  const { credential, ...rest } = accountOf('a');
  const sealed = await box.seal(JSON.stringify({ ...credential, deviceId: 'd' }), `account:${rest.id}`);
  const stored = { ...rest, colour: 'green', email: 'a@example.com', credential: sealed };
  writeFileSync(folder.file('accounts.json'), JSON.stringify({ version: 1, accounts: [stored], order: [1] }));
  const accounts = await AccountsFile.open(folder, box, { now });
  await accounts.put(accountOf('a', 'rotated'));
  const written = readDisk(folder.file('accounts.json'));
  expect(written['order']).toEqual([1]);
  expect(written.accounts[0]).toMatchObject({ colour: 'green' });
  expect(written.accounts[0]).not.toHaveProperty('email');
  const opened = JSON.parse(await box.open(String(written.accounts[0]?.['credential']), `account:${rest.id}`));
  expect(opened).toEqual({ ...accountOf('a', 'rotated').credential, deviceId: 'd' });
});

test('records that do not open are kept as they are, listed, and come back with their key', async () => {
  using folder = temporaryFolder();
  const path = folder.file('accounts.json');
  const old = await AccountsFile.open(folder, boxOf(1), { now });
  await old.put(accountOf('a'));
  await old.put(accountOf('b'));
  const [before] = readDisk(path).accounts;

  const accounts = await AccountsFile.open(folder, boxOf(2), { now });
  expect(accounts.list()).toEqual([]);
  expect(accounts.locked).toEqual([
    { id: accountOf('a').id, label: 'Account a', reason: 'cannot-open' },
    { id: accountOf('b').id, label: 'Account b', reason: 'cannot-open' },
  ]);
  await accounts.put(accountOf('c'));
  await accounts.markSpent(hashOf(1));
  await expect(accounts.put(accountOf('a', 'other'))).rejects.toMatchObject({ code: 'account-locked' });
  expect(readDisk(path).accounts[0]).toEqual(before);
  await accounts.remove(accountOf('b').id);
  expect(readDisk(path).accounts).toHaveLength(2);

  const again = await AccountsFile.open(folder, boxOf(1), { now });
  expect(again.list()).toEqual([accountOf('a')]);
  expect(again.locked.map((locked) => locked.id)).toEqual([accountOf('c').id]);
});

test('records of a shape that only a newer version knows, twins and swapped boxes lock only themselves', async () => {
  using folder = temporaryFolder();
  const path = folder.file('accounts.json');
  const seed = await AccountsFile.open(folder, boxOf(1), { now });
  await seed.put(accountOf('a'));
  await seed.put(accountOf('b'));
  const [a = {}, b = {}] = readDisk(path).accounts;
  const stored = [
    a,
    { ...b, state: { name: 'hibernating' } },
    { ...a, label: 'Twin' },
    { ...a, id: 'acc_zzzzzzzzzz' },
    'nonsense',
  ];
  writeFileSync(path, JSON.stringify({ version: 1, accounts: stored, spentTokens: [] }));
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  expect(accounts.list()).toEqual([accountOf('a')]);
  expect(accounts.locked.map(({ reason }) => reason)).toEqual(['wrong-shape', 'twin', 'cannot-open', 'wrong-shape']);
  await accounts.save();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ accounts: stored });
});

test('locked accounts open later when the keychain does', async () => {
  using folder = temporaryFolder();
  await (await AccountsFile.open(folder, boxOf(1), { now })).put(accountOf('a'));
  let isUnlocked = false;
  const keychain = {
    ...boxOf(1),
    open: (sealed: string, context: string) =>
      isUnlocked ? boxOf(1).open(sealed, context) : Promise.reject(new Error('locked')),
  };
  const accounts = await AccountsFile.open(folder, keychain, { now });
  expect(accounts.locked).toHaveLength(1);
  isUnlocked = true;
  await accounts.retryLocked();
  expect(accounts.list()).toEqual([accountOf('a')]);
  expect(accounts.locked).toEqual([]);
});

test('a failed write rejects, keeps the rotated token in memory, and save() brings it to disk', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await accounts.put(accountOf('a'));
  mkdirSync(folder.file('accounts.json.tmp'));
  await expect(accounts.put(accountOf('a', 'rotated'))).rejects.toMatchObject({ code: 'write-failed' });
  expect(accounts.list()).toEqual([accountOf('a', 'rotated')]);
  // The journal has it, even so.
  expect((await AccountsFile.open(folder, boxOf(1), { now })).list()).toEqual([accountOf('a', 'rotated')]);
  rmSync(folder.file('accounts.json.tmp'), { recursive: true });
  await accounts.save();
  expect((await AccountsFile.open(folder, boxOf(1), { now })).list()).toEqual([accountOf('a', 'rotated')]);
});

test('an account that could not be read back is never written, and the error holds no value of it', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  const wrong = { ...accountOf('a'), label: 'secret-label'.repeat(9) };
  const attempt = accounts.put(wrong);
  // Valibot's issues carry the values they are about.
  await expect(attempt).rejects.not.toHaveProperty('cause');
  await expect(attempt).rejects.toMatchObject({
    code: 'invalid-account',
    message: expect.not.stringContaining('secret-label'),
  });
  expect(accounts.list()).toEqual([]);
});

test('accounts handed out cannot be changed behind the file', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await accounts.put(accountOf('a'));
  const account = accounts.get(accountOf('a').id);
  expect(() => {
    if (account) account.credential.kind = 'api-key';
  }).toThrow(TypeError);
});

test('spent tokens are remembered by hash, the newest 500, and never in plain', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await Promise.all(Array.from({ length: 510 }, (_, n) => accounts.markSpent(hashOf(n))));
  await expect(accounts.markSpent('aor-refresh-token')).rejects.toThrow(TypeError);
  const again = await AccountsFile.open(folder, boxOf(1), { now });
  expect([again.isSpent(hashOf(9)), again.isSpent(hashOf(10)), again.isSpent(hashOf(509))]).toEqual([
    false,
    true,
    true,
  ]);
  expect(readDisk(folder.file('accounts.json')).spentTokens).toHaveLength(500);
});

test('listeners hear of changes at once, a broken one harms nobody, and they can leave', async () => {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  const heard: number[] = [];
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const leaveBroken = accounts.onChange(() => {
    throw new Error('broken screen');
  });
  const leave = accounts.onChange(() => heard.push(accounts.list().length));
  const put = accounts.put(accountOf('a'));
  expect(heard).toEqual([1]);
  await put;
  expect((await warned).message).toBe('broken screen');
  leaveBroken();
  leave();
  await accounts.remove(accountOf('a').id);
  expect(heard).toEqual([1]);
});

test('kill -9 at any moment leaves a file that parses and holds the last state that was promised, or a later one', async () => {
  using folder = temporaryFolder();
  let first = 0;
  let killedInside = 0;
  for (let round = 0; round < 20; round++) {
    using child = startChild(new URL('./writer-child.ts', import.meta.url), folder.path, String(first), '50');
    let promised = -1;
    expect(await messageOf(child)).toBe('open');
    child.on('message', (n) => (promised = Math.max(promised, Number(n))));
    // 0 to 40 ms into its writes: some rounds end before the first, some in the middle of one.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    await killNow(child);
    if (promised < first + 49) killedInside++;
    const problems: unknown[] = [];
    const accounts = await AccountsFile.open(folder, boxOf(1), { now, onProblem: (problem) => problems.push(problem) });
    expect(problems).toEqual([]);
    expect(accounts.locked).toEqual([]);
    const [account] = accounts.list();
    const found = account?.credential.kind === 'social' ? Number(account.credential.refreshToken.slice(8)) : -1;
    expect(found).toBeGreaterThanOrEqual(Math.max(promised, first - 1));
    expect(found).toBeLessThan(first + 50);
    first = found + 1;
  }
  expect(killedInside).toBeGreaterThan(0);
});

test.skipIf(process.platform === 'win32')(
  'a disk that is full in the middle of a write rejects and leaves the old file whole',
  async () => {
    using folder = temporaryFolder();
    await (await AccountsFile.open(folder, boxOf(1), { now })).put(accountOf('a'));
    using child = startWithFileLimit(new URL('./full-disk-child.ts', import.meta.url), folder.path);
    expect(await messageOf(child)).toBe('write-failed');
    expect((await AccountsFile.open(folder, boxOf(1), { now })).list()).toEqual([accountOf('a')]);
  },
);

import { mkdirSync, readFileSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEngine } from '../../app/engine.ts';
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { headlessSecretBox } from '../../app/store/headless-box.ts';
import {
  keychainSecretBox,
  moveKeyIntoKeychain,
  startAfresh,
  type KeychainBoxOptions,
} from '../../app/store/keychain-box.ts';
import { accountOf, now, temporaryFolder } from './accounts.ts';
import { Keychain } from './keychain.ts';

const sealedFile = 'master.key.sealed';

function optionsFor(folder: { path: string }, sealer: Keychain, more: Partial<KeychainBoxOptions> = {}) {
  return { dataDir: folder.path, env: {}, sealer, strength: 'os-keychain', now, ...more } as const;
}

test('a key is made once, lies sealed and private, and opens what it sealed at the next start', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const box = await keychainSecretBox(optionsFor(folder, keychain));
  const secret = await box.seal('geheim', 'account:a');
  expect(box.strength).toBe('os-keychain');
  expect(readdirSync(folder.path)).toEqual([sealedFile]);
  expect(statSync(folder.file(sealedFile)).mode & 0o777).toBe(0o600);
  const again = await keychainSecretBox(optionsFor(folder, keychain));
  expect(await again.open(secret, 'account:a')).toBe('geheim');
  expect(keychain.seals).toBe(1);
});

test('a locked, missing or lost keychain says so, leaves the sealed key as it is, and may be tried again', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const secret = await (await keychainSecretBox(optionsFor(folder, keychain))).seal('geheim', 'account:a');
  const before = readFileSync(folder.file(sealedFile), 'utf8');
  const refused = async (): Promise<void> => {
    await expect(keychainSecretBox(optionsFor(folder, keychain))).rejects.toMatchObject({ code: 'keychain-locked' });
    expect(readFileSync(folder.file(sealedFile), 'utf8')).toBe(before);
    expect(readdirSync(folder.path)).toEqual([sealedFile]);
  };
  keychain.isLocked = true;
  await refused();
  keychain.isLocked = false;
  keychain.isThere = false;
  await refused();
  keychain.isThere = true;
  expect(await (await keychainSecretBox(optionsFor(folder, keychain))).open(secret, 'account:a')).toBe('geheim');
  keychain.lose();
  await refused();
});

test('the keychain rotates: the key is sealed again and stays the same', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const secret = await (await keychainSecretBox(optionsFor(folder, keychain))).seal('geheim', 'account:a');
  const before = readFileSync(folder.file(sealedFile), 'utf8');
  keychain.rotate();
  await keychainSecretBox(optionsFor(folder, keychain));
  expect(readFileSync(folder.file(sealedFile), 'utf8')).not.toBe(before);
  expect(keychain.seals).toBe(2);
  const box = await keychainSecretBox(optionsFor(folder, keychain));
  expect(await box.open(secret, 'account:a')).toBe('geheim');
  expect(keychain.seals).toBe(2);
});

test('a disk that is full when the keychain rotates costs nothing: the old seal still opens', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const secret = await (await keychainSecretBox(optionsFor(folder, keychain))).seal('geheim', 'account:a');
  keychain.rotate();
  // What the new file would be written to first cannot be written.
  mkdirSync(folder.file(`${sealedFile}.tmp`));
  const box = await keychainSecretBox(optionsFor(folder, keychain));
  expect(await box.open(secret, 'account:a')).toBe('geheim');
  rmdirSync(folder.file(`${sealedFile}.tmp`));
  await keychainSecretBox(optionsFor(folder, keychain));
  expect(keychain.seals).toBe(3);
});

test('a weak keychain is told as weak, and what it sealed is sealed again by a better one', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const weak = await keychainSecretBox(optionsFor(folder, keychain, { strength: 'weak' }));
  expect(weak.strength).toBe('weak');
  const better = await keychainSecretBox(optionsFor(folder, keychain));
  expect(better.strength).toBe('os-keychain');
  expect(keychain.seals).toBe(2);
  expect(await better.open(await weak.seal('geheim', 'k'), 'k')).toBe('geheim');
});

test('a keychain that forgets what it seals is found out before anything depends on it', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  keychain.isForgetful = true;
  await expect(keychainSecretBox(optionsFor(folder, keychain))).rejects.toMatchObject({ code: 'keychain-locked' });
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a key that lies open goes first, and is moved only when that is asked for', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const secret = await (await headlessSecretBox({ dataDir: folder.path, env: {} })).seal('geheim', 'k');
  expect((await keychainSecretBox(optionsFor(folder, keychain))).strength).toBe('key-file');
  expect(keychain.seals).toBe(0);
  await moveKeyIntoKeychain(optionsFor(folder, keychain));
  expect(readdirSync(folder.path)).toEqual([sealedFile]);
  const moved = await keychainSecretBox(optionsFor(folder, keychain));
  expect(moved.strength).toBe('os-keychain');
  expect(await moved.open(secret, 'k')).toBe('geheim');
});

test('a move that ends half-way leaves the open key in force, and can be done again', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const secret = await (await headlessSecretBox({ dataDir: folder.path, env: {} })).seal('geheim', 'k');
  const open = readFileSync(folder.file('master.key'));
  keychain.isLocked = true;
  await expect(moveKeyIntoKeychain(optionsFor(folder, keychain))).rejects.toMatchObject({ code: 'keychain-locked' });
  expect(readdirSync(folder.path)).toEqual(['master.key']);
  keychain.isLocked = false;
  await moveKeyIntoKeychain(optionsFor(folder, keychain));
  // As a kill after the seal and before the removal leaves it.
  writeFileSync(folder.file('master.key'), open);
  expect((await keychainSecretBox(optionsFor(folder, keychain))).strength).toBe('key-file');
  await moveKeyIntoKeychain(optionsFor(folder, keychain));
  expect(readdirSync(folder.path)).toEqual([sealedFile]);
  expect(await (await keychainSecretBox(optionsFor(folder, keychain))).open(secret, 'k')).toBe('geheim');
});

test('a move never writes over another key that is sealed already', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const other = await (await keychainSecretBox(optionsFor(folder, keychain))).seal('geheim', 'k');
  const sealed = readFileSync(folder.file(sealedFile), 'utf8');
  writeFileSync(folder.file('master.key'), Buffer.alloc(32, 7).toString('base64'));
  await moveKeyIntoKeychain(optionsFor(folder, keychain));
  const kept = readdirSync(folder.path).find((name) => name.includes('.lost-'));
  expect(readFileSync(folder.file(kept ?? ''), 'utf8')).toBe(sealed);
  const box = await keychainSecretBox(optionsFor(folder, keychain));
  await expect(box.open(other, 'k')).rejects.toMatchObject({ code: 'cannot-open' });
});

test('starting afresh keeps the lost key and the accounts it locks, and a found key brings them back', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  const first = await keychainSecretBox(optionsFor(folder, keychain));
  await (await AccountsFile.open(folder, first, { now })).put(accountOf('a'));
  const sealed = readFileSync(folder.file(sealedFile), 'utf8');
  const afresh = await startAfresh(optionsFor(folder, keychain));
  const accounts = await AccountsFile.open(folder, afresh, { now });
  expect(accounts.list()).toEqual([]);
  expect(accounts.locked).toMatchObject([{ id: 'acc_aaaaaaaaaa', reason: 'cannot-open' }]);
  const kept = readdirSync(folder.path).find((name) => name.includes('.lost-'));
  expect(kept).toMatch(/^master\.key\.sealed\.lost-\d{8}T/);
  writeFileSync(folder.file(sealedFile), readFileSync(folder.file(kept ?? '')));
  const found = await keychainSecretBox(optionsFor(folder, keychain));
  expect(readFileSync(folder.file(sealedFile), 'utf8')).toBe(sealed);
  expect((await AccountsFile.open(folder, found, { now })).list()).toHaveLength(1);
});

test('starting afresh with a keychain that says no changes nothing that is in force', async () => {
  using folder = temporaryFolder();
  const keychain = new Keychain();
  await keychainSecretBox(optionsFor(folder, keychain));
  const sealed = readFileSync(folder.file(sealedFile), 'utf8');
  keychain.isLocked = true;
  await expect(startAfresh(optionsFor(folder, keychain))).rejects.toMatchObject({ code: 'keychain-locked' });
  expect(readFileSync(folder.file(sealedFile), 'utf8')).toBe(sealed);
});

test('without its sealed key a folder with secrets gets no new one', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('accounts.json'), '{"accounts":[{"credential":"v1:x"}]}');
  await expect(keychainSecretBox(optionsFor(folder, new Keychain()))).rejects.toMatchObject({
    code: 'master-key-missing',
  });
});

test.each([
  ['{"version":2,"strength":"weak","sealed":"AAAA"}', 'newer-version'],
  ['{"version":1,"strength":"we', 'bad-master-key'],
  ['', 'bad-master-key'],
])('a sealed key that this version cannot read is left alone: %s', async (text, code) => {
  using folder = temporaryFolder();
  writeFileSync(folder.file(sealedFile), text);
  await expect(keychainSecretBox(optionsFor(folder, new Keychain()))).rejects.toMatchObject({ code });
  expect(readFileSync(folder.file(sealedFile), 'utf8')).toBe(text);
});

test('a command on a folder whose key is in the keychain says how to go on, and an environment key lets it', async () => {
  using folder = temporaryFolder();
  await keychainSecretBox(optionsFor(folder, new Keychain()));
  await expect(headlessSecretBox({ dataDir: folder.path, env: {} })).rejects.toMatchObject({
    code: 'key-in-keychain',
    hint: 'Start Kiro Pool, or set KIRO_POOL_MASTER_KEY.',
  });
  const env = { KIRO_POOL_MASTER_KEY: Buffer.alloc(32, 3).toString('base64') };
  expect((await headlessSecretBox({ dataDir: folder.path, env })).strength).toBe('environment-key');
});

test('the engine seals with the box that it is given', async () => {
  using folder = temporaryFolder();
  const sealer = new Keychain();
  await using engine = await openEngine({
    dataDir: folder.file('data'),
    env: {},
    log: () => undefined,
    secretBox: ({ path }) => keychainSecretBox(optionsFor({ path }, sealer)),
  });
  expect(engine.status().secretBox).toBe('os-keychain');
  expect(readdirSync(folder.file('data'))).not.toContain('master.key');
});

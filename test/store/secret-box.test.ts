import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { headlessSecretBox } from '../../app/store/headless-box.ts';
import { createMasterKeyBox } from '../../app/store/secret-box.ts';
import { accountOf, boxOf, now, temporaryFolder } from './accounts.ts';

test('a box opens to what was sealed, and never looks the same twice', async () => {
  const box = boxOf(1);
  const sealed = await box.seal('geheim ✓', 'account:acc_a');
  expect(await box.open(sealed, 'account:acc_a')).toBe('geheim ✓');
  expect(sealed).toMatch(/^v1:[A-Za-z0-9+/]+=*$/);
  expect(await box.seal('geheim ✓', 'account:acc_a')).not.toBe(sealed);
});

test('a box does not open in another place, with another key, or when a bit of it changed', async () => {
  const sealed = await boxOf(1).seal('secret-value', 'account:acc_a');
  const flipped = Buffer.from(sealed.slice(3), 'base64');
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  const attempts = [
    boxOf(1).open(sealed, 'account:acc_b'),
    boxOf(2).open(sealed, 'account:acc_a'),
    boxOf(1).open(`v1:${flipped.toString('base64')}`, 'account:acc_a'),
    boxOf(1).open(sealed.slice(0, 12), 'account:acc_a'),
    boxOf(1).open(sealed.replace('v1:', 'v2:'), 'account:acc_a'),
    boxOf(1).open('', 'account:acc_a'),
  ];
  for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'cannot-open' });
});

test('a key of another length is refused', () => {
  expect(() => createMasterKeyBox(Buffer.alloc(31), 'weak')).toThrow(/31 bytes.*32/);
});

test('without a keychain a key file is made once, private, and used again', async () => {
  using folder = temporaryFolder();
  const first = await headlessSecretBox({ dataDir: folder.path, env: {} });
  expect(first.strength).toBe('key-file');
  expect(statSync(folder.file('master.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path)).toEqual(['master.key']);
  const sealed = await first.seal('x', 'c');
  const second = await headlessSecretBox({ dataDir: folder.path, env: {} });
  expect(await second.open(sealed, 'c')).toBe('x');
});

test('KIRO_POOL_MASTER_KEY wins over the file, and writes none', async () => {
  using folder = temporaryFolder();
  const env = { KIRO_POOL_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') };
  const box = await headlessSecretBox({ dataDir: folder.path, env });
  expect(box.strength).toBe('environment-key');
  expect(await boxOf(1).open(await box.seal('x', 'c'), 'c')).toBe('x');
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a master key that is too short or no base64 is refused without being repeated', async () => {
  using folder = temporaryFolder();
  const short = Buffer.alloc(16, 7).toString('base64');
  const attempt = headlessSecretBox({ dataDir: folder.path, env: { KIRO_POOL_MASTER_KEY: short } });
  await expect(attempt).rejects.toMatchObject({
    code: 'bad-master-key',
    message: expect.stringMatching(/16 bytes.*32/),
  });
  await expect(attempt).rejects.toMatchObject({ message: expect.not.stringContaining(short) });
  writeFileSync(folder.file('master.key'), 'not base64 at all!\n');
  await expect(headlessSecretBox({ dataDir: folder.path, env: {} })).rejects.toMatchObject({ code: 'bad-master-key' });
  expect(readFileSync(folder.file('master.key'), 'utf8')).toBe('not base64 at all!\n');
});

test('no new key is made over sealed accounts whose key is lost, also when only a copy of them is left', async () => {
  for (const name of ['accounts.json', 'accounts.json.corrupt-20260801T000000.000Z', 'keys.json.bak-v1']) {
    using folder = temporaryFolder();
    mkdirSync(folder.file('other'));
    const accounts = await AccountsFile.open(folder, boxOf(1), { now });
    await accounts.put(accountOf('a'));
    const text = readFileSync(folder.file('accounts.json'), 'utf8');
    writeFileSync(folder.file('accounts.json'), '{"version":1,"accounts":[]}');
    writeFileSync(folder.file(name), text);
    await expect(headlessSecretBox({ dataDir: folder.path, env: {} })).rejects.toMatchObject({
      code: 'master-key-missing',
      message: expect.stringContaining(name),
    });
    expect(readdirSync(folder.path)).not.toContain('master.key');
  }
});

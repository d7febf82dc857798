import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KeysFile } from '../../app/store/keys-file.ts';
import { boxOf, now, temporaryFolder } from './accounts.ts';

test('the first open makes the key "default", which lasts and is sealed', async () => {
  using folder = temporaryFolder();
  const keys = await KeysFile.open(folder, boxOf(1), { now });
  expect(keys.list()).toEqual([{ name: 'default', createdAt: now(), isLocked: false }]);
  const key = await keys.show('default');
  expect(key).toMatch(/^kp-[A-Za-z0-9_-]{43}$/);
  expect(readFileSync(folder.file('keys.json'), 'utf8')).not.toContain(key.slice(3));
  const again = await KeysFile.open(folder, boxOf(1), { now });
  expect(await again.show('default')).toBe(key);
  expect(again.list()).toHaveLength(1);
});

test('a key names its owner, everything else names nobody', async () => {
  using folder = temporaryFolder();
  const keys = await KeysFile.open(folder, boxOf(1), { now });
  const key = await keys.create('my-project.1');
  expect(keys.nameOf(key)).toBe('my-project.1');
  expect(keys.nameOf(await keys.show('default'))).toBe('default');
  for (const wrong of ['', key.slice(0, -1), `${key}x`, key.toUpperCase(), 'my-project.1', 'x'.repeat(100_000)]) {
    expect(keys.nameOf(wrong)).toBeUndefined();
  }
  expect((await KeysFile.open(folder, boxOf(1), { now })).nameOf(key)).toBe('my-project.1');
});

test('a revoked key lets nobody in, now and after a restart, and no default is made anew', async () => {
  using folder = temporaryFolder();
  const keys = await KeysFile.open(folder, boxOf(1), { now });
  const key = await keys.show('default');
  await keys.revoke('default');
  expect(keys.nameOf(key)).toBeUndefined();
  const again = await KeysFile.open(folder, boxOf(1), { now });
  expect(again.list()).toEqual([]);
  await expect(again.revoke('default')).rejects.toMatchObject({ code: 'key-not-found' });
  await expect(again.show('default')).rejects.toMatchObject({ code: 'key-not-found' });
});

test('names are checked and unique, also when two are made at once', async () => {
  using folder = temporaryFolder();
  const keys = await KeysFile.open(folder, boxOf(1), { now });
  for (const name of ['', 'a b', '../x', 'ä', 'x'.repeat(41), 'a\n']) {
    await expect(keys.create(name)).rejects.toMatchObject({ code: 'bad-key-name' });
  }
  await expect(keys.create('default')).rejects.toMatchObject({ code: 'key-exists' });
  const both = await Promise.allSettled([keys.create('twin'), keys.create('twin')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(keys.list().map(({ name }) => name)).toEqual(['default', 'twin']);
});

test('keys whose master key is lost stay on disk, are listed as locked, and let nobody in', async () => {
  using folder = temporaryFolder();
  const key = await (await KeysFile.open(folder, boxOf(1), { now })).show('default');
  const keys = await KeysFile.open(folder, boxOf(2), { now });
  expect(keys.list()).toEqual([{ name: 'default', createdAt: now(), isLocked: true }]);
  expect(keys.nameOf(key)).toBeUndefined();
  await keys.create('new');
  expect((await KeysFile.open(folder, boxOf(1), { now })).nameOf(key)).toBe('default');
});

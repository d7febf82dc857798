import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, lstatSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writePrivateFile } from '../../app/store/private-file.ts';
import { temporaryFolder } from '../support/engine.ts';

test('a new file is whole and private', async () => {
  using folder = temporaryFolder();
  const path = folder.file('a');
  await writePrivateFile(path, 'text', { force: false });
  expect(readFileSync(path, 'utf8')).toBe('text');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path)).toEqual(['a']);
});

test('of many that want one name, one gets it', async () => {
  using folder = temporaryFolder();
  const path = folder.file('a');
  const writes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => writePrivateFile(path, String(index).repeat(10_000), { force: false })),
  );
  const won = writes.findIndex(({ status }) => status === 'fulfilled');
  expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(readFileSync(path, 'utf8')).toBe(String(won).repeat(10_000));
  expect(readdirSync(folder.path)).toEqual(['a']);
});

test('an existing file is replaced when that is wanted, behind a link too', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('real'), 'old', { mode: 0o644 });
  symlinkSync(folder.file('real'), folder.file('link'));
  await expect(writePrivateFile(folder.file('link'), 'new', { force: false })).rejects.toMatchObject({
    code: 'file-exists',
  });
  await writePrivateFile(folder.file('link'), 'new', { force: true });
  expect(readFileSync(folder.file('real'), 'utf8')).toBe('new');
  expect(lstatSync(folder.file('link')).isSymbolicLink()).toBe(true);
  expect(statSync(folder.file('real')).mode & 0o777).toBe(0o600);
});

test('a link that leads nowhere is said to be one, and stays as it is', async () => {
  using folder = temporaryFolder();
  symlinkSync(folder.file('gone/real'), folder.file('link'));
  for (const force of [false, true]) {
    await expect(writePrivateFile(folder.file('link'), 'text', { force })).rejects.toMatchObject({
      code: 'write-failed',
      message: `${folder.file('link')} is a link to ${folder.file('gone/real')}, which is not there.`,
      hint: 'Make the file that it leads to, or remove the link.',
    });
  }
  expect(lstatSync(folder.file('link')).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder.path)).toEqual(['link']);
});

test('what cannot be written leaves nothing behind', async () => {
  using folder = temporaryFolder();
  await expect(writePrivateFile(folder.file('none/a'), 'text', { force: false })).rejects.toMatchObject({
    code: 'write-failed',
  });
  mkdirSync(folder.file('taken'));
  await expect(writePrivateFile(folder.file('taken'), 'text', { force: true })).rejects.toMatchObject({
    code: 'write-failed',
  });
  expect(readdirSync(folder.path)).toEqual(['taken']);
});

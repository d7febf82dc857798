import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { defaultDataDir, desktopFolder, openDataFolder } from '../../app/store/data-folder.ts';
import { readOwner } from '../../app/store/owner.ts';
import { temporaryFolder } from './accounts.ts';
import { killNow, messageOf, startChild } from './children.ts';

const now = () => Date.UTC(2026, 7, 1);
const options = { version: '1.2.3', now };
const modeOf = (path: string) => statSync(path).mode & 0o777;

test('the folder and its files are private, also when they were not', async () => {
  using parent = temporaryFolder();
  const path = parent.file('deep/er');
  {
    using folder = await openDataFolder(path, options);
    expect(folder.path).toBe(path);
    expect(modeOf(path)).toBe(0o700);
    expect(readdirSync(path).map((name) => [name, modeOf(folder.file(name))])).toEqual([
      ['lock.db', 0o600],
      ['owner.json', 0o600],
    ]);
  }
  chmodSync(path, 0o755);
  for (const name of ['accounts.json', 'keys.json.bak-v1', 'usage.db-wal', 'master.key', 'note.txt']) {
    writeFileSync(`${path}/${name}`, '', { mode: 0o644 });
  }
  using folder = await openDataFolder(path, options);
  expect(modeOf(path)).toBe(0o700);
  for (const name of ['accounts.json', 'keys.json.bak-v1', 'usage.db-wal', 'master.key']) {
    expect([name, modeOf(folder.file(name))]).toEqual([name, 0o600]);
  }
  expect(modeOf(folder.file('note.txt'))).toBe(0o644);
});

test('a folder of its own that the user made is made private, also when the desktop app has been there first', async () => {
  using parent = temporaryFolder();
  chmodSync(parent.path, 0o755);
  mkdirSync(parent.file(desktopFolder), { mode: 0o700 });
  using folder = await openDataFolder(parent.path, options);
  expect(modeOf(folder.path)).toBe(0o700);
  expect(modeOf(folder.file(desktopFolder))).toBe(0o700);
});

test('a shared folder full of other things is refused and not touched', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('note.txt'), '');
  chmodSync(folder.path, 0o755);
  await expect(openDataFolder(folder.path, options)).rejects.toMatchObject({ code: 'folder-unusable' });
  expect(modeOf(folder.path)).toBe(0o755);
});

test.runIf(process.platform === 'linux')('where no folder can be made, that is said, and at once', async () => {
  for (const path of ['/proc/nope', '/proc/nope/deeper', '/dev/null/nope']) {
    await expect(openDataFolder(path, options)).rejects.toMatchObject({ code: 'folder-unusable' });
  }
});

test('a path that is a file is refused with a hint', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('file'), '');
  await expect(openDataFolder(folder.file('file'), options)).rejects.toMatchObject({
    code: 'folder-unusable',
    hint: expect.stringContaining('--data-dir'),
  });
});

test('others can read who owns the folder and how to reach it, until it is given back', async () => {
  using parent = temporaryFolder();
  {
    using folder = await openDataFolder(parent.path, options);
    const owner = { pid: process.pid, startedAt: now(), version: '1.2.3', token: folder.token };
    expect(await readOwner(parent.path)).toEqual(owner);
    await folder.announce('/run/kiro.sock');
    expect(await readOwner(parent.path)).toEqual({ ...owner, socket: '/run/kiro.sock' });
    expect(modeOf(folder.file('owner.json'))).toBe(0o600);
  }
  expect(await readOwner(parent.path)).toBeUndefined();
  expect(existsSync(parent.file('owner.json'))).toBe(false);
});

test('a second owner is refused, told who has the folder, and takes it when the first is done', async () => {
  using parent = temporaryFolder();
  using first = startChild(new URL('./owner-child.ts', import.meta.url), parent.path);
  expect(await messageOf(first)).toBe('owner');
  // Twice: the failed try must not free the lock or the owner's file.
  for (const _ of [1, 2]) {
    await expect(openDataFolder(parent.path, options)).rejects.toMatchObject({
      code: 'folder-in-use',
      message: expect.stringMatching(new RegExp(`9\\.9\\.9 \\(process ${first.pid}\\), running since 20\\d\\d-`)),
    });
  }
  first.send('done');
  await once(first, 'exit');
  using folder = await openDataFolder(parent.path, options);
  expect((await readOwner(parent.path))?.token).toBe(folder.token);
});

test('a process that already has the folder is refused as well and keeps it', async () => {
  using parent = temporaryFolder();
  using _folder = await openDataFolder(parent.path, options);
  await expect(openDataFolder(parent.path, options)).rejects.toMatchObject({ code: 'folder-in-use' });
  using child = startChild(new URL('./owner-child.ts', import.meta.url), parent.path);
  expect(await messageOf(child)).toMatch(/^folder-in-use/);
});

test('kill -9 of the owner frees the folder at once, and nobody takes it for running', async () => {
  using parent = temporaryFolder();
  using first = startChild(new URL('./owner-child.ts', import.meta.url), parent.path);
  expect(await messageOf(first)).toBe('owner');
  await killNow(first);
  expect(JSON.parse(readFileSync(parent.file('owner.json'), 'utf8'))).toMatchObject({ pid: first.pid });
  expect(await readOwner(parent.path)).toBeUndefined();
  using second = startChild(new URL('./owner-child.ts', import.meta.url), parent.path);
  expect(await messageOf(second)).toBe('owner');
});

test('of many that start at once exactly one gets the folder', async () => {
  using parent = temporaryFolder();
  using children = new DisposableStack();
  const starts = Array.from({ length: 5 }, () =>
    children.use(startChild(new URL('./owner-child.ts', import.meta.url), parent.path)),
  );
  const answers = await Promise.all(starts.map((child) => messageOf(child)));
  expect(answers.filter((answer) => answer === 'owner')).toHaveLength(1);
  expect(answers.filter((answer) => String(answer).startsWith('folder-in-use'))).toHaveLength(4);
});

test('the default folder is where each platform keeps application data', () => {
  expect(defaultDataDir({}, 'linux', '/home/u')).toBe('/home/u/.local/share/kiro-pool');
  expect(defaultDataDir({ XDG_DATA_HOME: '/data' }, 'linux', '/home/u')).toBe('/data/kiro-pool');
  expect(defaultDataDir({ XDG_DATA_HOME: 'data' }, 'linux', '/home/u')).toBe('/home/u/.local/share/kiro-pool');
  expect(defaultDataDir({}, 'darwin', '/Users/u')).toBe('/Users/u/Library/Application Support/kiro-pool');
  expect(defaultDataDir({}, 'win32', 'C:\\Users\\u')).toBe('C:\\Users\\u\\AppData\\Roaming\\kiro-pool');
  expect(defaultDataDir({ APPDATA: 'D:\\R' }, 'win32', 'C:\\Users\\u')).toBe('D:\\R\\kiro-pool');
  expect(defaultDataDir({ KIRO_POOL_DATA_DIR: '/x', XDG_DATA_HOME: '/data' }, 'linux', '/home/u')).toBe('/x');
});

import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { JsonFile } from '../../app/store/json-file.ts';
import type { FileProblem, Migration } from '../../app/store/json-file.ts';
import { now, temporaryFolder } from './accounts.ts';

const schema = v.looseObject({ version: v.number(), items: v.array(v.string()) });

test('what is written is read again, private, and leaves no temp file', async () => {
  using folder = temporaryFolder();
  const path = folder.file('a.json');
  const file = await JsonFile.open({ path, schema, now });
  expect(file.initial).toBeUndefined();
  await file.write(() => ({ version: 1, items: ['x'], extra: true }));
  expect((await JsonFile.open({ path, schema, now })).initial).toEqual({ version: 1, items: ['x'], extra: true });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path)).toEqual(['a.json']);
});

test('corrupt, empty and wrong-shaped files are kept aside under a new name and told, values not repeated', async () => {
  for (const content of [
    '{"version":1,"items":["cut',
    '',
    '   ',
    '[]',
    '{"version":1,"items":"secret-value"}',
    '{"version":"1"}',
  ]) {
    using folder = temporaryFolder();
    const path = folder.file('a.json');
    writeFileSync(path, content);
    const problems: FileProblem[] = [];
    const file = await JsonFile.open({ path, schema, now, onProblem: (problem) => problems.push(problem) });
    expect(file.initial).toBeUndefined();
    expect(readdirSync(folder.path)).toEqual(['a.json.corrupt-20260801T123015.250Z']);
    expect(readFileSync(folder.file('a.json.corrupt-20260801T123015.250Z'), 'utf8')).toBe(content);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).not.toContain('secret-value');
  }
});

test('a file set aside in the same millisecond as another takes a name of its own', async () => {
  using folder = temporaryFolder();
  for (const content of ['one', 'two']) {
    writeFileSync(folder.file('a.json'), content);
    await JsonFile.open({ path: folder.file('a.json'), schema, now });
  }
  expect(
    readdirSync(folder.path)
      .map((name) => readFileSync(folder.file(name), 'utf8'))
      .sort(),
  ).toEqual(['one', 'two']);
});

test('a newer version is refused and left as it is', async () => {
  using folder = temporaryFolder();
  const content = '{"version":7,"items":{"new":"shape"}}';
  writeFileSync(folder.file('a.json'), content);
  await expect(JsonFile.open({ path: folder.file('a.json'), schema, now })).rejects.toMatchObject({
    code: 'newer-version',
  });
  expect(readdirSync(folder.path)).toEqual(['a.json']);
  expect(readFileSync(folder.file('a.json'), 'utf8')).toBe(content);
});

const migrations: Migration[] = [
  ({ list, ...rest }) => ({ ...rest, names: list }),
  ({ names, ...rest }) => ({ ...rest, items: v.parse(v.array(v.string()), names).map((name) => name.toUpperCase()) }),
];

test('older versions migrate step by step, on disk, after a private copy', async () => {
  using folder = temporaryFolder();
  const path = folder.file('a.json');
  const old = '{"version":1,"list":["a"],"kept":1}';
  writeFileSync(path, old, { mode: 0o644 });
  expect((await JsonFile.open({ path, schema, migrations, now })).initial).toEqual({
    version: 3,
    items: ['A'],
    kept: 1,
  });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 3, items: ['A'], kept: 1 });
  expect(readFileSync(`${path}.bak-v1`, 'utf8')).toBe(old);
  expect(statSync(`${path}.bak-v1`).mode & 0o777).toBe(0o600);

  writeFileSync(path, '{"version":2,"names":["b"]}');
  expect((await JsonFile.open({ path, schema, migrations, now })).initial).toEqual({ version: 3, items: ['B'] });
});

test('an old file on which a migration fails is set aside', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('a.json'), '{"version":2,"names":5}');
  expect((await JsonFile.open({ path: folder.file('a.json'), schema, migrations, now })).initial).toBeUndefined();
  expect(readdirSync(folder.path)).toEqual(['a.json.corrupt-20260801T123015.250Z']);
});

test('writes run one at a time, and each caller resolves with its own change on disk', async () => {
  using folder = temporaryFolder();
  const path = folder.file('a.json');
  const file = await JsonFile.open({ path, schema, now });
  const items: string[] = [];
  let running = 0;
  let produced = 0;
  const write = async (item: string): Promise<void> => {
    items.push(item);
    await file.write(async () => {
      produced++;
      expect(++running).toBe(1);
      const state = { version: 1, items: [...items] };
      await Promise.resolve();
      running--;
      return state;
    });
    const onDisk = v.parse(v.pipe(v.string(), v.parseJson(), schema), readFileSync(path, 'utf8'));
    expect(onDisk.items).toContain(item);
  };
  const writes: Promise<void>[] = [];
  for (let n = 0; n < 40; n++) {
    writes.push(write(`item ${n}`));
    if (n % 10 === 0) await Promise.resolve();
  }
  await Promise.all(writes);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 1, items });
  expect(produced).toBeLessThan(40);
});

test('a failed write rejects, leaves the old file, and the next one works', async () => {
  using folder = temporaryFolder();
  const path = folder.file('a.json');
  const file = await JsonFile.open({ path, schema, now });
  await file.write(() => ({ version: 1, items: ['old'] }));
  // A folder in the temp file's place fails the write for root too.
  mkdirSync(`${path}.tmp`);
  await expect(file.write(() => ({ version: 1, items: ['new'] }))).rejects.toMatchObject({ code: 'write-failed' });
  expect(readFileSync(path, 'utf8')).toContain('old');
  await expect(file.write(() => Promise.reject(new Error('locked keychain')))).rejects.toThrow('locked keychain');
  rmSync(`${path}.tmp`, { recursive: true });
  await file.write(() => ({ version: 1, items: ['new'] }));
  expect(readFileSync(path, 'utf8')).toContain('new');
});

test('a file behind a symbolic link is replaced and the link stays', async () => {
  using folder = temporaryFolder();
  mkdirSync(folder.file('dotfiles'));
  writeFileSync(folder.file('dotfiles/a.json'), '{"version":1,"items":[]}');
  symlinkSync(folder.file('dotfiles/a.json'), folder.file('a.json'));
  const file = await JsonFile.open({ path: folder.file('a.json'), schema, now });
  await file.write(() => ({ version: 1, items: ['x'] }));
  expect(lstatSync(folder.file('a.json')).isSymbolicLink()).toBe(true);
  expect(readFileSync(folder.file('dotfiles/a.json'), 'utf8')).toContain('x');
});

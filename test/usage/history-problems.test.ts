import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { countOnDisk, rowOf, setUp, start } from './history-rig.ts';

test('a disk that says no fails nobody, is told once, and rows are written when it says yes again', () => {
  using t = setUp();
  using history = t.open();
  {
    using blocker = new DatabaseSync(t.path);
    blocker.exec('BEGIN IMMEDIATE');
    history.record(rowOf(1));
    t.tick();
    history.record(rowOf(2));
    t.tick();
    expect(t.waitsMs()).toBe(5000);
    expect(t.problems.map(({ code }) => code)).toEqual(['write-failed']);
    expect(history.recent(5).map(({ id }) => id)).toEqual(['req_2', 'req_1']);
    expect(t.recovered).toEqual([]);
    blocker.exec('ROLLBACK');
  }
  t.tick();
  expect(countOnDisk(t.path)).toBe(2);
  expect(t.recovered).toEqual(t.problems);
  expect(t.waitsMs()).toBeUndefined();
});

test('what failed while no request waited is over as soon as the disk says yes again, without one', () => {
  using t = setUp();
  using history = t.open();
  {
    using blocker = new DatabaseSync(t.path);
    blocker.exec('BEGIN IMMEDIATE');
    history.prune(start);
    t.tick();
    expect(t.problems.map(({ code }) => code)).toEqual(['write-failed']);
    expect(t.recovered).toEqual([]);
    blocker.exec('ROLLBACK');
  }
  t.tick();
  expect(t.recovered).toEqual(t.problems);
  expect(t.waitsMs()).toBeUndefined();
});

test('a write that fails half-way leaves nothing half-written, and nothing is counted twice', () => {
  using t = setUp();
  using history = t.open();
  using other = new DatabaseSync(t.path);
  other.exec(
    "CREATE TRIGGER full BEFORE INSERT ON requests WHEN NEW.id = 'req_2' BEGIN SELECT RAISE(FAIL, 'full'); END",
  );
  history.record(rowOf(1));
  history.record(rowOf(2));
  t.tick();
  expect(t.problems.map(({ code }) => code)).toEqual(['write-failed']);
  expect(countOnDisk(t.path)).toBe(0);
  other.exec('DROP TRIGGER full');
  expect(history.totals({ days: 1, now: start, by: 'key' })).toMatchObject([{ requests: 2, credits: 1 }]);
});

test('damage that comes while it is open is found, and recording goes on in a fresh one', () => {
  using t = setUp();
  using history = t.open();
  for (let n = 0; n < 500; n++) history.record(rowOf(n));
  history.flush();
  {
    using other = new DatabaseSync(t.path);
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
  writeFileSync(t.path, Buffer.alloc(statSync(t.path).size, 0xa5));
  history.record(rowOf(501));
  history.flush();
  expect(history.recent(1).map(({ id }) => id)).toEqual(['req_501']);
  t.tick();
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.totals({ days: 1, now: start, by: 'key' })).toMatchObject([{ requests: 1 }]);
});

test('while the disk says no the newest 10,000 requests wait and older ones go, and how many went is told', () => {
  using t = setUp();
  using history = t.open();
  using blocker = new DatabaseSync(t.path);
  blocker.exec('BEGIN IMMEDIATE');
  history.record(rowOf(0));
  t.tick();
  for (let n = 1; n <= 10_005; n++) history.record(rowOf(n));
  expect(t.waitsMs()).toBe(5000);
  blocker.exec('ROLLBACK');
  t.tick();
  expect(countOnDisk(t.path)).toBe(10_000);
  expect(history.recent(10_001).at(-1)?.id).toBe('req_6');
  expect(t.problems.at(-1)).toEqual({
    code: 'rows-lost',
    message: `6 requests are missing in the history: ${t.path} could not be written for too long.`,
  });
});

test('what still waits when the history is closed, and cannot be written, is told as missing', () => {
  using t = setUp();
  using blocker = new DatabaseSync(t.path);
  {
    using history = t.open();
    blocker.exec('BEGIN IMMEDIATE');
    history.record(rowOf(1));
  }
  expect(t.problems.map(({ code }) => code)).toEqual(['write-failed', 'rows-lost']);
  expect(t.problems.at(-1)?.message).toMatch(/^1 request is missing/);
});

test('a damaged database is kept aside with its log, told, and a fresh one begun', () => {
  using t = setUp();
  writeFileSync(t.path, 'this is no database, whatever its name says'.repeat(50));
  writeFileSync(`${t.path}-wal`, 'old log');
  using history = t.open();
  history.record(rowOf(1));
  history.flush();
  expect(history.recent(1)).toHaveLength(1);
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  const aside = join(t.folder, 'usage.db.corrupt-20260801T235900.000Z');
  expect(t.problems[0]?.keptAs).toBe(aside);
  expect(readFileSync(aside, 'utf8')).toMatch(/^this is no database/);
  expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('old log');
});

test('damage inside a database is found at the start', () => {
  using t = setUp();
  damage(t, 500, (bytes) => {
    bytes.fill(0xa5, 4096, bytes.length - 4096);
  });
  using history = t.open();
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.recent(1)).toEqual([]);
});

test('a large database that was closed properly is not read through at the start; its damage is found when it is read', () => {
  using t = setUp();
  damage(t, 500, (bytes) => {
    const [page, root] = [4096, rootPage(t.path, 'requests')];
    bytes.fill(0xa5, (root - 1) * page, root * page);
  });
  using history = t.open({ largeBytes: 1 });
  expect(t.problems).toEqual([]);
  expect(history.recent(1)).toEqual([]);
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  history.record(rowOf(501));
  t.tick();
  expect(history.recent(2).map(({ id }) => id)).toEqual(['req_501']);
  expect(countOnDisk(t.path)).toBe(1);
});

test('damage in a large database that no row gets past costs no row', () => {
  using t = setUp();
  damage(t, 1, (bytes) => {
    const index = (rootPage(t.path, 'sqlite_autoindex_requests_1') - 1) * 4096;
    // An entry begins with how long its head is, which has a byte for each of its two columns.
    bytes[bytes.indexOf('req_1', index) - 3] = 0x7f;
  });
  using history = t.open({ largeBytes: 1 });
  history.record(rowOf(2));
  t.tick();
  t.tick();
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(countOnDisk(t.path)).toBe(1);
  expect(t.waitsMs()).toBeUndefined();
});

test('an index that knows other requests than its table is found at the start, before they are written over', () => {
  using t = setUp();
  damage(t, 1, (bytes) => {
    const index = (rootPage(t.path, 'sqlite_autoindex_requests_1') - 1) * 4096;
    bytes.write('req_9', bytes.indexOf('req_1', index));
  });
  using history = t.open();
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.recent(1)).toEqual([]);
});

test('a large database that was not closed properly is read through at the start', () => {
  using t = setUp();
  damage(t, 500, (bytes) => {
    bytes.fill(0xa5, 4096, bytes.length - 4096);
  });
  writeFileSync(`${t.path}-wal`, '');
  using history = t.open({ largeBytes: 1 });
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.recent(1)).toEqual([]);
});

test('a large database whose very tables cannot be read is found so at the start', () => {
  using t = setUp();
  damage(t, 1, (bytes) => {
    bytes.fill(0xa5, 100, 4096);
  });
  using history = t.open({ largeBytes: 1 });
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.recent(1)).toEqual([]);
});

test.each([
  ['a table is another one', 'ALTER TABLE requests RENAME COLUMN firstTokenMs TO firstTokenM3'],
  ['a table is gone', 'DROP TABLE hours'],
])('a database that is sound to SQLite, but of which %s, is kept aside', (_, damage) => {
  using t = setUp();
  {
    using history = t.open();
    history.record(rowOf(1));
  }
  {
    using database = new DatabaseSync(t.path);
    database.exec(damage);
  }
  using history = t.open();
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  history.record(rowOf(2));
  expect(history.recent(2).map(({ id }) => id)).toEqual(['req_2']);
});

test('a database of a newer version is left alone, and this run keeps its history in memory', () => {
  using t = setUp();
  {
    using database = new DatabaseSync(t.path);
    database.exec('PRAGMA user_version = 99; CREATE TABLE future (x)');
  }
  using history = t.open();
  history.record(rowOf(1));
  history.flush();
  expect(history.recent(1)).toHaveLength(1);
  expect(t.problems.map(({ code }) => code)).toEqual(['newer-version']);
  using database = new DatabaseSync(t.path, { readOnly: true });
  expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'future' }]);
});

test('a database that cannot be opened is told, and this run keeps its history in memory', () => {
  using t = setUp();
  mkdirSync(t.path);
  using history = t.open();
  history.record(rowOf(1));
  history.flush();
  expect(history.recent(1)).toHaveLength(1);
  expect(t.problems.map(({ code }) => code)).toEqual(['unusable']);
});

/** Leaves a history of so many requests that was closed properly, and changes its bytes: `req_1` is the first of them. */
function damage(t: ReturnType<typeof setUp>, requests: number, change: (bytes: Buffer) => void): void {
  {
    using history = t.open();
    for (let n = 1; n <= requests; n++) history.record(rowOf(n));
  }
  const bytes = readFileSync(t.path);
  change(bytes);
  writeFileSync(t.path, bytes);
}

/** The page, from 1 on, that a table begins at. */
function rootPage(path: string, table: string): number {
  // Who may only read leaves a log behind.
  using database = new DatabaseSync(path);
  return Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.['rootpage']);
}

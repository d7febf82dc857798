import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { HistoryProblem } from '../../app/usage/history-database.ts';
import { History, type HistoryOptions } from '../../app/usage/history.ts';
import type { RequestRow } from '../../app/usage/request-row.ts';

const start = Date.UTC(2026, 7, 1, 23, 59, 0);
const day = 86_400_000;

function rowOf(n: number, more: Partial<RequestRow> = {}): RequestRow {
  return {
    id: `req_${n}`,
    at: start + n,
    key: 'default',
    session: null,
    model: 'auto',
    account: 'acc_a',
    sends: 1,
    outcome: 'ok',
    decision: [{ account: 'acc_a', chosen: true, reason: 'most headroom' }],
    credits: 0.5,
    contextPercent: 12.5,
    inputTokens: 100,
    outputTokens: 10,
    firstTokenMs: 300,
    totalMs: 1200,
    ...more,
  };
}

/** A folder, a history in it whose timer runs by hand, and the problems it told. */
function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'kiro-pool-usage-'));
  const path = join(folder, 'usage.db');
  const problems: HistoryProblem[] = [];
  const recovered: HistoryProblem[] = [];
  let timer: { ms: number; run: () => void } | undefined;
  const after = (ms: number, run: () => void) => {
    timer = { ms, run };
    return () => (timer = undefined);
  };
  const open = (more: Pick<HistoryOptions, 'largeBytes'> = {}) =>
    new History({
      ...more,
      path,
      now: () => start,
      onProblem: (problem) => problems.push(problem),
      onRecovered: (problem) => recovered.push(problem),
      after,
    });
  return {
    folder,
    path,
    problems,
    recovered,
    open,
    /** The span the timer waits, ms; undefined when none is set. */
    waitsMs: () => timer?.ms,
    tick: () => {
      const due = timer;
      timer = undefined;
      due?.run();
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The page, from 1 on, that a table begins at. */
function rootPage(path: string, table: string): number {
  // Who may only read leaves a log behind.
  using database = new DatabaseSync(path);
  return Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.['rootpage']);
}

function countOnDisk(path: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare('SELECT count(*) AS n FROM requests').get()?.['n'];
}

test('a request is queued, written by the timer, and comes back as it was', () => {
  using t = setUp();
  using history = t.open();
  const row = rowOf(1, { session: 's', account: null, credits: null, decision: [] });
  history.record(row);
  expect(countOnDisk(t.path)).toBe(0);
  expect(history.recent(10)).toEqual([row]);
  expect(t.waitsMs()).toBe(250);
  t.tick();
  expect(countOnDisk(t.path)).toBe(1);
  expect(history.recent(10)).toEqual([row]);
  expect(t.waitsMs()).toBeUndefined();
});

test('200 waiting requests are written at the next turn of the loop', () => {
  using t = setUp();
  using history = t.open();
  for (let n = 0; n < 230; n++) history.record(rowOf(n));
  expect(t.waitsMs()).toBe(0);
  t.tick();
  expect(countOnDisk(t.path)).toBe(230);
});

test('the last requests come newest first, waiting ones included', () => {
  using t = setUp();
  using history = t.open();
  for (let n = 0; n < 5; n++) history.record(rowOf(n));
  history.flush();
  for (let n = 5; n < 8; n++) history.record(rowOf(n));
  expect(history.recent(4).map(({ id }) => id)).toEqual(['req_7', 'req_6', 'req_5', 'req_4']);
  expect(history.recent(2).map(({ id }) => id)).toEqual(['req_7', 'req_6']);
  expect(history.recent(0)).toEqual([]);
});

test('closing writes what waits, and later requests are dropped quietly', () => {
  using t = setUp();
  const history = t.open();
  history.record(rowOf(1));
  history[Symbol.dispose]();
  history.record(rowOf(2));
  expect(countOnDisk(t.path)).toBe(1);
  expect(t.waitsMs()).toBeUndefined();
  expect(t.problems).toEqual([]);
});

test('the database and its log are private', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf(1));
  history.flush();
  const modes = readdirSync(t.folder).map((name) => [name, statSync(join(t.folder, name)).mode & 0o777]);
  expect(modes).toEqual([
    ['usage.db', 0o600],
    ['usage.db-shm', 0o600],
    ['usage.db-wal', 0o600],
  ]);
});

test('credits are summed per UTC day and per account, model or key', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf(1, { credits: 1, model: 'm1' }));
  history.record(rowOf(2, { credits: 2, account: 'acc_b', model: 'm1', key: 'ci' }));
  history.record(rowOf(3, { credits: 4, at: start + 60_000, model: 'm2' }));
  history.record(rowOf(4, { credits: null, at: start + 60_000, account: null, inputTokens: null }));
  const now = start + 120_000;
  const tokens = { inputTokens: 100, outputTokens: 10 };
  expect(history.creditsByDay({ days: 2, now })).toEqual([
    { day: '2026-08-01', name: 'acc_a', credits: 1, requests: 1, ...tokens },
    { day: '2026-08-01', name: 'acc_b', credits: 2, requests: 1, ...tokens },
    { day: '2026-08-02', name: '', credits: 0, requests: 1, inputTokens: 0, outputTokens: 10 },
    { day: '2026-08-02', name: 'acc_a', credits: 4, requests: 1, ...tokens },
  ]);
  expect(history.creditsByDay({ days: 1, now, by: 'model' }).map(({ name }) => name)).toEqual(['auto', 'm2']);
  expect(history.totals({ days: 2, now, by: 'model' }).map(({ name, credits }) => [name, credits])).toEqual([
    ['m2', 4],
    ['m1', 3],
    ['auto', 0],
  ]);
  expect(history.totals({ days: 2, now, by: 'key' }).map(({ name, credits }) => [name, credits])).toEqual([
    ['default', 5],
    ['ci', 2],
  ]);
});

test('a request that is recorded twice counts once', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf(1));
  history.record(rowOf(1));
  history.flush();
  history.record(rowOf(1));
  expect(history.totals({ days: 1, now: start, by: 'account' })).toMatchObject([{ requests: 1, credits: 0.5 }]);
});

test('a number that is none is kept as unknown and holds up nobody', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf(1, { credits: Number.NaN, totalMs: Number.POSITIVE_INFINITY, at: Number.NaN }));
  history.record(rowOf(2));
  history.flush();
  expect(countOnDisk(t.path)).toBe(2);
  expect(history.recent(2)[1]).toMatchObject({ id: 'req_1', at: 0, credits: null, totalMs: null });
});

test('after 90 days requests are forgotten and the daily sums stay', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf(1, { at: start - 91 * day }));
  history.record(rowOf(2, { at: start - 89 * day }));
  history.recordStateChange({ at: start - 91 * day, account: 'acc_a', from: 'ready', to: 'cooling', reason: 'busy' });
  history.recordStateChange({ at: start, account: 'acc_a', from: 'cooling', to: 'ready', reason: 'time is up' });
  expect(history.prune(start)).toBe(1);
  expect(history.recent(10).map(({ id }) => id)).toEqual(['req_2']);
  expect(history.recentStateChanges(10)).toEqual([
    { at: start, account: 'acc_a', from: 'cooling', to: 'ready', reason: 'time is up' },
  ]);
  expect(history.creditsByDay({ days: 100, now: start })).toHaveLength(2);
});

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
  {
    using history = t.open();
    for (let n = 0; n < 500; n++) history.record(rowOf(n));
  }
  const bytes = readFileSync(t.path);
  bytes.fill(0xa5, 4096, bytes.length - 4096);
  writeFileSync(t.path, bytes);
  using history = t.open();
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.recent(1)).toEqual([]);
});

test('a large database that was closed properly is not read through at the start; its damage is found when it is read', () => {
  using t = setUp();
  {
    using history = t.open();
    for (let n = 0; n < 500; n++) history.record(rowOf(n));
  }
  const bytes = readFileSync(t.path);
  const [page, root] = [4096, rootPage(t.path, 'requests')];
  bytes.fill(0xa5, (root - 1) * page, root * page);
  writeFileSync(t.path, bytes);
  using history = t.open({ largeBytes: 1 });
  expect(t.problems).toEqual([]);
  expect(history.recent(1)).toEqual([]);
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  history.record(rowOf(501));
  t.tick();
  expect(history.recent(2).map(({ id }) => id)).toEqual(['req_501']);
  expect(countOnDisk(t.path)).toBe(1);
});

test('a large database that was not closed properly is read through at the start', () => {
  using t = setUp();
  {
    using history = t.open();
    for (let n = 0; n < 500; n++) history.record(rowOf(n));
  }
  const bytes = readFileSync(t.path);
  bytes.fill(0xa5, 4096, bytes.length - 4096);
  writeFileSync(t.path, bytes);
  writeFileSync(`${t.path}-wal`, '');
  using history = t.open({ largeBytes: 1 });
  expect(t.problems.map(({ code }) => code)).toEqual(['corrupt']);
  expect(history.recent(1)).toEqual([]);
});

test('a large database whose very tables cannot be read is found so at the start', () => {
  using t = setUp();
  {
    using history = t.open();
    history.record(rowOf(1));
  }
  const bytes = readFileSync(t.path);
  bytes.fill(0xa5, 100, 4096);
  writeFileSync(t.path, bytes);
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

test('what Kiro told about credits is kept with its time, for 90 days', () => {
  using t = setUp();
  using history = t.open();
  const snapshot = { account: 'acc_a', used: 12.5, limit: 1000, extra: 0 };
  history.recordUsage({ at: start, ...snapshot, resetAt: start + day });
  history.recordUsage({ at: start + day, ...snapshot, used: 20 });
  history.recordUsage({ at: start, ...snapshot, account: 'acc_b' });
  expect(history.usageSince('acc_a', 0)).toEqual([
    { at: start, ...snapshot, resetAt: start + day },
    { at: start + day, ...snapshot, used: 20, resetAt: null },
  ]);
  history.prune(start + 91 * day);
  expect(history.usageSince('acc_a', 0)).toEqual([{ at: start + day, ...snapshot, used: 20, resetAt: null }]);
});

test('what was spent beyond the plan is known by account and day, across starts, and while the disk says no', () => {
  using t = setUp();
  {
    using history = t.open();
    history.recordOverage({ at: start, account: 'acc_a', credits: 1.5 });
    history.recordOverage({ at: start, account: 'acc_b', credits: 4 });
    history.recordOverage({ at: start - day, account: 'acc_a', credits: 100 });
  }
  using history = t.open();
  expect(history.overageOn('acc_a', start)).toBe(1.5);
  history.recordOverage({ at: start, account: 'acc_a', credits: 1 });
  expect(history.overageOn('acc_a', start)).toBe(2.5);
  expect(history.overageOn('acc_b', start)).toBe(4);
  expect(history.overageOn('acc_c', start)).toBe(0);
  expect(history.overageOn('acc_a', start + day)).toBe(0);
  history.recordOverage({ at: start + day, account: 'acc_c', credits: 3 });
  expect(history.overageOn('acc_c', start + day)).toBe(3);
  using blocker = new DatabaseSync(t.path);
  blocker.exec('BEGIN IMMEDIATE');
  history.recordOverage({ at: start + day, account: 'acc_c', credits: 2 });
  expect(history.overageOn('acc_c', start + day)).toBe(5);
  blocker.exec('ROLLBACK');
  t.tick();
  expect(history.overageOn('acc_c', start + day)).toBe(5);
});

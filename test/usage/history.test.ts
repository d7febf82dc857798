import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { countOnDisk, day, rowOf, setUp, start } from './history-rig.ts';

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

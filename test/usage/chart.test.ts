import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { TurnErrorCode } from '../../app/conversation/turn-error.ts';
import { History } from '../../app/usage/history.ts';
import { openHistoryDatabase } from '../../app/usage/history-database.ts';
import { requestColumns, toColumns, type RequestRow } from '../../app/usage/request-row.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A quarter past three of an afternoon. */
const now = Date.UTC(2026, 7, 1, 15, 15);

function rowOf(id: string, more: Partial<RequestRow> = {}): RequestRow {
  return {
    id,
    at: now,
    key: 'default',
    session: null,
    model: 'auto',
    account: 'acc_a',
    sends: 1,
    outcome: 'served',
    decision: [],
    credits: 1,
    contextPercent: 10,
    inputTokens: 100,
    outputTokens: 10,
    firstTokenMs: 300,
    totalMs: 1200,
    ...more,
  };
}

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'kiro-pool-chart-'));
  const path = join(folder, 'usage.db');
  return {
    path,
    open: (onProblem = (problem: { message: string }): void => expect.fail(problem.message)) =>
      new History({ path, now: () => now, onProblem, after: () => () => undefined }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test('a day is shown by the hour and longer ranges by the day, without gaps, the present one last', () => {
  using t = setUp();
  using history = t.open();
  const lastHour = Date.UTC(2026, 7, 1, 15);
  const today = Date.UTC(2026, 7, 1);
  for (const [range, bucketMs, count, newest] of [
    ['24h', hour, 24, lastHour],
    ['7d', day, 7, today],
    ['30d', day, 30, today],
    ['90d', day, 90, today],
  ] as const) {
    const chart = history.chart(range, now);
    expect(chart.bucketMs).toBe(bucketMs);
    expect(chart.buckets.map(({ at }) => at)).toEqual(
      Array.from({ length: count }, (_, index) => newest - (count - 1 - index) * bucketMs),
    );
    expect(chart.buckets.at(0)).toEqual({
      at: newest - (count - 1) * bucketMs,
      credits: 0,
      requests: 0,
      failures: 0,
      byAccount: [],
      byModel: [],
      byKey: [],
      firstTokenMs: null,
      contextPercent: null,
    });
  }
});

test('a bucket has the sums of its requests, split by account, model and key, the most first', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf('1', { credits: 2, account: 'acc_b', key: 'work', firstTokenMs: 900, contextPercent: 80 }));
  history.record(rowOf('2', { credits: 0.5 }));
  history.record(rowOf('3', { credits: 4, model: 'sonnet', firstTokenMs: 300, contextPercent: null }));
  history.record(rowOf('4', { credits: null, account: null, outcome: 'all-cooling', firstTokenMs: null }));
  history.record(rowOf('5', { at: now - hour, credits: 8 }));
  const expected = {
    requests: 4,
    credits: 6.5,
    failures: 1,
    byAccount: [
      { name: 'acc_a', credits: 4.5 },
      { name: 'acc_b', credits: 2 },
    ],
    byModel: [
      { name: 'sonnet', credits: 4 },
      { name: 'auto', credits: 2.5 },
    ],
    byKey: [
      { name: 'default', credits: 4.5 },
      { name: 'work', credits: 2 },
    ],
    firstTokenMs: { mean: 500, slowest: 900 },
    contextPercent: { mean: (80 + 10 + 10) / 3, fullest: 80 },
  };
  const hours = history.chart('24h', now).buckets;
  expect(hours.at(-1)).toMatchObject(expected);
  expect(hours.at(-2)).toMatchObject({ credits: 8, requests: 1 });
  expect(history.chart('7d', now).buckets.at(-1)).toMatchObject({ requests: 5, credits: 14.5, failures: 1 });
});

/** Whether a request that ends so counts as failed: a new code does not compile until somebody has thought about it. */
const isFailure: Readonly<Record<TurnErrorCode | 'served' | 'client-left', boolean>> = {
  served: false,
  'client-left': false,
  'invalid-request': false,
  'wrong-key': false,
  forbidden: false,
  'route-not-found': false,
  'method-not-allowed': false,
  'body-too-large': false,
  'model-not-found': false,
  'response-not-found': false,
  'context-overflow': false,
  paused: false,
  'shutting-down': false,
  refused: true,
  'no-account': true,
  'all-exhausted': true,
  'all-cooling': true,
  'model-overloaded': true,
  'account-parked': true,
  'upstream-unreachable': true,
  'upstream-failed': true,
  'empty-answer': true,
  'broken-stream': true,
  'format-not-met': true,
  internal: true,
};

test.each(Object.entries(isFailure))('a request that ends with %s is a failure: %s', (outcome, isOne) => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf('1', { outcome }));
  expect(history.chart('24h', now).buckets.at(-1)).toMatchObject({ requests: 1, failures: isOne ? 1 : 0 });
});

test('what was recorded by an earlier version is in the charts after the update', () => {
  using t = setUp();
  const rows = [
    rowOf('1', { at: now - 3 * day, credits: 3, firstTokenMs: 100 }),
    rowOf('2', { at: now - 3 * day + 1, credits: 1, firstTokenMs: 500, outcome: 'upstream-failed' }),
    rowOf('3', { at: now, credits: null, account: null, firstTokenMs: null, contextPercent: null, outcome: 'ok' }),
    rowOf('4', { at: now - hour, credits: 2, model: 'sonnet' }),
  ];
  writeAsVersion3(t.path, rows);
  using history = t.open();
  using twin = setUp();
  using fresh = twin.open();
  for (const row of rows) fresh.record(row);
  for (const range of ['24h', '7d'] as const) expect(history.chart(range, now)).toEqual(fresh.chart(range, now));
  expect(history.chart('7d', now).buckets[3]).toMatchObject({ failures: 1, firstTokenMs: { mean: 300, slowest: 500 } });
});

test('an update that is cut off begins anew at the next start', () => {
  using t = setUp();
  writeAsVersion3(t.path, [rowOf('1')]);
  {
    // What the update is about to make is there already, so that it fails half-way.
    using database = new DatabaseSync(t.path);
    database.exec('CREATE TABLE hours (x)');
  }
  const problems: string[] = [];
  t.open(({ message }) => problems.push(message))[Symbol.dispose]();
  expect(problems).toHaveLength(1);
  {
    using database = new DatabaseSync(t.path);
    database.exec('DROP TABLE hours');
  }
  using history = t.open();
  expect(history.chart('24h', now).buckets.at(-1)).toMatchObject({ requests: 1, credits: 1 });
});

test('a chart that is drawn again has what was written since, also of an hour or a day that is over', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf('1', { at: now - 2 * day }));
  history.record(rowOf('2'));
  for (const range of ['24h', '7d'] as const) history.chart(range, now);
  history.record(rowOf('3'));
  expect(history.chart('24h', now).buckets.at(-1)).toMatchObject({ requests: 2 });
  expect(history.chart('7d', now).buckets.at(-1)).toMatchObject({ requests: 2 });
  // It began yesterday and ends now.
  history.record(rowOf('4', { at: now - day }));
  history.record(rowOf('5', { at: now - hour }));
  expect(history.chart('24h', now).buckets.at(-2)).toMatchObject({ requests: 1 });
  expect(history.chart('7d', now).buckets.map(({ requests }) => requests)).toEqual([0, 0, 0, 0, 1, 1, 3]);
  // The next day begins, and later the clock is set back.
  expect(history.chart('7d', now + day).buckets.map(({ requests }) => requests)).toEqual([0, 0, 0, 1, 1, 3, 0]);
  expect(history.chart('7d', now).buckets.map(({ requests }) => requests)).toEqual([0, 0, 0, 0, 1, 1, 3]);
});

test('sums of hours are forgotten with their requests, those of days stay', () => {
  using t = setUp();
  using history = t.open();
  history.record(rowOf('1', { at: now - 92 * day }));
  history.record(rowOf('2', { at: now - 80 * day }));
  history.prune(now);
  using database = new DatabaseSync(t.path, { readOnly: true });
  expect(database.prepare('SELECT hour FROM hours').all()).toHaveLength(1);
  expect(database.prepare('SELECT day FROM days').all()).toHaveLength(2);
});

/** A database as the version before charts left it. */
function writeAsVersion3(path: string, rows: readonly RequestRow[]): void {
  using database = openHistoryDatabase({ path, now: () => now, onProblem: ({ message }) => expect.fail(message) });
  database.exec('DROP TABLE hours');
  const added = ['failures', 'firstTokenSum', 'firstTokenCount', 'firstTokenMax', 'contextSum', 'contextCount'];
  for (const column of [...added, 'contextMax']) database.exec(`ALTER TABLE days DROP COLUMN ${column}`);
  database.exec('PRAGMA user_version = 3');
  const insert = database.prepare(`INSERT INTO requests VALUES (${requestColumns.map(() => '?').join(', ')})`);
  const addDay = database.prepare(
    `INSERT INTO days (day, account, model, key, credits, requests, inputTokens, outputTokens) VALUES (?, ?, ?, ?, ?, 1, ?, ?)
     ON CONFLICT DO UPDATE SET credits = credits + excluded.credits, requests = requests + 1`,
  );
  for (const row of rows) {
    insert.run(...toColumns(row));
    const { at, account, model, key, credits, inputTokens, outputTokens } = row;
    const name = new Date(at).toISOString().slice(0, 10);
    addDay.run(name, account ?? '', model, key, credits ?? 0, inputTokens ?? 0, outputTokens ?? 0);
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryProblem } from '../../app/usage/history-database.ts';
import { History, type HistoryOptions } from '../../app/usage/history.ts';
import type { RequestRow } from '../../app/usage/request-row.ts';

export const start = Date.UTC(2026, 7, 1, 23, 59, 0);
export const day = 86_400_000;

/** A request that ended at `start` and a little. */
export function rowOf(n: number, more: Partial<RequestRow> = {}): RequestRow {
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
export function setUp() {
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

/** Requests that are on the disk, waiting ones left out. */
export function countOnDisk(path: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare('SELECT count(*) AS n FROM requests').get()?.['n'];
}

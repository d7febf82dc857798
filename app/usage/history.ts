import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { unrefTimer, type After } from '../timer.ts';
import { Charts, readChart, type Chart, type ChartRange } from './chart.ts';
import { dayOf, daySums, nameSums, overageSums } from './daily-sums.ts';
import type { DaySum, NameSum, SumBy } from './daily-sums.ts';
import { isCorrupt, openHistoryDatabase } from './history-database.ts';
import type { HistoryProblem, OpenDatabaseOptions } from './history-database.ts';
import { prepare, type Statements } from './history-statements.ts';
import { fromColumns, stateChangeSchema, toColumns, usageSnapshotSchema, withSoundNumbers } from './request-row.ts';
import type { RequestRow, StateChange, UsageSnapshot } from './request-row.ts';
import { hourMs, rollUpValues } from './roll-up.ts';

export type HistoryOptions = Omit<OpenDatabaseOptions, 'onProblem'> & {
  onProblem?: (problem: HistoryProblem) => void;
  /** The disk takes rows again: this problem is over. */
  onRecovered?: (problem: HistoryProblem) => void;
  after?: After;
};

/**
 * The history of requests on `usage.db`. Comes in: rows as requests end. Goes out: the last rows, and sums per day,
 * account, model and key.
 *
 * `record` only queues. Rows are written together every 250 ms, or as soon as 200 wait. Nothing here fails a request:
 * while the disk says no, the newest 10,000 rows wait in memory and the problem is told once; so is how many had to go, once
 * that is known. Rows and sums of hours are kept for 90 days, the daily sums for ever.
 */
export class History implements Disposable {
  readonly #options: OpenDatabaseOptions;
  readonly #after: After;
  readonly #charts = new Charts();
  readonly #onRecovered: (problem: HistoryProblem) => void;
  #database: DatabaseSync;
  #statements: Statements;
  #requests: RequestRow[] = [];
  #changes: StateChange[] = [];
  #overage: { day: string; account: string; credits: number }[] = [];
  /** Of one day, by account, once it has been asked for: the disk is not asked again for every account and choice. */
  #overageOfDay: { readonly day: string; readonly credits: Map<string, number> } | undefined;
  #snapshots: UsageSnapshot[] = [];
  #cancelFlush: (() => void) | undefined;
  /** Why rows wait, while they do. */
  #failure: HistoryProblem | undefined;
  #isFailing = false;
  /** Requests that found no room in the queue since the disk began to say no. */
  #dropped = 0;
  #isClosed = false;

  /** Always opens, see HistoryProblem for what it tells instead of failing. */
  constructor(options: HistoryOptions) {
    const { onProblem = () => undefined, onRecovered = () => undefined, after = unrefTimer, ...database } = options;
    this.#options = { ...database, onProblem };
    this.#onRecovered = onRecovered;
    this.#after = after;
    this.#database = openHistoryDatabase(this.#options);
    this.#statements = prepare(this.#database);
  }

  /** Queues a request that has ended. An id that was recorded before is ignored. */
  record(row: RequestRow): void {
    this.#requests.push(withSoundNumbers(row));
    this.#scheduleFlush();
  }

  /** Queues a change of an account's state. */
  recordStateChange(change: StateChange): void {
    this.#changes.push({ ...change, at: Number.isFinite(change.at) ? change.at : 0 });
    this.#scheduleFlush();
  }

  /** Queues what Kiro told about an account's credits. */
  recordUsage(snapshot: UsageSnapshot): void {
    this.#snapshots.push(snapshot);
    this.#scheduleFlush();
  }

  /** What Kiro told about an account's credits since a moment (epoch ms), the oldest first. */
  usageSince(account: string, since: number): UsageSnapshot[] {
    this.flush();
    const sql = 'SELECT * FROM usage_snapshots WHERE account = ? AND at >= ? ORDER BY at';
    return this.#read(() => this.#database.prepare(sql).all(account, since)).flatMap((row) => {
      const parsed = v.safeParse(usageSnapshotSchema, row);
      return parsed.success ? [parsed.output] : [];
    });
  }

  /** Notes credits that an account spent beyond its plan. Written at once: a cap on them has to survive a crash. */
  recordOverage({ at, account, credits }: { at: number; account: string; credits: number }): void {
    if (!Number.isFinite(credits) || credits <= 0) return;
    const day = dayOf(at);
    this.#overage.push({ day, account, credits });
    if (this.#overageOfDay?.day === day) add(this.#overageOfDay.credits, account, credits);
    // A failing disk is tried at the timer's pace alone.
    if (this.#isFailing) this.#scheduleFlush();
    else this.flush();
  }

  /** What an account spent beyond its plan on the UTC day of `now`. */
  overageOn(account: string, now: number): number {
    const day = dayOf(now);
    const known = this.#overageOfDay?.day === day ? this.#overageOfDay.credits : this.#readOverage(day);
    return known.get(account) ?? 0;
  }

  #readOverage(day: string): Map<string, number> {
    const credits = new Map<string, number>();
    const stored = this.#isClosed ? [] : this.#read(() => overageSums(this.#database, day));
    const waiting = this.#overage.filter((each) => each.day === day);
    for (const each of [...stored, ...waiting]) add(credits, each.account, each.credits);
    // A disk that says no is asked again, as a cap on the credits depends on it.
    if (!this.#isFailing) this.#overageOfDay = { day, credits };
    return credits;
  }

  /** Writes what waits, in one transaction. Never throws; what could not be written keeps waiting. */
  flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const waiting = this.#requests.length + this.#changes.length + this.#overage.length + this.#snapshots.length;
    // With nothing to write, it is found out whether the disk says yes again.
    if (this.#isClosed || (waiting === 0 && !this.#isFailing)) return;
    try {
      this.#writeQueue();
      this.#afterSuccess();
    } catch (cause) {
      this.#afterFailure(cause);
    }
  }

  /** The last n requests, newest first, written or not. */
  recent(n: number): RequestRow[] {
    const waiting = this.#requests.toReversed().slice(0, n);
    const left = n - waiting.length;
    if (left <= 0) return waiting;
    const stored = this.#read(() => this.#statements.recent.all(left));
    return [...waiting, ...stored.flatMap((row) => fromColumns(row) ?? [])];
  }

  /** The last n changes of state, newest first. */
  recentStateChanges(n: number): StateChange[] {
    this.flush();
    return this.#read(() => this.#statements.recentChanges.all(n)).flatMap((row) => {
      const parsed = v.safeParse(stateChangeSchema, row);
      return parsed.success ? [parsed.output] : [];
    });
  }

  /**
   * Credits, requests and tokens of each day, split by account (or model, or key). Days without requests are left out.
   *
   * @param days how many UTC days, today included.
   * @param now epoch ms.
   */
  creditsByDay(range: { days: number; now: number; by?: SumBy }): DaySum[] {
    this.flush();
    return this.#read(() => daySums(this.#database, range.by ?? 'account', firstDay(range)));
  }

  /** The same over the whole range, the most credits first. */
  totals(range: { days: number; now: number; by: SumBy }): NameSum[] {
    this.flush();
    return this.#read(() => nameSums(this.#database, range.by, firstDay(range)));
  }

  /** What the charts show: hours for a day, else UTC days. @param now epoch ms */
  chart(range: ChartRange, now: number): Chart {
    this.flush();
    return this.#charts.of(range, now, (table, sinceAt) => {
      const [rows] = this.#read(() => [readChart(this.#database, table, sinceAt)]);
      return rows;
    });
  }

  /**
   * Forgets requests and changes of state that are older than 90 days; the daily sums stay.
   * @returns how many requests went.
   */
  prune(now: number): number {
    this.flush();
    const before = now - retentionDays * dayMs;
    try {
      this.#database.prepare('DELETE FROM state_changes WHERE at < ?').run(before);
      this.#database.prepare('DELETE FROM usage_snapshots WHERE at < ?').run(before);
      this.#database.prepare('DELETE FROM hours WHERE hour < ?').run(before - hourMs);
      return Number(this.#database.prepare('DELETE FROM requests WHERE at < ?').run(before).changes);
    } catch (cause) {
      this.#afterFailure(cause);
      return 0;
    }
  }

  /** Writes what waits and closes. What is recorded later is dropped. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.flush();
    this.#cancelFlush?.();
    this.#isClosed = true;
    this.#tellLost(this.#dropped + this.#requests.length);
    this.#database.close();
  }

  #scheduleFlush(): void {
    if (this.#requests.length > queueLimit) {
      this.#requests.shift();
      this.#dropped += 1;
    }
    if (this.#changes.length > queueLimit) this.#changes.shift();
    if (this.#overage.length > queueLimit) this.#overage.shift();
    if (this.#snapshots.length > queueLimit) this.#snapshots.shift();
    if (this.#isClosed) return;
    // A failing disk is tried at the timer's pace alone, not at that of the requests.
    if (this.#requests.length >= flushRows && !this.#isFailing) {
      if (this.#requests.length > flushRows) return;
      this.#cancelFlush?.();
      this.#cancelFlush = this.#after(0, () => this.flush());
    } else {
      this.#cancelFlush ??= this.#after(this.#isFailing ? retryMs : flushMs, () => this.flush());
    }
  }

  #writeQueue(): void {
    const { insert, rollUpDay, rollUpHour, insertChange, addOverage, insertSnapshot } = this.#statements;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const row of this.#requests) {
        // A twin counts once.
        if (insert.run(...toColumns(row)).changes === 0) continue;
        rollUpDay.run(...rollUpValues('days', row));
        rollUpHour.run(...rollUpValues('hours', row));
        this.#charts.written(row.at);
      }
      for (const { at, account, from, to, reason } of this.#changes) insertChange.run(at, account, from, to, reason);
      for (const { day, account, credits } of this.#overage) addOverage.run(day, account, credits);
      for (const { at, account, used, limit, extra, resetAt = null } of this.#snapshots) {
        insertSnapshot.run(at, account, used, limit, extra, resetAt);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#requests = [];
    this.#changes = [];
    this.#overage = [];
    this.#snapshots = [];
  }

  /** What a damaged or failing disk cannot tell is left out; that it failed is told as a problem. */
  #read<T>(query: () => T[]): T[] {
    try {
      return query();
    } catch (cause) {
      this.#afterFailure(cause);
      return [];
    }
  }

  #afterSuccess(): void {
    this.#isFailing = false;
    if (this.#failure) this.#onRecovered(this.#failure);
    this.#failure = undefined;
    this.#tellLost(this.#dropped);
    this.#dropped = 0;
  }

  #tellLost(count: number): void {
    if (count === 0) return;
    const what = count === 1 ? '1 request is' : `${count} requests are`;
    const message = `${what} missing in the history: ${this.#options.path} could not be written for too long.`;
    this.#options.onProblem({ code: 'rows-lost', message });
  }

  #afterFailure(cause: unknown): void {
    if (isCorrupt(cause)) this.#reopen();
    else if (!this.#isFailing) {
      const message = `${this.#options.path} could not be used. The newest requests wait in memory.`;
      this.#failure = { code: 'write-failed', message, cause };
      this.#options.onProblem(this.#failure);
    }
    this.#isFailing = true;
    this.#cancelFlush ??= this.#after(retryMs, () => this.flush());
  }

  /** Damaged while open: opening anew finds the damage and sets the file aside. */
  #reopen(): void {
    this.#database.close();
    this.#database = openHistoryDatabase(this.#options, true);
    this.#statements = prepare(this.#database);
    this.#charts.forget();
  }
}

const flushMs = 250;
const flushRows = 200;
const retryMs = 5000;
const queueLimit = 10_000;
const retentionDays = 90;
const dayMs = 86_400_000;

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

function firstDay({ days, now }: { days: number; now: number }): string {
  return dayOf(now - (days - 1) * dayMs);
}

import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { dayOf } from './daily-sums.ts';
import { bucketColumn, hourMs, type RollUpTable } from './roll-up.ts';

/** How far back a chart goes. */
export type ChartRange = '24h' | '7d' | '30d' | '90d';

/** What was spent in one hour or UTC day, which begins at `at` (epoch ms). */
export interface ChartBucket {
  readonly at: number;
  readonly credits: number;
  readonly requests: number;
  /** Requests that failed through no choice of the client or the user. */
  readonly failures: number;
  /** The most credits first; what is zero is left out. */
  readonly byAccount: Share[];
  readonly byModel: Share[];
  readonly byKey: Share[];
  /** Of the requests that had one, in ms. */
  readonly firstTokenMs: { readonly mean: number; readonly slowest: number } | null;
  /** Of the requests that told, 0-100. */
  readonly contextPercent: { readonly mean: number; readonly fullest: number } | null;
}

export interface Chart {
  readonly bucketMs: number;
  /** Without gaps, the newest last: it is the present hour or day. */
  readonly buckets: ChartBucket[];
}

interface Share {
  readonly name: string;
  readonly credits: number;
}

/** The rows that a chart is made of. */
export interface ChartRows {
  readonly totals: readonly v.InferOutput<typeof totalSchema>[];
  readonly shares: Readonly<Record<'account' | 'model' | 'key', readonly v.InferOutput<typeof shareSchema>[]>>;
}

/** Reads the sums of the hours or days since a moment, that moment's own included. @param sinceAt epoch ms */
export function readChart(database: DatabaseSync, table: RollUpTable, sinceAt: number): ChartRows {
  const bucket = bucketColumn(table);
  const since = bucketNameOf(table, sinceAt);
  const read = (sql: string): unknown[] => database.prepare(sql).all(since);
  const shares = (by: 'account' | 'model' | 'key'): v.InferOutput<typeof shareSchema>[] =>
    v.parse(
      v.array(shareSchema),
      read(
        `SELECT ${bucket} AS bucket, ${by} AS name, sum(credits) AS credits FROM ${table} WHERE ${bucket} >= ?
         GROUP BY ${bucket}, ${by} HAVING sum(credits) > 0 ORDER BY ${bucket}, sum(credits) DESC, ${by}`,
      ),
    );
  const totals = read(
    `SELECT ${bucket} AS bucket, sum(credits) AS credits, sum(requests) AS requests, sum(failures) AS failures,
       sum(firstTokenSum) AS firstTokenSum, sum(firstTokenCount) AS firstTokenCount, max(firstTokenMax) AS firstTokenMax,
       sum(contextSum) AS contextSum, sum(contextCount) AS contextCount, max(contextMax) AS contextMax
     FROM ${table} WHERE ${bucket} >= ? GROUP BY ${bucket}`,
  );
  return {
    totals: v.parse(v.array(totalSchema), totals),
    shares: { account: shares('account'), model: shares('model'), key: shares('key') },
  };
}

/**
 * Charts by range. What is over does not change any more, so it is read once, and then only the present hour or day: a chart that
 * is drawn anew with each request must not hold up the answers that run meanwhile.
 */
export class Charts {
  /** All buckets of a range but the present one, the newest last. */
  readonly #past = new Map<ChartRange, readonly ChartBucket[]>();

  /**
   * @param now epoch ms
   * @param read gives the sums since a moment; undefined when they cannot be read now
   */
  of(range: ChartRange, now: number, read: (table: RollUpTable, sinceAt: number) => ChartRows | undefined): Chart {
    const { table, bucketMs, starts } = bucketsOf(range, now);
    const newest = starts.at(-1) ?? now;
    const past = this.#past.get(range);
    if (past && past.at(-1)?.at === newest - bucketMs) {
      return { bucketMs, buckets: [...past, ...laidOut(read(table, newest), table, [newest])] };
    }
    const rows = read(table, starts[0] ?? now);
    const buckets = laidOut(rows, table, starts);
    if (rows) this.#past.set(range, buckets.slice(0, -1));
    return { bucketMs, buckets };
  }

  /** A request of then was written: what was known of that time is out of date. @param at epoch ms */
  written(at: number): void {
    for (const [range, past] of this.#past) {
      const { bucketMs } = bucketsOf(range, at);
      if (at < (past.at(-1)?.at ?? 0) + bucketMs) this.#past.delete(range);
    }
  }

  /** The sums are others. */
  forget(): void {
    this.#past.clear();
  }
}

/** Lays the rows out, with empty buckets where nothing happened. */
function laidOut(rows: ChartRows | undefined, table: RollUpTable, starts: readonly number[]): ChartBucket[] {
  const byBucket = new Map(rows?.totals.map((row) => [row.bucket, row]));
  const named = {
    account: grouped(rows?.shares.account),
    model: grouped(rows?.shares.model),
    key: grouped(rows?.shares.key),
  };
  return starts.map((at) => {
    const name = bucketNameOf(table, at);
    const row = byBucket.get(name);
    return {
      at,
      credits: row?.credits ?? 0,
      requests: row?.requests ?? 0,
      failures: row?.failures ?? 0,
      byAccount: named.account.get(name) ?? [],
      byModel: named.model.get(name) ?? [],
      byKey: named.key.get(name) ?? [],
      firstTokenMs: row?.firstTokenCount
        ? { mean: row.firstTokenSum / row.firstTokenCount, slowest: row.firstTokenMax }
        : null,
      contextPercent: row?.contextCount ? { mean: row.contextSum / row.contextCount, fullest: row.contextMax } : null,
    };
  });
}

const dayMs = 24 * hourMs;
const dayCounts: Readonly<Record<Exclude<ChartRange, '24h'>, number>> = { '7d': 7, '30d': 30, '90d': 90 };

/** Where the buckets of a range begin, the newest last. */
function bucketsOf(range: ChartRange, now: number): { table: RollUpTable; bucketMs: number; starts: number[] } {
  const [table, bucketMs, count] =
    range === '24h' ? (['hours', hourMs, 24] as const) : (['days', dayMs, dayCounts[range]] as const);
  const newest = now - (now % bucketMs);
  return {
    table,
    bucketMs,
    starts: Array.from({ length: count }, (_, index) => newest - (count - 1 - index) * bucketMs),
  };
}

/** How a table names the bucket that begins then. */
function bucketNameOf(table: RollUpTable, at: number): string | number {
  return table === 'days' ? dayOf(at) : at;
}

function grouped(rows: ChartRows['shares']['key'] = []): ReadonlyMap<string | number, Share[]> {
  const groups = new Map<string | number, Share[]>();
  for (const { bucket, name, credits } of rows) {
    const group = groups.get(bucket);
    if (group) group.push({ name, credits });
    else groups.set(bucket, [{ name, credits }]);
  }
  return groups;
}

const bucketSchema = v.union([v.string(), v.number()]);
const shareSchema = v.object({ bucket: bucketSchema, name: v.string(), credits: v.number() });
const totalSchema = v.object({
  bucket: bucketSchema,
  credits: v.number(),
  requests: v.number(),
  failures: v.number(),
  firstTokenSum: v.number(),
  firstTokenCount: v.number(),
  firstTokenMax: v.number(),
  contextSum: v.number(),
  contextCount: v.number(),
  contextMax: v.number(),
});

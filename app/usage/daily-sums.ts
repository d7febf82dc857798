import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';

/** What sums are split by. */
export type SumBy = 'account' | 'model' | 'key';

/**
 * The sums of one account (or model, or key). `name` is its id or name, empty for requests that no account served.
 * Tokens are estimates.
 */
export type NameSum = v.InferOutput<typeof nameSumSchema>;
/** The sums of one UTC day, `day` as `2026-08-01`. */
export type DaySum = v.InferOutput<typeof daySumSchema>;

/** Adds credits beyond the plan to their day: day, account, credits. */
export const addOverageSql = `
  INSERT INTO overage (day, account, credits) VALUES (?, ?, ?)
  ON CONFLICT (day, account) DO UPDATE SET credits = credits + excluded.credits`;

/** Credits that each account spent beyond its plan on a day; accounts that did not are left out. */
export function overageSums(database: DatabaseSync, day: string): { account: string; credits: number }[] {
  const rows = database.prepare('SELECT account, credits FROM overage WHERE day = ?').all(day);
  return v.parse(v.array(v.object({ account: v.string(), credits: v.number() })), rows);
}

/** The UTC day of a time in epoch ms. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Sums per day and name since a day, in the order of both. */
export function daySums(database: DatabaseSync, by: SumBy, since: string): DaySum[] {
  const sql = `SELECT day, ${by} AS name, ${sums} FROM days WHERE day >= ? GROUP BY day, ${by} ORDER BY day, ${by}`;
  return v.parse(v.array(daySumSchema), database.prepare(sql).all(since));
}

/** Sums per name since a day, the most credits first. */
export function nameSums(database: DatabaseSync, by: SumBy, since: string): NameSum[] {
  const sql = `SELECT ${by} AS name, ${sums} FROM days WHERE day >= ? GROUP BY ${by} ORDER BY sum(credits) DESC, ${by}`;
  return v.parse(v.array(nameSumSchema), database.prepare(sql).all(since));
}

const sums =
  'sum(credits) AS credits, sum(requests) AS requests, sum(inputTokens) AS inputTokens, sum(outputTokens) AS outputTokens';

const nameSumSchema = v.object({
  name: v.string(),
  credits: v.number(),
  requests: v.number(),
  inputTokens: v.number(),
  outputTokens: v.number(),
});
const daySumSchema = v.object({ day: v.string(), ...nameSumSchema.entries });

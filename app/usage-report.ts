import type { Output, contract } from './contract.ts';
import type { AccountSummary } from './pool/account-summary.ts';
import { dayOf } from './usage/daily-sums.ts';
import { forecast } from './usage/forecast.ts';
import type { History } from './usage/history.ts';

/** How far back a pace is looked for, in days. */
const paceDays = 30;
const dayMs = 86_400_000;

/** Puts what Kiro told about the accounts beside what we recorded: the answer to `usage`. */
export function usageReport(
  accounts: readonly AccountSummary[],
  history: History,
  period: { days: number; now: number },
): Output<typeof contract, 'usage'> {
  const { now } = period;
  const byDay = history.creditsByDay({ ...period, by: 'account' });
  const spent = spentByDay(history, now);
  const sums = (by: 'model' | 'key'): { name: string; credits: number; requests: number }[] =>
    history.totals({ ...period, by }).map(({ name, credits, requests }) => ({ name, credits, requests }));
  const resets = accounts.flatMap(({ credits }) => credits?.resetAt ?? []);
  const left = total(accounts.map(({ credits }) => credits?.left ?? null));
  const all = dayNames(now).map((day) => accounts.reduce((sum, { id }) => sum + (spent.get(`${day} ${id}`) ?? 0), 0));
  return {
    accounts: accounts.map(({ id, label, credits, plan, overage }) => {
      const supply = { left: credits?.left ?? null, resetAt: credits?.resetAt ?? null };
      const days = dayNames(now).map((day) => spent.get(`${day} ${id}`) ?? 0);
      return {
        id,
        label,
        credits: credits?.used ?? null,
        limit: credits?.limit ?? null,
        resetAt: supply.resetAt,
        plan,
        byDay: byDay
          .filter(({ name }) => name === id)
          .map(({ day, credits, requests }) => ({ day, credits, requests })),
        left: supply.left,
        overage,
        ...forecast(days, supply, now),
      };
    }),
    pool: {
      credits: accounts.reduce((sum, { credits }) => sum + (credits?.used ?? 0), 0),
      limit: total(accounts.map(({ credits }) => credits?.limit ?? null)),
      byModel: sums('model'),
      byKey: sums('key'),
      left,
      // The first reset brings new credits, so the pool need only last until then.
      ...forecast(all, { left, resetAt: resets.length === 0 ? null : Math.min(...resets) }, now),
    },
  };
}

/** Null when one of them is not known, or has no limit. */
function total(amounts: readonly (number | null)[]): number | null {
  return amounts.includes(null) ? null : amounts.reduce((sum: number, amount) => sum + (amount ?? 0), 0);
}

/** Credits by day and account. */
function spentByDay(history: History, now: number): ReadonlyMap<string, number> {
  const sums = history.creditsByDay({ days: paceDays, now, by: 'account' });
  return new Map(sums.map(({ day, name, credits }) => [`${day} ${name}`, credits]));
}

/** The days that a pace is looked for in, the newest last. */
function dayNames(now: number): string[] {
  return Array.from({ length: paceDays }, (_, index) => dayOf(now - (paceDays - 1 - index) * dayMs));
}

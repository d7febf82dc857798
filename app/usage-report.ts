import type { Output, contract } from './contract.ts';
import { poolPace } from './pool-pace.ts';
import type { AccountSummary } from './pool/account-summary.ts';
import type { History } from './usage/history.ts';
import { RecentDays } from './usage/recent-days.ts';

/** Puts what Kiro told about the accounts beside what we recorded: the answer to `usage`. */
export function usageReport(
  accounts: readonly AccountSummary[],
  history: History,
  period: { days: number; now: number },
): Output<typeof contract, 'usage'> {
  const byDay = history.creditsByDay({ ...period, by: 'account' });
  const pace = poolPace(accounts, new RecentDays(history), period.now);
  const { used, ...pool } = pace.pool;
  const sums = (by: 'model' | 'key'): { name: string; credits: number; requests: number }[] =>
    history.totals({ ...period, by }).map(({ name, credits, requests }) => ({ name, credits, requests }));
  return {
    accounts: pace.accounts.map(({ id, label, credits, plan, overage, perDay, runsOutAt }) => ({
      id,
      label,
      credits: credits?.used ?? null,
      limit: credits?.limit ?? null,
      resetAt: credits?.resetAt ?? null,
      plan,
      byDay: byDay.filter(({ name }) => name === id).map(({ day, credits, requests }) => ({ day, credits, requests })),
      left: credits?.left ?? null,
      overage,
      perDay,
      runsOutAt,
    })),
    pool: { credits: used, byModel: sums('model'), byKey: sums('key'), ...pool },
  };
}

import type { Output, contract } from './contract.ts';
import type { AccountSummary } from './pool/account-summary.ts';
import type { History } from './usage/history.ts';

/** Puts what Kiro told about the accounts beside what we recorded: the answer to `usage`. */
export function usageReport(
  accounts: readonly AccountSummary[],
  history: History,
  period: { days: number; now: number },
): Output<typeof contract, 'usage'> {
  const byDay = history.creditsByDay({ ...period, by: 'account' });
  const sums = (by: 'model' | 'key'): { name: string; credits: number; requests: number }[] =>
    history.totals({ ...period, by }).map(({ name, credits, requests }) => ({ name, credits, requests }));
  const limits = accounts.map(({ credits }) => credits?.limit ?? null);
  return {
    accounts: accounts.map(({ id, label, credits, plan }) => ({
      id,
      label,
      credits: credits?.used ?? null,
      limit: credits?.limit ?? null,
      resetAt: credits?.resetAt ?? null,
      plan,
      byDay: byDay.filter(({ name }) => name === id).map(({ day, credits, requests }) => ({ day, credits, requests })),
    })),
    pool: {
      credits: accounts.reduce((sum, { credits }) => sum + (credits?.used ?? 0), 0),
      limit: limits.includes(null) ? null : limits.reduce((sum: number, limit) => sum + (limit ?? 0), 0),
      byModel: sums('model'),
      byKey: sums('key'),
    },
  };
}

import type { AccountSummary } from './pool/account-summary.ts';
import { forecast, type Forecast } from './usage/forecast.ts';
import type { RecentDays } from './usage/recent-days.ts';

/** The accounts and how long the credits of each last, and those of all together. */
export interface PoolPace {
  readonly accounts: (AccountSummary & Forecast)[];
  /** `limit` and `left` are null when those of an account are not known, or it has none. */
  readonly pool: Forecast & { readonly used: number; readonly limit: number | null; readonly left: number | null };
}

export function poolPace(accounts: readonly AccountSummary[], days: RecentDays, now: number): PoolPace {
  const spent = accounts.map(({ id }) => days.of(id, now));
  const resets = accounts.flatMap(({ credits }) => credits?.resetAt ?? []);
  const left = total(accounts.map(({ credits }) => credits?.left ?? null));
  const all = (spent[0] ?? []).map((_, day) => spent.reduce((sum, each) => sum + (each[day] ?? 0), 0));
  return {
    accounts: accounts.map((account, index) => {
      const supply = { left: account.credits?.left ?? null, resetAt: account.credits?.resetAt ?? null };
      return { ...account, ...forecast(spent[index] ?? [], supply, now) };
    }),
    pool: {
      used: accounts.reduce((sum, { credits }) => sum + (credits?.used ?? 0), 0),
      limit: total(accounts.map(({ credits }) => credits?.limit ?? null)),
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

import type { Account } from './account.ts';
import { callerOf } from './caller.ts';

const firstMs = 5_000;
const longestMs = 60_000;

/**
 * Models that Kiro has too little capacity for. It is everybody's shortage in that region (protocol §7.3), so it cools the
 * model there and never the account. Not kept over a restart: it lasts a minute at most.
 */
export class ModelCooldowns {
  readonly #cooling = new Map<string, { readonly until: number; readonly strikes: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Cools the model in the account's region, twice as long each time in a row. Returns for how many ms. */
  cool(account: Account, model: string): number {
    const key = keyOf(account, model);
    const before = this.#cooling.get(key);
    const now = this.#now();
    // A minute without a strike and the count starts anew.
    const strikes = before && now - before.until < longestMs ? before.strikes + 1 : 1;
    const span = Math.min(firstMs * 2 ** (strikes - 1), longestMs);
    this.#cooling.set(key, { until: now + span, strikes });
    return span;
  }

  /** For how many ms more the model should be left alone there; 0 when it may be used. */
  remaining(account: Account, model: string): number {
    return Math.max(0, (this.#cooling.get(keyOf(account, model))?.until ?? 0) - this.#now());
  }
}

function keyOf(account: Account, model: string): string {
  return `${callerOf(account.id, account.credential).region} ${model}`;
}

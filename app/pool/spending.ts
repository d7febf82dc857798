import type { Account } from './account.ts';
import type { AccountEvent } from './account-state.ts';
import { creditEvent, creditsLeft, isBeyondPlan, overagePart, type Budget } from './credits.ts';

export interface SpendingPorts {
  /** Epoch ms. */
  readonly now: () => number;
  /** Credits beyond plan, trial and bonuses that were metered for an account. */
  readonly onOverage: (id: string, credits: number) => void;
  /** The sum of them today (UTC), also of earlier runs. */
  readonly overageToday: (id: string) => number;
}

/** What the accounts have spent since Kiro's counter was last read, and what that means for what they may spend. */
export class Spending {
  readonly #ports: SpendingPorts;
  readonly #spent = new Map<string, number>();

  constructor(ports: SpendingPorts) {
    this.#ports = ports;
  }

  /** Credits metered since Kiro's counter was read. */
  spentOf(id: string): number {
    return this.#spent.get(id) ?? 0;
  }

  overageToday(id: string): number {
    return this.#ports.overageToday(id);
  }

  /** Kiro's own counter has been read. */
  counted(id: string): void {
    this.#spent.delete(id);
  }

  /** Kiro's counter lags behind by minutes (protocol §6.2), so what was spent since it was read is added to it. */
  charge({ id, credits }: Account, charge: number): void {
    const spent = this.spentOf(id);
    this.#spent.set(id, spent + charge);
    const overage = overagePart(credits, spent, charge, this.#ports.now());
    if (overage > 0) this.#ports.onOverage(id, overage);
  }

  budgetOf({ id, credits, overage }: Account): Budget {
    const overageToday = overage?.dailyCap === undefined ? 0 : this.overageToday(id);
    return { credits, spent: this.spentOf(id), consent: overage, overageToday };
  }

  /** What the account's spending alone means for it now. */
  eventOf(account: Account): AccountEvent | undefined {
    return creditEvent(undefined, this.budgetOf(account), this.#ports.now());
  }

  /** Credits left of plan, trial and bonuses, and whether the next request would be charged beyond them. */
  supplyOf(account: Account): { readonly left: number | undefined; readonly isBeyondPlan: boolean } {
    const now = this.#ports.now();
    const { credits } = account;
    const spent = this.spentOf(account.id);
    return { left: credits && creditsLeft(credits, spent, now), isBeyondPlan: isBeyondPlan({ credits, spent }, now) };
  }
}

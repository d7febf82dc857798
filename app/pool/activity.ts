const failureWindowMs = 10 * 60_000;

/** What each account did lately, as far as the strategies weigh it. In memory only. Times are epoch ms. */
export class Activity {
  readonly #now: () => number;
  readonly #usedAt = new Map<string, number>();
  readonly #failedAt = new Map<string, number[]>();
  /** Choices are told apart even within one millisecond. */
  #choices = 0;
  readonly #order = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  used(account: string): void {
    this.#choices += 1;
    this.#order.set(account, this.#choices);
    this.#usedAt.set(account, this.#now());
  }

  failed(account: string): void {
    const recent = this.#recent(account);
    // More than a few count the same, so no more are kept.
    this.#failedAt.set(account, [...recent, this.#now()].slice(-10));
  }

  /** When it was last chosen; undefined for never. */
  usedAt(account: string): number | undefined {
    return this.#usedAt.get(account);
  }

  /** A number that grows with each choice: what was chosen longest ago has the least. 0 for never. */
  turnOf(account: string): number {
    return this.#order.get(account) ?? 0;
  }

  /** Failures of the last ten minutes. */
  recentFailures(account: string): number {
    return this.#recent(account).length;
  }

  #recent(account: string): number[] {
    const since = this.#now() - failureWindowMs;
    return (this.#failedAt.get(account) ?? []).filter((at) => at > since);
  }
}

/** A clock and its timers, both moved by hand. */
export class HandTimers {
  now: number;
  #timers: { at: number; run: () => void }[] = [];

  constructor(now: number) {
    this.now = now;
  }

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  /** Timers that are set. */
  get count(): number {
    return this.#timers.length;
  }

  /** Lets time pass, and what falls due happen in its order. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((each) => each !== due);
      this.now = Math.max(this.now, due.at);
      due.run();
    }
    this.now = end;
  }
}

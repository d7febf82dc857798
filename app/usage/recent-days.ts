import { dayOf } from './daily-sums.ts';
import type { History } from './history.ts';

/** How far back a pace is looked for, in days. */
const dayCount = 30;
const dayMs = 86_400_000;

/**
 * The credits of each account on each of the last 30 UTC days, by which forecasts are made. Read from the history once a day,
 * and kept up with what is noted in between: to look costs no query.
 */
export class RecentDays {
  readonly #history: Pick<History, 'creditsByDay'>;
  #today = '';
  #byAccount = new Map<string, number[]>();

  constructor(history: Pick<History, 'creditsByDay'>) {
    this.#history = history;
  }

  /** Credits a day, the newest last, today included. @param now epoch ms */
  of(account: string, now: number): readonly number[] {
    if (this.#today !== dayOf(now)) this.#read(now);
    return this.#byAccount.get(account) ?? nothing;
  }

  /** Adds a request to its day. The history has it already. */
  note({ at, account, credits }: { at: number; account: string | null; credits: number | null }): void {
    // Before the first look nothing is kept: the history will be read whole.
    if (this.#today === '' || account === null || credits === null) return;
    const daysAgo = (Date.parse(this.#today) - Date.parse(dayOf(at))) / dayMs;
    const index = dayCount - 1 - daysAgo;
    if (index < 0 || index >= dayCount) return;
    const days = this.#byAccount.get(account) ?? [...nothing];
    days[index] = (days[index] ?? 0) + credits;
    this.#byAccount.set(account, days);
  }

  #read(now: number): void {
    this.#today = dayOf(now);
    const names = Array.from({ length: dayCount }, (_, index) => dayOf(now - (dayCount - 1 - index) * dayMs));
    this.#byAccount = new Map();
    for (const { day, name, credits } of this.#history.creditsByDay({ days: dayCount, now, by: 'account' })) {
      const days = this.#byAccount.get(name) ?? [...nothing];
      const index = names.indexOf(day);
      if (index !== -1) days[index] = credits;
      this.#byAccount.set(name, days);
    }
  }
}

const nothing: readonly number[] = Array.from({ length: dayCount }, () => 0);

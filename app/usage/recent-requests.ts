import type { History } from './history.ts';
import type { RequestRow } from './request-row.ts';

/** The newest requests, the newest first: read from the history at the first look, and kept up without it from then on. */
export class RecentRequests {
  readonly #history: Pick<History, 'recent'>;
  readonly #limit: number;
  #rows: readonly RequestRow[] | undefined;

  constructor(history: Pick<History, 'recent'>, limit: number) {
    this.#history = history;
    this.#limit = limit;
  }

  /** Adds a request that is over. The history has it already. */
  add(row: RequestRow): void {
    if (this.#rows) this.#rows = [row, ...this.#rows].slice(0, this.#limit);
  }

  list(): readonly RequestRow[] {
    this.#rows ??= this.#history.recent(this.#limit);
    return this.#rows;
  }
}

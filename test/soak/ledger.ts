import { isToldAs } from './outcome.ts';

/** Something that was done to the engine on purpose. Times in ms. */
export interface Disturbance {
  readonly name: string;
  readonly startedAt: number;
  /** Infinity while it lasts. */
  endedAt: number;
  /** Errors that clients may be told because of it. */
  readonly told: readonly string[];
  /** How many clients it may concern. */
  hits: number;
}

/** One request that is over. */
export interface Ended {
  readonly kind: string;
  readonly path: string;
  readonly expected: string;
  readonly outcome: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What clients got, and whether what was done to the engine explains it. */
export class Ledger {
  readonly disturbances: Disturbance[] = [];
  /** By kind of request, then by outcome. */
  readonly counts = new Map<string, Map<string, number>>();
  /** Outcomes of single hits that are accounted for already. */
  readonly #spent = new Map<Disturbance, number>();
  readonly #odd: Ended[] = [];

  begin(name: string, told: readonly string[], startedAt: number): Disturbance {
    const disturbance = { name, startedAt, endedAt: Infinity, told, hits: 0 };
    this.disturbances.push(disturbance);
    return disturbance;
  }

  add(ended: Ended): void {
    const ofKind = this.counts.get(ended.kind) ?? new Map<string, number>();
    this.counts.set(ended.kind, ofKind.set(ended.outcome, (ofKind.get(ended.outcome) ?? 0) + 1));
    if (ended.outcome !== ended.expected) this.#odd.push(ended);
  }

  /** What no disturbance explains: each hit of one explains one error, told to a request that ran at that time. */
  unexplained(): string[] {
    this.#spent.clear();
    return this.#odd
      .filter((ended) => !this.#isExplained(ended))
      .map(({ kind, outcome, startedAt }) => `${kind}: ${outcome} (sent at ${new Date(startedAt).toISOString()})`);
  }

  #isExplained({ path, outcome, expected, startedAt, endedAt }: Ended): boolean {
    // Somebody who wanted to leave had the whole answer first, which is nobody's fault.
    if (expected === 'left' && outcome === 'served') return true;
    const cause = this.disturbances.find(
      (each) =>
        each.startedAt <= endedAt &&
        each.endedAt >= startedAt &&
        each.told.some((code) => isToldAs(path, code, outcome)) &&
        (this.#spent.get(each) ?? 0) < each.hits,
    );
    if (cause) this.#spent.set(cause, (this.#spent.get(cause) ?? 0) + 1);
    return cause !== undefined;
  }
}

import type { Snapshot } from './contract.ts';
import { unrefTimer, type After } from './timer.ts';

export interface LivePorts {
  /** Puts a snapshot together from what is known now. Must be cheap: it runs between the parts of answers. */
  readonly make: () => Omit<Snapshot, 'rev'>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly after?: After;
}

/** Snapshots come at most four times a second. */
const restMs = 250;
/** The longest that a timer can be set for. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * What the tray and the screens show, published whenever something of it changed: the first change at once, more of them
 * together. While nobody listens nothing is put together.
 */
export class Live implements Disposable {
  readonly #ports: LivePorts;
  readonly #after: After;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #rev = 0;
  #snapshot: Snapshot | undefined;
  #isStale = false;
  #publishedRev = 0;
  /** Of the publication that is due, or of the rest after the last one. */
  #callOff: (() => void) | undefined;
  #callOffTick: (() => void) | undefined;

  constructor(ports: LivePorts) {
    this.#ports = ports;
    this.#after = ports.after ?? unrefTimer;
  }

  /** What is so now. */
  current(): Snapshot {
    const isOver = this.#snapshot !== undefined && nextChangeOf(this.#snapshot) <= this.#ports.now();
    if (this.#snapshot === undefined || this.#isStale || isOver) {
      this.#rev += 1;
      this.#isStale = false;
      this.#snapshot = { rev: this.#rev, ...this.#ports.make() };
    }
    return this.#snapshot;
  }

  /** Calls the listener now, and whenever something changed, until the result is disposed of. */
  subscribe(listener: (snapshot: Snapshot) => void): Disposable {
    // A function of its own, so that one that is given twice is told twice and ended once.
    const own = (snapshot: Snapshot): void => listener(snapshot);
    this.#listeners.add(own);
    tell(own, this.current());
    this.#armTick();
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Something that a snapshot shows is not as it was. */
  changed(): void {
    this.#isStale = true;
    if (this.#listeners.size > 0) this.#callOff ??= this.#after(0, () => this.#publish());
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#callOff?.();
    this.#callOffTick?.();
  }

  #publish(): void {
    this.#callOff = undefined;
    if (this.#listeners.size === 0) return;
    const snapshot = this.current();
    this.#publishedRev = snapshot.rev;
    for (const listener of this.#listeners) tell(listener, snapshot);
    this.#armTick();
    this.#callOff = this.#after(restMs, () => {
      this.#callOff = undefined;
      if (this.#isStale || this.#snapshot?.rev !== this.#publishedRev) this.#publish();
    });
  }

  /** A cooldown ends by time alone. */
  #armTick(): void {
    this.#callOffTick?.();
    this.#callOffTick = undefined;
    const at = this.#snapshot ? nextChangeOf(this.#snapshot) : Infinity;
    if (this.#listeners.size === 0 || at === Infinity) return;
    const ms = Math.min(Math.max(0, at - this.#ports.now()), longestTimerMs);
    this.#callOffTick = this.#after(ms, () => {
      this.#callOffTick = undefined;
      if (this.#snapshot && nextChangeOf(this.#snapshot) <= this.#ports.now()) this.changed();
      else this.#armTick();
    });
  }
}

/** When a snapshot is out of date though nothing happened, epoch ms. */
function nextChangeOf({ accounts, at }: Snapshot): number {
  const ends = accounts.map(({ state }) => state.until ?? Infinity).filter((until) => until > at);
  return Math.min(Infinity, ...ends);
}

/** A screen that has gone must not keep the others from being told. */
function tell(listener: (snapshot: Snapshot) => void, snapshot: Snapshot): void {
  try {
    listener(snapshot);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

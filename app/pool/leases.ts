/** The right to send one request with one account; disposing of it makes room for the next. */
export interface Lease extends Disposable {
  /** How long it had to be waited for, in ms. */
  readonly waitedMs: number;
}

interface Waiter {
  readonly admit: () => void;
}

/**
 * Bounds how many requests one account serves at the same time (DESIGN §5). Who comes first goes first; who gives up leaves
 * the queue at once.
 */
export class Leases {
  readonly #limit: () => number;
  readonly #now: () => number;
  readonly #onChange: () => void;
  readonly #inFlight = new Map<string, number>();
  readonly #queues = new Map<string, Set<Waiter>>();

  /**
   * @param limit requests at a time for one account; asked anew each time, since the user may change it
   * @param onChange told when an account serves more or fewer requests than before
   */
  constructor(limit: () => number, now: () => number, onChange: () => void = () => undefined) {
    this.#limit = limit;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** Requests that the account serves now. */
  inFlight(account: string): number {
    return this.#inFlight.get(account) ?? 0;
  }

  /** Whether a request would have to wait. */
  isFull(account: string): boolean {
    return this.inFlight(account) >= this.#limit() || (this.#queues.get(account)?.size ?? 0) > 0;
  }

  /** Resolves when it is this request's turn. @throws the signal's reason when the client leaves while it waits */
  async acquire(account: string, signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    const startedAt = this.#now();
    if (this.isFull(account)) await this.#queue(account, signal);
    else this.#inFlight.set(account, this.inFlight(account) + 1);
    this.#onChange();
    let isHeld = true;
    return {
      waitedMs: this.#now() - startedAt,
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#release(account);
      },
    };
  }

  /** Waits; whoever admits has counted the request as in flight already, so that nobody slips in between. */
  #queue(account: string, signal: AbortSignal): Promise<void> {
    const queue = this.#queues.get(account) ?? new Set<Waiter>();
    this.#queues.set(account, queue);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      queue.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #release(account: string): void {
    this.#inFlight.set(account, this.inFlight(account) - 1);
    this.#onChange();
    const queue = this.#queues.get(account);
    if (!queue) return;
    for (const waiter of queue) {
      if (this.inFlight(account) >= this.#limit()) break;
      queue.delete(waiter);
      this.#inFlight.set(account, this.inFlight(account) + 1);
      waiter.admit();
    }
    if (queue.size === 0) this.#queues.delete(account);
  }
}

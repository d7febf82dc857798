import type { Json } from './json.ts';

const KEPT = 1000;

/** One request that reached the emulator. No secrets in it; `body` only for generate calls. */
export interface JournalEntry {
  readonly id: number;
  /** The emulator's clock in ms. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  host: string;
  region: string;
  operation: string;
  binding: 'rest' | 'rpc' | null;
  account: string | null;
  model: string | null;
  /** 0 until an answer began, or when the socket was destroyed instead. */
  status: number;
  /** The rule that refused it, e.g. `tool-name-length`. */
  rule?: string;
  reason?: string | null;
  detail?: string;
  /** The kind of an injected fault that shaped the answer. */
  fault?: string;
  headerNames: readonly string[];
  userAgent: string | null;
  tokenType: string | null;
  optOut: string | null;
  body?: Json;
  /** Legal but unwise things, e.g. `tool-result-filler` (protocol §4.7). */
  notes: string[];
  /** The client left before the answer was complete. */
  aborted: boolean;
  /** Bytes of the answer's body that were written. */
  bytes: number;
  requestBytes: number;
  events: number;
  credits: number;
}

/** Counters of one account. */
export interface AccountStatistics {
  generates: number;
  refreshes: number;
  reusedRefreshTokens: number;
  lostRotations: number;
  creditsCharged: number;
  prefixHits: number;
  aborted: number;
}

/** Counters of the whole emulator. */
export interface Statistics {
  readonly accounts: Readonly<Record<string, AccountStatistics>>;
  readonly requests: number;
  readonly reusedRefreshTokens: number;
  readonly maxConcurrentGenerates: number;
}

/** The bounded list of requests and the counters that outlive it. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  readonly #accounts = new Map<string, AccountStatistics>();
  #requests = 0;
  #running = 0;
  #maxRunning = 0;

  /** Opens an entry, which the request then fills in. The oldest of more than 1,000 is forgotten. */
  open(
    entry: Pick<JournalEntry, 'at' | 'method' | 'path' | 'headerNames' | 'userAgent' | 'tokenType' | 'optOut'>,
  ): JournalEntry {
    this.#requests += 1;
    const opened: JournalEntry = {
      ...entry,
      id: this.#requests,
      host: '',
      region: '',
      operation: '',
      binding: null,
      account: null,
      model: null,
      status: 0,
      notes: [],
      aborted: false,
      bytes: 0,
      requestBytes: 0,
      events: 0,
      credits: 0,
    };
    this.entries.push(opened);
    if (this.entries.length > KEPT) this.entries.splice(0, this.entries.length - KEPT);
    return opened;
  }

  /** The counters of an account. */
  of(accountId: string): AccountStatistics {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) return known;
    const fresh: AccountStatistics = {
      generates: 0,
      refreshes: 0,
      reusedRefreshTokens: 0,
      lostRotations: 0,
      creditsCharged: 0,
      prefixHits: 0,
      aborted: 0,
    };
    this.#accounts.set(accountId, fresh);
    return fresh;
  }

  /** Counts a generate call while it runs; the returned function ends it. */
  running(): () => void {
    this.#running += 1;
    this.#maxRunning = Math.max(this.#maxRunning, this.#running);
    return () => {
      this.#running -= 1;
    };
  }

  /** A copy of all counters. */
  statistics(): Statistics {
    const accounts = Object.fromEntries([...this.#accounts].map(([id, counters]) => [id, { ...counters }]));
    const reused = [...this.#accounts.values()].reduce((sum, counters) => sum + counters.reusedRefreshTokens, 0);
    return {
      accounts,
      requests: this.#requests,
      reusedRefreshTokens: reused,
      maxConcurrentGenerates: this.#maxRunning,
    };
  }

  /** Forgets the entries; counters stay. */
  clear(): void {
    this.entries.length = 0;
  }
}

const ttlMs = 60 * 60_000;

/**
 * Which account each session is on (DESIGN §5): a session that stays keeps Kiro's prefix cache, which is about half of its
 * credits (protocol §4.10). Forgotten an hour after the session's last request; bounded, the least recently used going first.
 * Not kept over a restart.
 */
export class Affinity {
  readonly #sessions = new Map<string, { readonly account: string; readonly at: number }>();
  readonly #now: () => number;
  readonly #maxSessions: number;

  constructor(now: () => number, maxSessions = 10_000) {
    this.#now = now;
    this.#maxSessions = maxSessions;
  }

  /** The account that the session is on, if it is on one. */
  accountOf(session: string): string | undefined {
    const known = this.#sessions.get(session);
    if (!known) return undefined;
    if (this.#now() - known.at <= ttlMs) return known.account;
    this.#sessions.delete(session);
    return undefined;
  }

  /** Puts the session on an account, or keeps it there for another hour. */
  keep(session: string, account: string): void {
    this.#sessions.delete(session);
    this.#sessions.set(session, { account, at: this.#now() });
    if (this.#sessions.size <= this.#maxSessions) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      break;
    }
  }
}

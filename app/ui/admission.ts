import { createHash, randomBytes } from 'node:crypto';

export interface AdmissionOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** Gives n random bytes. */
  readonly random?: (bytes: number) => Buffer;
}

/** A link that nobody opened is void after this. */
const codeMs = 5 * 60_000;
/** More than a person opens; the oldest go first. */
const mostCodes = 8;
const mostSessions = 16;

/**
 * Who may see the screens in a browser: whoever opens a link while it is good gets a session, which lasts as long as this
 * process. A code opens once. Only hashes of codes and sessions are kept.
 */
export class Admission {
  readonly #now: () => number;
  readonly #random: (bytes: number) => Buffer;
  /** When each code is void, by its hash, the oldest first. */
  readonly #codes = new Map<string, number>();
  readonly #sessions = new Set<string>();

  constructor({ now, random = randomBytes }: AdmissionOptions) {
    this.#now = now;
    this.#random = random;
  }

  /** A new code, of 128 bits. */
  newCode(): string {
    const code = this.#random(16).toString('base64url');
    this.#codes.set(hashOf(code), this.#now() + codeMs);
    dropOldest(this.#codes, mostCodes);
    return code;
  }

  /** Takes a code: gives the id of a new session, or undefined when the code is not, or no longer, good. */
  open(code: string): string | undefined {
    const hash = hashOf(code);
    const voidAt = this.#codes.get(hash);
    this.#codes.delete(hash);
    if (voidAt === undefined || this.#now() >= voidAt) return undefined;
    const session = this.#random(32).toString('base64url');
    this.#sessions.add(hashOf(session));
    dropOldest(this.#sessions, mostSessions);
    return session;
  }

  /** Whether this is the id of a session. */
  isSession(id: string | undefined): boolean {
    return id !== undefined && this.#sessions.has(hashOf(id));
  }
}

/** To look a hash up tells nothing by the time it takes: who guesses cannot steer it. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

function dropOldest(
  entries: { size: number; keys(): Iterator<string>; delete(key: string): unknown },
  most: number,
): void {
  while (entries.size > most) {
    const oldest = entries.keys().next();
    if (oldest.done === true) return;
    entries.delete(oldest.value);
  }
}

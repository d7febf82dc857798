import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { AuthError } from './auth-error.ts';

/** The clock (epoch ms) and a pause that rejects when its signal ends it. */
export interface LockPorts {
  readonly now: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** How long to wait for a program that holds the store; 5 s unless told. */
  readonly busyTimeoutMs?: number;
}

/**
 * Does something while no other program can write to an SQLite file: under its write lock, rolled back afterwards, so that
 * nothing changes (SQLite may end a crashed program's transaction first, as the next one to open it would). `task` must not
 * wait. Waiting for the lock does not block: SQLite's own time-out would stop the whole process.
 * @param damaged with `any file` the task also runs on what is no SQLite database, where nobody can hold a lock
 * @throws AuthError `unreadable` when the lock is not to be had
 */
export async function underWriteLock<T>(
  path: string,
  task: () => T,
  ports: LockPorts,
  signal: AbortSignal | undefined,
  damaged: 'refuse' | 'any file' = 'refuse',
): Promise<T> {
  const deadline = ports.now() + (ports.busyTimeoutMs ?? 5000);
  for (;;) {
    signal?.throwIfAborted();
    const attempt = tryOnce(path, task);
    if ('value' in attempt) return attempt.value;
    if (!busyCodes.has(attempt.code)) {
      if (damaged === 'any file' && damageCodes.has(attempt.code)) return task();
      throw unusable('it could not be opened for writing', attempt.cause);
    }
    if (ports.now() >= deadline) throw unusable('another program holds it', attempt.cause);
    await ports.wait(25, signal);
  }
}

/** Primary result codes of SQLite. An I/O error is what a log gives that its main file or its index does not fit. */
const busyCodes = new Set([5, 6]);
const damageCodes = new Set([10, 11, 26]);

const sqliteError = v.object({ errcode: v.number() });

/** Whether an error of SQLite says that another program holds the file. */
export function isHeld(error: unknown): boolean {
  const parsed = v.safeParse(sqliteError, error);
  return parsed.success && busyCodes.has(parsed.output.errcode & 0xff);
}

/** Whether an error of SQLite says that the file itself is at fault, not that somebody holds it or that we may not open it. */
export function isDamage(error: unknown): boolean {
  const parsed = v.safeParse(sqliteError, error);
  return parsed.success && damageCodes.has(parsed.output.errcode & 0xff);
}

function tryOnce<T>(path: string, task: () => T): { value: T } | { code: number; cause: unknown } {
  try {
    using database = new DatabaseSync(path, { timeout: 0, allowExtension: false });
    database.exec('BEGIN IMMEDIATE');
    try {
      return { value: task() };
    } finally {
      database.exec('ROLLBACK');
    }
  } catch (cause) {
    const parsed = v.safeParse(sqliteError, cause);
    if (!parsed.success) throw cause;
    return { code: parsed.output.errcode & 0xff, cause };
  }
}

function unusable(why: string, cause: unknown): AuthError {
  return new AuthError(
    'unreadable',
    `The store of kiro-cli could not be locked: ${why}.`,
    'Quit kiro-cli wherever it runs, then try again.',
    { cause },
  );
}

import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errnoOf } from './atomic-write.ts';
import { StoreError } from './store-error.ts';

/**
 * Takes the folder's lock; undefined when another process (or this one) has it.
 *
 * The lock is SQLite's own on an empty `lock.db`, which is a lock of the operating system: it ends with the process
 * however that dies, so there is no stale lock and no race over who may remove one. Nothing else may open `lock.db` in
 * this process, since POSIX drops a process's locks on a file when any of its handles on it is closed.
 *
 * @throws StoreError `folder-unusable` when locking itself does not work here.
 */
export function takeLock(folder: string): Disposable | undefined {
  const path = join(folder, 'lock.db');
  try {
    createPrivate(path);
    using opened = new DisposableStack();
    // Two that start at once can both back off; a short wait lets one of them through.
    const database = opened.use(new DatabaseSync(path, { timeout: 300 }));
    // In memory, so that the lock leaves no journal file behind.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    held.add(database);
    opened.defer(() => held.delete(database));
    return opened.move();
  } catch (cause) {
    if (isBusy(cause)) return undefined;
    throw new StoreError(
      'folder-unusable',
      `${path} cannot be locked.`,
      'Check that the folder is yours and on a disk of this machine; a damaged lock.db may be deleted.',
      { cause },
    );
  }
}

/** A database that nobody refers to is closed by the garbage collector, and the lock would go with it. */
const held = new Set<DatabaseSync>();

/** SQLite would make the file with the mode of the umask. `wx` opens nothing when it is there, see above. */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** SQLite's codes are the low byte of its extended ones; 5 is SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}

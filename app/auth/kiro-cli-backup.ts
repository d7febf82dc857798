import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { AuthError } from './auth-error.ts';
import { parseJsonObject } from './parse-json-object.ts';
import { underWriteLock, type LockPorts } from './hand-off-store-lock.ts';

/**
 * A copy of kiro-cli's store, byte for byte, from before a hand-off touched it (DESIGN §4 way 3): the main file with the
 * `-wal` or `-journal` beside it. Not `-shm`: it is an index that SQLite makes anew. The copy lies in a folder of its own
 * until it was put back or is no longer wanted, so a crash at any point leaves either nothing touched or a whole backup.
 */
export interface StoreBackup extends v.InferOutput<typeof manifestSchema> {
  /** The folder that holds the copy. */
  readonly folder: string;
}

/**
 * Backs the store up. A store that does not exist yet is backed up as such: to put that back removes the store.
 * @param request.folder the caller's; at most one backup lies in it
 * @throws AuthError `unreadable` when another program holds the store, or when an earlier backup is still there
 */
export async function backUpStore(
  request: { readonly storePath: string; readonly folder: string; readonly wish: StoreBackup['wish'] },
  ports: LockPorts,
  signal?: AbortSignal,
): Promise<StoreBackup> {
  const folder = join(request.folder, folderName);
  if (findUnfinishedBackup(request.folder) !== undefined) throw unfinished();
  const storePath = existsSync(request.storePath) ? realpathSync(request.storePath) : request.storePath;
  using opened = new DisposableStack();
  // From here to the manifest nothing waits, so that two hand-offs cannot get into each other's way.
  const copyAll = (): StoreBackup => {
    if (findUnfinishedBackup(request.folder) !== undefined) throw unfinished();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = suffixes.flatMap((suffix) => {
      if (!existsSync(storePath + suffix)) return [];
      // The end of any descriptor of a file takes all locks of its process with it (POSIX), so they outlive the lock.
      const source = opened.adopt(openSync(storePath + suffix, 'r'), closeSync);
      const mode = fstatSync(source).mode & 0o777;
      return [{ suffix, mode, sha256: copy(source, join(folder, basename(storePath) + suffix), 0o600) }];
    });
    const backup: StoreBackup = { version: 1, storePath, madeAt: ports.now(), wish: request.wish, files, folder };
    writeManifest(backup);
    return backup;
  };
  return existsSync(storePath) ? await underWriteLock(storePath, copyAll, ports, signal) : copyAll();
}

/** Remembers which login the hand-off made, so that it is known again after a crash. @param hash `tokenHash` of its refresh token */
export function noteNewLogin(backup: StoreBackup, hash: string): StoreBackup {
  const noted = { ...backup, newLogin: hash };
  writeManifest(noted);
  return noted;
}

/**
 * Makes the store what it was, verified byte for byte, and removes the backup. May be repeated after a crash at any point.
 * kiro-cli must have ended; one that only reads at that moment goes on with the file that it opened.
 * @throws AuthError `unreadable` when another program holds the store or the disk fails; the backup is then still there
 */
export async function putBack(backup: StoreBackup, ports: LockPorts): Promise<void> {
  const { storePath, files } = backup;
  for (let tries = 1; !isAsBackedUp(backup); tries += 1) {
    if (tries > 3) throw notPutBack('another program keeps writing it');
    if (existsSync(storePath)) await underWriteLock(storePath, () => undefined, ports, undefined, 'any file');
    try {
      stage(backup);
      for (const suffix of [...companions, ...(files.length === 0 ? [''] : [])]) {
        if (existsSync(storePath + suffix)) renameSync(storePath + suffix, storePath + suffix + asideSuffix);
      }
      // The main file first: a log beside a main file that it does not belong to would damage it.
      for (const { suffix } of files) renameSync(storePath + suffix + stagedSuffix, storePath + suffix);
      if (existsSync(dirname(storePath))) syncFolder(dirname(storePath));
    } catch (cause) {
      throw cause instanceof AuthError ? cause : notPutBack('the disk refused it', cause);
    }
  }
  discardBackup(backup);
}

/**
 * Removes the backup and what putting back may have left beside the store. Unlinked, not overwritten: on today's disks and
 * file systems overwriting reaches other blocks, and the store beside it has held the same bytes all the time.
 */
export function discardBackup(backup: StoreBackup): void {
  for (const suffix of ['', ...companions]) {
    rmSync(backup.storePath + suffix + stagedSuffix, { force: true });
    rmSync(backup.storePath + suffix + asideSuffix, { force: true });
  }
  // Without its manifest it is no backup any more, so a crash in between leaves nothing that could be put back late.
  rmSync(join(backup.folder, manifestName), { force: true });
  if (existsSync(backup.folder)) syncFolder(backup.folder);
  rmSync(backup.folder, { recursive: true, force: true });
}

/** The backup of a hand-off that did not come to its end, because the process was killed or the store was held. */
export function findUnfinishedBackup(folder: string): StoreBackup | undefined {
  const own = join(folder, folderName);
  const path = join(own, manifestName);
  if (!existsSync(path)) return undefined;
  const parsed = v.safeParse(manifestSchema, parseJsonObject(readFileSync(path, 'utf8')));
  if (parsed.success) return { ...parsed.output, folder: own };
  throw new AuthError(
    'unreadable',
    'A backup of the store of kiro-cli was found, but its manifest cannot be read.',
    `Look into ${own}: it holds the store as it was. Move it away when it is no longer needed.`,
  );
}

/** Whether the store is byte for byte what was backed up; `main` looks at the main file alone. */
export function isAsBackedUp(backup: StoreBackup, extent: 'all' | 'main' = 'all'): boolean {
  const compared = extent === 'main' ? [''] : suffixes;
  return compared.every((suffix) => {
    const wanted = backup.files.find((file) => file.suffix === suffix)?.sha256;
    return hashOf(backup.storePath + suffix) === wanted;
  });
}

const folderName = 'kiro-cli-hand-off';
const manifestName = 'manifest.json';
const stagedSuffix = '.kiro-pool-new';
const asideSuffix = '.kiro-pool-old';
const suffixes = ['', '-wal', '-journal'] as const;
const companions = ['-wal', '-shm', '-journal'] as const;

const manifestSchema = v.object({
  version: v.literal(1),
  storePath: v.string(),
  /** Epoch ms. */
  madeAt: v.number(),
  /** What is to become of the store once the new login is ours. */
  wish: v.picklist(['put-back', 'keep-new']),
  /** `tokenHash` of the refresh token that the hand-off made, from then on. */
  newLogin: v.optional(v.string()),
  files: v.array(v.object({ suffix: v.picklist(suffixes), mode: v.number(), sha256: v.string() })),
});

function writeManifest({ folder, ...manifest }: StoreBackup): void {
  const path = join(folder, manifestName);
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, JSON.stringify(manifest));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
  syncFolder(dirname(folder));
}

/** Lays the copies beside the store, under names of their own. */
function stage({ storePath, files, folder }: StoreBackup): void {
  for (const { suffix, mode, sha256 } of files) {
    const source = openSync(join(folder, basename(storePath) + suffix), 'r');
    try {
      const staged = storePath + suffix + stagedSuffix;
      if (copy(source, staged, 0o600) !== sha256) throw notPutBack('its backup was damaged on the disk');
      chmodSync(staged, mode);
    } finally {
      closeSync(source);
    }
  }
}

/** Copies to a new file, synced; returns the SHA-256 in hex of what was read. */
function copy(source: number, path: string, mode: number): string {
  rmSync(path, { force: true });
  const target = openSync(path, 'wx', mode);
  try {
    const hash = createHash('sha256');
    forEachPart(source, (part) => {
      hash.update(part);
      for (let written = 0; written < part.length;) written += writeSync(target, part, written);
    });
    fsyncSync(target);
    return hash.digest('hex');
  } finally {
    closeSync(target);
  }
}

function hashOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    forEachPart(file, (part) => hash.update(part));
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}

function forEachPart(file: number, take: (part: Buffer) => void): void {
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (let position = 0; ;) {
    const length = readSync(file, buffer, 0, buffer.length, position);
    if (length === 0) return;
    take(buffer.subarray(0, length));
    position += length;
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // Some network file systems refuse this; the files themselves are synced.
  } finally {
    closeSync(handle);
  }
}

function unfinished(): AuthError {
  return new AuthError(
    'unreadable',
    'An earlier sign-in through kiro-cli did not come to its end, and the login from before it is still to be put back.',
    'Put that login back, or discard it, before signing in again.',
  );
}

function notPutBack(why: string, cause?: unknown): AuthError {
  return new AuthError(
    'unreadable',
    `The previous login of kiro-cli could not be put back: ${why}.`,
    'Its backup is safe: quit kiro-cli and start Kiro Pool again, which puts it back.',
    { cause },
  );
}

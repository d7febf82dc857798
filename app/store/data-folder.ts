import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join, posix, resolve, win32 } from 'node:path';
import { errnoOf } from './atomic-write.ts';
import { takeLock } from './folder-lock.ts';
import { describeOwner, ownerFile, writeOwner } from './owner.ts';
import { makePrivateFolder } from './private-folder.ts';
import { StoreError } from './store-error.ts';

// The store: what Kiro Pool keeps on disk between two starts. In come accounts, settings and keys; out come files that
// survive a crash, secrets in them as sealed boxes only. One process owns the folder at a time, which is why its files
// need no locks.

/** The one folder of Kiro Pool, owned by this process until it is disposed of. */
export interface DataFolder extends Disposable {
  /** Absolute. */
  readonly path: string;
  /** Secret with which other commands of this user reach the owner; in `owner.json`. */
  readonly token: string;
  /** The path of a file in the folder. */
  file(name: string): string;
  /** Tells other processes where the owner's control socket is. */
  announce(socket: string): Promise<void>;
}

export type OpenFolderOptions = {
  /** Version of Kiro Pool, told to other processes. */
  version: string;
  /** Epoch ms. */
  now: () => number;
  pid?: number;
  random?: (bytes: number) => Buffer;
};

/**
 * Creates the folder if needed (0700), makes what is ours in it private (files 0600), takes its lock and writes
 * `owner.json`.
 *
 * @throws StoreError `folder-in-use` naming the owner, or `folder-unusable`.
 */
export async function openDataFolder(path: string, options: OpenFolderOptions): Promise<DataFolder> {
  const folder = resolve(path);
  const { version, now, pid = process.pid, random = randomBytes } = options;
  makePrivate(folder);

  using opened = new DisposableStack();
  const lock = takeLock(folder);
  if (lock === undefined) throw inUse(folder, await describeOwner(folder));
  opened.use(lock);
  const token = random(24).toString('base64url');
  const owner = { pid, startedAt: now(), version, token };
  // Before the lock goes, so that it is never the next owner's file that is removed.
  opened.defer(() => removeOwner(folder));
  await writeOwner(folder, owner);

  const owned = opened.move();
  return {
    path: folder,
    token,
    file: (name) => join(folder, name),
    announce: (socket) => writeOwner(folder, { ...owner, socket }),
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/**
 * Where the data folder is when nobody says: `KIRO_POOL_DATA_DIR`, else `kiro-pool` in the platform's folder for
 * application data.
 *
 * @param home the user's home folder.
 */
export function defaultDataDir(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const chosen = env['KIRO_POOL_DATA_DIR'];
  if (chosen) return resolve(chosen);
  if (platform === 'win32') {
    return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), folderName);
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', folderName);
  const dataHome = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is invalid and ignored.
  const base = dataHome && posix.isAbsolute(dataHome) ? dataHome : posix.join(home, '.local', 'share');
  return posix.join(base, folderName);
}

const folderName = 'kiro-pool';

/** What Chromium keeps for the desktop app, in a data folder that the user chose. */
export const desktopFolder = 'desktop';

/** Our files, with their temporary, set-aside and backup copies and SQLite's companions. */
const ourFile =
  /^(?:(?:settings|accounts|keys|owner|client-setups)\.json|(?:usage|lock)\.db|master\.key|rotations\.log)(?:$|[.-])/;

function makePrivate(folder: string): void {
  try {
    makePrivateFolder(folder);
    // Windows keeps application data private by the access list of the user's profile.
    if (process.platform === 'win32') {
      readdirSync(folder);
      return;
    }
    const names = readdirSync(folder);
    const ours = names.filter((name) => ourFile.test(name));
    if (isOpenToOthers(folder)) {
      // A slip such as --data-dir /tmp must not lock others out of a shared folder.
      if (ours.length === 0 && names.some((name) => name !== desktopFolder)) {
        throw new StoreError(
          'folder-unusable',
          `${folder} is open to other users and holds other files.`,
          'Choose a folder of its own for Kiro Pool.',
        );
      }
      chmodSync(folder, 0o700);
    }
    for (const name of ours) {
      const path = join(folder, name);
      if (isOpenToOthers(path)) chmodSync(path, 0o600);
    }
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('folder-unusable', `${folder} cannot be used: ${errnoOf(cause) ?? 'unknown error'}.`, hint, {
      cause,
    });
  }
}

const hint = 'Check that the folder is yours, or choose another with --data-dir.';

/** False for what vanished meanwhile, such as the temp file of a running owner. */
function isOpenToOthers(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & 0o077) !== 0;
}

function removeOwner(folder: string): void {
  try {
    unlinkSync(join(folder, ownerFile));
  } catch (error) {
    // Readers check whether the owner lives, so a file that stays does no harm.
    if (errnoOf(error) === undefined) throw error;
  }
}

function inUse(folder: string, owner: string): StoreError {
  return new StoreError(
    'folder-in-use',
    `${folder} is in use by ${owner}.`,
    'Stop it first, or choose another folder with --data-dir.',
  );
}

import { open, realpath, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Replaces a file as one step that survives a crash and a power cut: temp file beside it (0600), all bytes, fsync,
 * rename, fsync of the folder. Readers see the old content or the new one. A symbolic link stays a link, and what it
 * points at is replaced.
 *
 * One writer per path at a time: the temp file has a fixed name, so a crash leaves at most one and the next write takes
 * it over.
 *
 * Not `write-file-atomic`: that one ignores a short `write()`, so a disk that fills up leaves half a file under the
 * final name.
 *
 * @throws the file system's own error; the old content is then still in place.
 */
export async function writeFileAtomic(path: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temp = `${target}.tmp`;
  try {
    await unlink(temp).catch(ignoreMissing);
    const file = await open(temp, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(temp, target);
  } catch (error) {
    await unlink(temp).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

/**
 * Makes a rename or a new name in this folder last through a power cut. Windows has no such call and does not need it.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse to sync a folder; the file itself is synced by then.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** The `code` of a system error such as `ENOENT`, of anything thrown. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error;
}

/** On Windows a virus scanner or an indexer may hold the old file for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let triesLeft = 6; ; triesLeft--) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const isHeld = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error) ?? '');
      if (!isHeld || triesLeft === 0) throw error;
      await wait(50);
    }
  }
}

import { randomBytes } from 'node:crypto';
import { open, readlink, realpath, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, syncFolder } from './atomic-write.ts';
import { StoreError } from './store-error.ts';

/**
 * Writes a file (0600) somewhere in the user's own folders, whole or not at all, synced. Unlike `writeFileAtomic` it has no
 * temporary name that a file of the user's could have. What a link leads to is written, and a link that leads nowhere is left.
 * @param options.force whether a file that is there may be replaced
 * @param options.mode for a file that others may read as before
 * @throws StoreError `file-exists` or `write-failed`
 */
export async function writePrivateFile(
  path: string,
  text: string,
  { force, mode = 0o600 }: { force: boolean; mode?: number },
): Promise<void> {
  const target = await targetOf(path);
  const temp = join(dirname(target), `.kiro-pool-${randomBytes(6).toString('hex')}.tmp`);
  // The name is taken first: a look whether it is free would let a file in between be replaced.
  let isReserved = false;
  try {
    if (!force) {
      await (await open(target, 'wx', 0o600)).close();
      isReserved = true;
    }
    await writeSynced(temp, text, mode);
    await rename(temp, target);
    isReserved = false;
    await syncFolder(dirname(target));
  } catch (cause) {
    await unlink(temp).catch(() => undefined);
    if (isReserved) await unlink(target).catch(() => undefined);
    const code = errnoOf(cause);
    if (code === 'EEXIST') {
      throw new StoreError('file-exists', `${path} exists already.`, 'Choose another name, or add --force.', { cause });
    }
    const message = `${path} could not be written (${code ?? 'unknown error'}).`;
    throw new StoreError('write-failed', message, 'Check the folder, its permissions and the space on the disk.', {
      cause,
    });
  }
}

/** Where the file is, behind links; one that is not there may be made. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    const leadsTo = errnoOf(cause) === 'ENOENT' ? await readlink(path).catch(() => undefined) : undefined;
    if (leadsTo === undefined) return path;
    const message = `${path} is a link to ${leadsTo}, which is not there.`;
    throw new StoreError('write-failed', message, 'Make the file that it leads to, or remove the link.', { cause });
  }
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    // Apart from the opening, since the umask would take bits away.
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../store/atomic-write.ts';
import { writePrivateFile } from '../store/private-file.ts';
import { ClientError } from './client-error.ts';

/** The text of a config with its byte order mark; undefined when there is no file. @throws ClientError `config-unreadable` */
export async function readConfig(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT' || errnoOf(cause) === 'ENOTDIR') return undefined;
    throw new ClientError('config-unreadable', `${path} could not be read.`, 'Check its permissions.', { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ClientError(
      'config-unreadable',
      `${path} is no UTF-8 text.`,
      'Save it as UTF-8 in your editor, then try again.',
      { cause },
    );
  }
}

/**
 * Writes a config whole or not at all, with the mode that it had.
 * @param before what it held when the change was worked out
 * @returns the first folder that had to be made for it; null when none
 * @throws ClientError `config-changed`, `write-failed`; StoreError `write-failed`
 */
export async function writeConfig(path: string, text: string, before: string | undefined): Promise<string | null> {
  await refuseChange(path, before);
  if (before !== undefined) {
    await writePrivateFile(path, text, { force: true, mode: (await stat(path)).mode & 0o777 });
    return null;
  }
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new ClientError('write-failed', `${folder} could not be made.`, 'Check the folder above it.', { cause });
  });
  await writePrivateFile(path, text, { force: false });
  return made ?? null;
}

/** Removes a config of ours, and the folders that were made for it if nothing else is in them. */
export async function removeConfig(path: string, before: string, madeFolder: string | null): Promise<void> {
  await refuseChange(path, before);
  await unlink(path).catch((cause: unknown) => {
    throw new ClientError('write-failed', `${path} could not be removed.`, 'Check its folder.', { cause });
  });
  if (madeFolder === null) return;
  for (let folder = dirname(path); folder.startsWith(madeFolder); folder = dirname(folder)) {
    // Whoever put something there keeps the folder.
    if (
      !(await rmdir(folder)
        .then(() => true)
        .catch(() => false))
    )
      return;
  }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function refuseChange(path: string, before: string | undefined): Promise<void> {
  if ((await readConfig(path)) === before) return;
  throw new ClientError('config-changed', `${path} was changed at the same moment.`, 'Try again.');
}

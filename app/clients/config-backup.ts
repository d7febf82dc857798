import { mkdir, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writePrivateFile } from '../store/private-file.ts';

/** How many of each tool stay. */
const keptBackups = 10;

/**
 * Keeps a copy of a config that is about to change, in the data folder: it may hold secrets of the user's.
 * @param at epoch ms
 * @returns its path
 * @throws StoreError `write-failed`
 */
export async function keepBackup(
  folder: { file(name: string): string },
  { tool, path, text, at }: { tool: string; path: string; text: string; at: number },
): Promise<string> {
  const time = new Date(at).toISOString().replaceAll(/[-:]/g, '');
  const backup = folder.file(join('client-backups', tool, `${time}-${basename(path)}`));
  await mkdir(dirname(backup), { recursive: true, mode: 0o700 });
  await writePrivateFile(backup, text, { force: true });
  const old = (await readdir(dirname(backup))).toSorted().slice(0, -keptBackups);
  await Promise.all(old.map((name) => unlink(join(dirname(backup), name)).catch(() => undefined)));
  return backup;
}

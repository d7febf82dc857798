import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { failed, ok, warning, type Check } from './check.ts';

export const mendFolder = 'data-folder.mend';

/** Whether only the user can read the data folder, and what was found to be wrong in it. */
export function checkDataFolder(folder: string, problems: readonly string[]): Check[] {
  const open = openToOthers(folder);
  return [
    open.length === 0
      ? ok('Data folder', 'Only you can read it.')
      : failed(
          'Data folder',
          `Other users of this machine can read ${open.length === 1 ? 'a part' : `${open.length} parts`} of it.`,
          `Make it private: chmod -R go= "${folder}"`,
          { action: mendFolder, label: 'Make it private' },
        ),
    ...problems.map((problem) => warning('Stored data', problem, 'Look at the file named; nothing was thrown away.')),
  ];
}

/** Takes every right from others; what is a link is left alone. */
export function makePrivate(folder: string): void {
  for (const path of openToOthers(folder)) chmodSync(path, lstatSync(path).mode & 0o700);
}

/** The folder and everything in it that others may read, write or enter. Windows guards the profile as a whole. */
function openToOthers(folder: string): string[] {
  if (process.platform === 'win32') return [];
  const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...inside].filter((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats !== undefined && (stats.isFile() || stats.isDirectory()) && (stats.mode & 0o077) !== 0;
  });
}

import { posix, win32 } from 'node:path';
import type { CommonOptions } from './io.ts';

/** A command line that a person may type next, for the same data folder. */
export function nextStep(words: string, { dataDir }: CommonOptions, platform = process.platform): string {
  return `kiro-pool ${words}${dataDir === undefined ? '' : ` --data-dir ${shellWord(dataDir, platform)}`}`;
}

/** What is said as long as there is no account. */
export function noAccountYet(options: CommonOptions): string {
  return (
    `There is no account yet. Add one: ${nextStep('accounts import --from kiro-cli', options)}\n` +
    `                              or: ${nextStep('accounts login --kind google', options)}\n`
  );
}

/** A path, made absolute, as one word of a command line; on Windows for both of its shells. */
function shellWord(folder: string, platform: NodeJS.Platform): string {
  const isWindows = platform === 'win32';
  const path = (isWindows ? win32 : posix).resolve(folder);
  const plain = isWindows ? /^[\w@+:./\\~-]+$/ : /^[\w@%+=:,./~-]+$/;
  if (plain.test(path)) return path;
  return isWindows ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

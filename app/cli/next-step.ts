import { resolve } from 'node:path';
import type { CommonOptions } from './io.ts';

/** A command line that a person may type next, for the same data folder. */
export function nextStep(words: string, { dataDir }: CommonOptions): string {
  return `kiro-pool ${words}${dataDir === undefined ? '' : ` --data-dir ${shellWord(resolve(dataDir))}`}`;
}

/** What is said as long as there is no account. */
export function noAccountYet(options: CommonOptions): string {
  return (
    `There is no account yet. Add one: ${nextStep('accounts import --from kiro-cli', options)}\n` +
    `                              or: ${nextStep('accounts login --kind google', options)}\n`
  );
}

/** A path as one word of a command line. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./\\~-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

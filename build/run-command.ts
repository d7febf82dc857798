import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Runs the built command in this process, so that a signal reaches it once. @param args what follows `kiro-pool` */
export async function runCommand(args: readonly string[]): Promise<void> {
  const command = join(import.meta.dirname, '../out/cli/kiro-pool.js');
  process.argv.splice(1, process.argv.length, command, ...args);
  await import(pathToFileURL(command).href);
}

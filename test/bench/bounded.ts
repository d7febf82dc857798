import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll } from './children.ts';

/**
 * Runs a measurement with a folder of its own. Whatever fails, hangs or is interrupted, no process and no file of it stays
 * behind; after `limitMs` it is given up.
 */
export async function bounded(name: string, limitMs: number, run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `kiro-pool-${name}-`));
  const clear = (): void => {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  };
  const giveUp = (why: string): void => {
    clear();
    process.stderr.write(`\n${why}\n`);
    process.exit(1);
  };
  setTimeout(() => giveUp(`It took longer than ${limitMs / 1000} s.`), limitMs).unref();
  process.once('SIGINT', () => giveUp('Stopped.'));
  process.once('SIGTERM', () => giveUp('Stopped.'));
  try {
    await run(folder);
  } finally {
    clear();
  }
}

/** Says on a terminal what is being done, over what it said before. */
export function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${text.padEnd(70)}`);
}

import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { build } from './build.ts';

/**
 * Builds unless `out/` is newer than everything it is made of. Of several processes that want it at once, such as the workers
 * of a test run, one builds and the others wait: SQLite's lock ends with its process.
 */
export async function buildIfStale(): Promise<void> {
  if (!isStale()) return;
  mkdirSync(join(root, 'out'), { recursive: true });
  using lock = new DatabaseSync(join(root, 'out/build.lock'), { timeout: longestBuildMs });
  lock.exec('BEGIN EXCLUSIVE');
  if (isStale()) await build();
}

const longestBuildMs = 60_000;
const root = join(import.meta.dirname, '..');
const sources = [
  'app',
  'main',
  'renderer',
  'build',
  'test/emulator',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];
/** The last file that a build writes. */
const last = 'out/cli/kiro-pool.js';

function isStale(): boolean {
  const builtAt = changedAt(join(root, last));
  return sources.some((source) => newest(join(root, source)) > builtAt);
}

/** When the newest file in a folder, or the file itself, was changed, epoch ms; 0 when there is none. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return stat?.mtimeMs ?? 0;
  return Math.max(
    stat.mtimeMs,
    ...readdirSync(path, { recursive: true, encoding: 'utf8' }).map((entry) => changedAt(join(path, entry))),
  );
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

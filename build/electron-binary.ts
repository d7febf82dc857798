import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The path of Electron's program, or undefined where it was not downloaded. It does not import `electron`, which would start
 * the download.
 */
export function electronBinary(env: NodeJS.ProcessEnv): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const name = readIfThere(join(folder, 'path.txt'));
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override === undefined && name === undefined) return undefined;
  const path = join(override ?? join(folder, 'dist'), name ?? 'electron');
  return existsSync(path) ? path : undefined;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

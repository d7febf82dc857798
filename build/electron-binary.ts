import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Where Electron's program lies in its folder; on Linux and others it is `electron`. */
const programs: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/**
 * The path of Electron's program, or undefined where it was not downloaded. It does not import `electron`, which would start
 * the download.
 * @param env its ELECTRON_OVERRIDE_DIST_PATH names another folder than the package's own, as for Electron itself
 */
export function electronBinary(env: NodeJS.ProcessEnv, platform = process.platform): string | undefined {
  const own = join(createRequire(import.meta.url).resolve('electron/package.json'), '../dist');
  const path = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? own, programs[platform] ?? 'electron');
  return existsSync(path) ? path : undefined;
}

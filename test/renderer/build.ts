/** Builds the screens, with the very options that the desktop app is built with. */
import { join } from 'node:path';
import { build } from 'vite';
import config from '../../electron.vite.config.ts';

const root = join(import.meta.dirname, '../..');

/** @param outDir absolute path of a folder that may be emptied */
export async function buildScreens(outDir: string): Promise<void> {
  const options = 'renderer' in config ? config.renderer : undefined;
  await build({
    ...options,
    root: join(root, 'renderer'),
    configFile: false,
    logLevel: 'error',
    build: { ...options?.build, outDir, emptyOutDir: true },
  });
}

import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './atomic-write.ts';

/**
 * Makes a folder that is its user's alone (0700), and those above it that are not there, as `mkdir -p` does. Node's own way never
 * returns where the system says that a folder is not there although the one above it is, as below `/proc`.
 * @throws the system's error. That something else has this name is no error here
 */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return;
    const above = dirname(path);
    if (code !== 'ENOENT' || existsSync(above) || above === path) throw error;
    makePrivateFolder(above);
    mkdirSync(path, { mode: 0o700 });
  }
}

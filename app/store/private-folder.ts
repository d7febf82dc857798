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
    make(path);
  } catch (error) {
    const above = dirname(path);
    if (errnoOf(error) !== 'ENOENT' || above === path) throw error;
    if (!existsSync(above)) makePrivateFolder(above);
    // Another process that starts may have made what is above meanwhile.
    make(path);
  }
}

function make(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // For a root, Windows and macOS say other things than EEXIST.
    if (!existsSync(path)) throw error;
  }
}

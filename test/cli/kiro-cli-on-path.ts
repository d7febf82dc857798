import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emulatedProgram } from '../auth/hand-off-world.ts';
import type { Home } from './person.ts';

/** Puts our kiro-cli on the PATH, signed in or not, and gives back what the commands need to find it. */
export function withKiroCli(home: Pick<Home, 'env' | 'emulator'>, folder: string): { env: Home['env']; store: string } {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = join(bin, 'kiro-cli');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${emulatedProgram}" "$@"\n`);
  chmodSync(program, 0o755);
  const env = {
    ...home.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    XDG_DATA_HOME: folder,
    KIRO_EMULATOR_URL: home.emulator.url,
  };
  return { env, store: join(folder, 'kiro-cli', 'data.sqlite3') };
}

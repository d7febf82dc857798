/**
 * `npm run test:electron`: the shell's specs in a real Electron. Where there is no program of Electron it says so in one line and
 * succeeds; it never downloads one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { electronBinary } from '../../build/electron-binary.ts';

const program = electronBinary(process.env);
if (program === undefined) {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? 'node_modules/electron/dist';
  process.stdout.write(
    `SKIPPED real-Electron tests: no Electron binary at ${folder} (run "npx install-electron" where the internet is)\n`,
  );
} else {
  const playwright = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');
  const child = spawn(process.execPath, [playwright, 'test', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_PROGRAM: program },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}

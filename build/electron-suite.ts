/**
 * `npm run test:electron`: the shell's suite in a real Electron, on `out/`. A packed app takes no debugger, and so no suite.
 * Without an Electron it is skipped and says so; in our workflows, which download one, that is a failure. Arguments are passed
 * on to Playwright.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tellError } from './build.ts';
import { electronBinary } from './electron-binary.ts';
import { buildIfStale } from './freshness.ts';

const program = electronBinary(process.env);
if (program === undefined) {
  process.stdout.write(
    'SKIPPED the suite in a real Electron: there is none here (`npx install-electron` downloads it).\n',
  );
  process.exitCode = process.env['GITHUB_ACTIONS'] ? 1 : 0;
} else await buildIfStale().then(() => runSuite(program), tellError);

function runSuite(program: string): void {
  const playwright = join(createRequire(import.meta.url).resolve('@playwright/test/package.json'), '../cli.js');
  const { status } = spawnSync(process.execPath, [playwright, 'test', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_PROGRAM: program },
  });
  process.exitCode = status ?? 1;
}

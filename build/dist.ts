/**
 * `npm run dist`: installers for this system, into `out/dist`. Downloads Electron and the packing tools. Arguments are passed
 * on to electron-builder.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from './build.ts';

/** With CSC_LINK or CSC_NAME, an Apple certificate; else the app is signed for itself, so that it starts on Apple silicon. */
const isSigned = [process.env['CSC_LINK'], process.env['CSC_NAME']].some(
  (value) => value !== undefined && value !== '',
);

// Without a team's signature the hardened runtime would refuse Electron's own framework.
const unsigned = isSigned ? [] : ['-c.mac.identity=-', '-c.mac.hardenedRuntime=false'];

await build();
const builder = join(createRequire(import.meta.url).resolve('electron-builder/package.json'), '../cli.js');
const { status } = spawnSync(process.execPath, [builder, '--publish', 'never', ...unsigned, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

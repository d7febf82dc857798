/**
 * `npm start`: the desktop app where there is an Electron for it, else the same screens in the browser. Arguments are passed on.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { electronBinary } from './electron-binary.ts';
import { buildIfStale } from './freshness.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);

await buildIfStale();
const electron = electronBinary(process.env);
if (electron === undefined) {
  process.stderr.write(
    'There is no Electron here (`npx install-electron` downloads it), so the screens open in the browser.\n',
  );
  // In this process, so that a signal reaches the command once.
  const command = join(root, 'out/cli/kiro-pool.js');
  process.argv.splice(1, process.argv.length, command, 'serve', '--ui', ...args);
  await import(pathToFileURL(command).href);
} else runApp(electron);

/** Ends as the app ends, and ends the app when it is told to. */
function runApp(program: string): void {
  const app = spawn(program, [root, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.kill(signal));
  app.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  app.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

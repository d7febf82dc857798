/**
 * `npm start`: the desktop app where there is an Electron for it, else the same screens in the browser. Arguments are passed on.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tellError } from './build.ts';
import { electronBinary } from './electron-binary.ts';
import { buildIfStale } from './freshness.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);

try {
  await buildIfStale();
  await start();
} catch (error) {
  tellError(error);
}

async function start(): Promise<void> {
  const electron = electronBinary(process.env);
  if (electron !== undefined) return runApp(electron);
  process.stderr.write(
    'There is no Electron here (`npx install-electron` downloads it), so the screens are for your browser.\n',
  );
  // In this process, so that a signal reaches the command once.
  const command = join(root, 'out/cli/kiro-pool.js');
  process.argv.splice(1, process.argv.length, command, 'serve', '--ui', ...args);
  await import(pathToFileURL(command).href);
}

/** Ends as the app ends, and ends the app when it is told to. */
function runApp(program: string): void {
  const app = spawn(program, [root, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.kill(signal));
  app.on('error', tellError);
  app.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

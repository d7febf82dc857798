/**
 * `npm start`: the desktop app where there is an Electron for it, else the same screens in the browser. Arguments are passed on.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { tellError } from './build.ts';
import { electronBinary } from './electron-binary.ts';
import { buildIfStale } from './freshness.ts';
import { runCommand } from './run-command.ts';

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
  await runCommand(['serve', '--ui', ...args]);
}

/** Ends as the app ends, and ends the app when it is told to. */
function runApp(program: string): void {
  // Heeded before there is an app: a signal in between would end this process alone, and leave the app behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.kill(signal));
  const app = spawn(program, [root, ...args], { stdio: 'inherit' });
  app.on('error', tellError);
  app.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';

// Compiled code is kept from run to run, in the system's folder for what may be thrown away; so all else is imported after this.
enableCompileCache();
const [{ run }, { readSecretLine }, { holdYoungGeneration }] = await Promise.all([
  import('./program.ts'),
  import('./secret-input.ts'),
  import('./young-generation.ts'),
]);
holdYoungGeneration();

const stop = Promise.withResolvers<void>();
/** A command that waits to be stopped ends by itself. */
let isHeeded = false;
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1;
    // Somebody who asks twice does not want to wait for streams to finish.
    if (signals > 1) process.exit(1);
    // A command that is cut in the middle of an import could lose a login.
    if (!isHeeded) process.stderr.write('Finishing what was begun; once more to stop at once.\n');
    stop.resolve();
  });
}

// A reader that has seen enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  platform: process.platform,
  home: homedir(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stdin.isTTY,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  readInput: (question) => readSecretLine(question, { input: process.stdin, output: process.stderr }),
  stopRequested: () => {
    isHeeded = true;
    return stop.promise;
  },
});

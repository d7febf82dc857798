import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Io } from '../../app/cli/io.ts';
import { run } from '../../app/cli/program.ts';

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The standard output as JSON. */
  json(): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs a command line inside this process. */
export async function command(env: Environment, ...args: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const io: Io = {
    env,
    platform: process.platform,
    home: env['HOME'] ?? '/nowhere',
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isTerminal: false,
    readInput: () => Promise.resolve(''),
    stopRequested: () => Promise.resolve(),
  };
  const code = await run(args, io);
  return { code, out, err, json: () => JSON.parse(out) as unknown };
}

/** The command's own file. */
export const main = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url));

/** A command in a process of its own, as a user runs it. */
export interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly firstLine: Promise<string>;
  /** Everything that it wrote to standard error so far. */
  err(): string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export function start(env: Environment, ...args: string[]): Started {
  return startProgram(env, process.execPath, main, ...args);
}

/** Any program that becomes a command of ours in the end, such as a shell that sets its limits before. */
export function startProgram(env: Environment, file: string, ...args: string[]): Started {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const ended = once(child, 'exit').then(() => child.exitCode ?? child.signalCode ?? 'SIGKILL');
  const firstLine = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    ended.then((code) => reject(new Error(`ended with ${code}: ${err}`)), reject);
  });
  firstLine.catch(() => undefined);
  return {
    child,
    firstLine,
    err: () => err,
    ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

const ready = v.pipe(v.string(), v.parseJson(), v.object({ url: v.string() }));

/** Where a `serve --json` listens, once it does. */
export async function urlOf({ firstLine }: Started): Promise<string> {
  return v.parse(ready, await firstLine).url;
}

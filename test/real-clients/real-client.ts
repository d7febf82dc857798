import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { startServing, type Serving, type ServingOptions } from '../proxy/serving.ts';

/** A real coding tool on a machine of its own: an empty home, a project with notes, and Kiro Pool before the emulator. */
export interface RealClient extends AsyncDisposable {
  readonly serving: Serving;
  readonly home: string;
  readonly project: string;
  /** Runs the tool in the project, cut off from everything but loopback. */
  run(args: readonly string[]): Promise<ClientRun>;
  /** What now stands in the project's `notes.txt`, which was "buy milk". */
  notes(): Promise<string>;
}

export interface ClientRun {
  readonly code: number | null;
  /** Standard output, and standard error. */
  readonly output: string;
}

/** Where a tool's program is; undefined, with a line that says why, when its package is not installed. */
export function programOf(name: string, path: string): string | undefined {
  const program = resolve('test/real-clients/node_modules', path);
  if (existsSync(program)) return program;
  const how = process.platform === 'linux' && process.arch === 'x64' ? 'npm ci --prefix test/real-clients' : undefined;
  process.stdout.write(`SKIPPED real ${name}: ${how ? `install it with ${how}` : 'only for Linux on x64'}.\n`);
  return undefined;
}

/** @param env what the tool's environment has besides */
export async function startClient(
  program: string,
  env: Readonly<Record<string, string>>,
  options: ServingOptions = {},
): Promise<RealClient> {
  await using opened = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'kiro-pool-client-'));
  opened.defer(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));
  const project = join(home, 'project');
  await mkdir(project);
  const notes = join(project, 'notes.txt');
  await writeFile(notes, 'buy milk\n');
  const serving = opened.use(await startServing({ ...options, env: { HOME: home } }));
  const all = opened.move();
  return {
    serving,
    home,
    project,
    notes: () => readFile(notes, 'utf8'),
    run: (args) => runProgram(program, args, project, { ...cutOff, ...env, HOME: home }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What the other of two accounts is for: from now on, the one that serves is told that it asks too often. */
export function limitServingAccount({ serving }: RealClient): void {
  const account = serving.turns().at(-1)?.account;
  if (!account) throw new Error('no account has served');
  serving.emulator.inject({ on: 'generate', account, fault: faults.rateLimit, times: 'always' });
}

/** Runs the tool while the first account that is asked turns out to be locked, and counts how often Kiro was asked in all. */
export async function runWarned(
  client: RealClient,
  args: readonly string[],
): Promise<ClientRun & { readonly asked: number }> {
  const { serving } = client;
  const model = 'claude-sonnet-5';
  serving.emulator.inject({ on: 'generate', model, fault: faults.suspended });
  const ran = await client.run(args);
  // What only names the conversation goes to another model.
  const asked = serving.turns().filter(({ body }) => JSON.stringify(body).includes(`"modelId":"${model}"`));
  return { ...ran, asked: asked.length };
}

/** What comes of that: the person is told, and the request goes nowhere else. */
export const toldOfWarning = { code: 1, asked: 1, output: expect.stringContaining('Kiro locked the account') };

/** The accounts that were asked, each once. */
export function accountsAsked({ serving }: RealClient): ReadonlySet<string | null> {
  return new Set(serving.turns().map(({ account }) => account));
}

/** Nothing listens there, so that no name is asked for and nothing leaves the machine. */
const nowhere = 'http://127.0.0.1:9';

const cutOff = {
  PATH: process.env['PATH'],
  TERM: 'dumb',
  HTTPS_PROXY: nowhere,
  https_proxy: nowhere,
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
};

function runProgram(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<ClientRun> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => settle({ code, output }));
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';

/** A process of the bench that listens. Disposing of it ends it and waits until it has gone. */
export interface Child extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** When it was spawned, on the clock of `performance.now()`. */
  readonly spawnedAt: number;
}

const readySchema = v.object({ event: v.literal('ready'), url: v.string(), pid: v.number() });

const running = new Set<ChildProcess>();

/** Starts `node …args` and waits for its ready line, at most 20 s. @throws Error with what it wrote when it failed */
export async function startChild(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Child> {
  const spawnedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => {
    errors = (errors + piece.toString('utf8')).slice(-2_000);
  });
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]: unknown[]) => String(text)),
    once(child, 'exit').then(() => ''),
    sleep(20_000, '', { ref: false }),
  ]);
  if (line === '') {
    await stop(child);
    throw new Error(`${args.join(' ')} did not start: ${errors}`);
  }
  const { url, pid } = v.parse(readySchema, JSON.parse(line));
  return { url, pid, spawnedAt, [Symbol.asyncDispose]: () => stop(child) };
}

/** Ends whatever this process has started and that still runs, at once. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Registers a process that was started elsewhere, so that `endAll` finds it. */
export function adopt(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const hasGone = await Promise.race([gone.then(() => true), sleep(5_000, false, { ref: false })]);
  if (hasGone) return;
  child.kill('SIGKILL');
  await gone;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { adopt } from '../bench/children.ts';

const ready = v.object({ event: v.literal('ready'), url: v.string(), pid: v.number() });
const told = v.object({
  heapAfterGc: v.nullable(v.number()),
  heapTotal: v.number(),
  external: v.number(),
  handles: v.number(),
  delayMs: v.number(),
});

/** What the process tells about itself. Bytes; `heapAfterGc` is null when no full collection ran since it was asked last. */
export type Told = v.InferOutput<typeof told>;

const probe = new URL('probe.ts', import.meta.url).href;

export interface EngineStart {
  /** Path of the built command. */
  readonly command: string;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
}

/** `kiro-pool serve` as it is built, with a probe in it. */
export class EngineProcess implements AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #stderr: () => string;

  private constructor(child: ChildProcess, at: v.InferOutput<typeof ready>, stderr: () => string) {
    this.#child = child;
    this.#stderr = stderr;
    this.url = at.url;
    this.pid = at.pid;
  }

  /** @throws Error with what it wrote when it ended instead of listening */
  static async start({ command, dataDir, env }: EngineStart): Promise<EngineProcess> {
    const child = spawn(process.execPath, [command, 'serve', '--json', '--port', '0', '--data-dir', dataDir], {
      env: { ...env, NODE_OPTIONS: `--import ${probe}` },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    adopt(child);
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('the engine has no output');
    let written = '';
    stderr.setEncoding('utf8').on('data', (text: string) => void (written += text));
    const line = await Promise.race([
      once(createInterface(stdout), 'line').then(([text]: unknown[]) => String(text)),
      once(child, 'exit').then(() => ''),
    ]);
    if (line === '') throw new Error(`kiro-pool serve did not start: ${written}`);
    return new EngineProcess(child, v.parse(ready, JSON.parse(line)), () => written);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Everything that it wrote to standard error. */
  get stderr(): string {
    return this.#stderr();
  }

  /** Asks the probe; undefined when the event loop does not turn within 20 s. */
  async tell(): Promise<Told | undefined> {
    if (!this.isRunning) return undefined;
    const answer = once(this.#child, 'message').then(([message]: unknown[]) => v.parse(told, message));
    this.#child.send('tell');
    return Promise.race([answer, sleep(20_000, undefined, { ref: false })]);
  }

  /** Stops it as a user does. @returns its exit code, or the signal that ended it */
  async stop(): Promise<number | NodeJS.Signals> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode ?? 'SIGKILL';
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
    return this.#child.exitCode ?? this.#child.signalCode ?? 'SIGKILL';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { optionsVariable, type DoubleOptions, type Order, type OrderResult } from './double/options.ts';

const folder = join(import.meta.dirname, 'double');

/** The main process of an app under Node, with the double in the place of Electron. */
export class MainProcess implements AsyncDisposable {
  /** Resolves with its exit code, or with null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { answer(result: OrderResult): void; reject(error: Error): void }>();
  #output = '';
  #lastId = 0;

  constructor(options: DoubleOptions, env: Readonly<Record<string, string>>) {
    this.#child = fork(join(folder, 'boot.ts'), [], {
      env: { ...env, [optionsVariable]: JSON.stringify(options) },
      // A flag and not NODE_OPTIONS, which the programs that the app starts would be given, too.
      execArgv: ['--import', join(folder, 'register.ts')],
      cwd: options.appPath,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#child.on('message', (result: OrderResult) => this.#waiting.get(result.id)?.answer(result));
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        resolve(code);
        for (const order of this.#waiting.values()) order.reject(new Error(`the app has ended\n${this.#output}`));
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  /** An app that has ended already needs none. */
  useChromium(endpoint: string): void {
    if (this.#child.connected) this.#tell({ kind: 'chromium', endpoint });
  }

  /** Calls a function, by its source, with the `electron` module or the controls. */
  async run<R>(on: 'electron' | 'controls', source: string, argument: unknown): Promise<R> {
    const id = (this.#lastId += 1);
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    const answer = ({ value, error }: OrderResult): void => {
      if (error !== undefined) reject(new Error(error));
      else resolve(value);
    };
    this.#waiting.set(id, { answer, reject });
    try {
      this.#tell({ kind: 'run', id, on, source, argument });
      return await promise;
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Ends it at once, unless it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.exited;
  }

  #tell(order: Order): void {
    if (!this.#child.connected) throw new Error(`the app has ended\n${this.#output}`);
    this.#child.send(order);
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { adopt } from './children.ts';
import { replySchema, type Job, type Measured } from './load-job.ts';

/** The load generator as seen from the run: one job at a time, each bounded. */
export class Generator implements Disposable {
  readonly #process: ChildProcess;

  constructor(upstreamUrl: string) {
    this.#process = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), [upstreamUrl]);
    adopt(this.#process);
  }

  /** @throws Error when the target failed, or took longer than 60 s */
  async run(job: Job): Promise<Measured> {
    this.#process.send(job);
    const [message]: unknown[] = await once(this.#process, 'message', { signal: AbortSignal.timeout(60_000) });
    const reply = v.parse(replySchema, message);
    if ('error' in reply) throw new Error(reply.error);
    return reply.measured;
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGTERM');
  }
}

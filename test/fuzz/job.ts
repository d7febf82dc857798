import { Worker } from 'node:worker_threads';
import type { Fuzzed } from './fuzzing.ts';

/** What a worker is to do. */
export interface Job {
  readonly target: string;
  readonly inputs: number;
  readonly seed: number;
  /** The input that is being tried, after its length. */
  readonly current: SharedArrayBuffer;
}

/** What came of it, and the memory that the worker held after a quarter of the inputs and after all, in bytes. */
export interface JobDone extends Fuzzed {
  readonly held: { readonly early: number; readonly late: number };
}

export type Report = { readonly type: 'progress'; readonly done: number } | ({ readonly type: 'done' } & JobDone);

export const lengthBytes = 4;
/** No input is longer; a piece of it would do. */
const longestInput = 256 * 1024;
/** A hundred inputs take seconds at most, of the slowest target. */
const patienceMs = 120_000;

/**
 * Runs a job in a worker. One that says nothing for two minutes hangs, and one may end of its own accord, for want of memory say: both
 * are findings, whose input is told.
 */
export function runJob(job: Omit<Job, 'current'>): Promise<JobDone> {
  const { promise, resolve } = Promise.withResolvers<JobDone>();
  const current = new SharedArrayBuffer(lengthBytes + longestInput);
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { ...job, current } });
  let done = 0;
  const fails = (message: string): void => {
    const view = Buffer.from(current);
    const input = Buffer.from(view.subarray(lengthBytes, lengthBytes + view.readUInt32BE(0)));
    const held = { early: 0, late: 0 };
    resolve({ inputs: done, classes: new Map(), firsts: new Map(), findings: [{ input, message }], held });
  };
  const hangs = (): void => {
    fails(`no answer within ${patienceMs / 1000} s`);
    void worker.terminate();
  };
  let timer = setTimeout(hangs, patienceMs);
  worker.on('message', (report: Report) => {
    clearTimeout(timer);
    if (report.type === 'done') return resolve(received(report));
    done = report.done;
    timer = setTimeout(hangs, patienceMs);
  });
  worker.on('error', (error) => fails(String(error)));
  return promise.finally(() => clearTimeout(timer));
}

/** Buffers cross over as plain arrays of bytes. */
function received({ firsts, findings, ...rest }: JobDone): JobDone {
  return {
    ...rest,
    firsts: new Map([...firsts].map(([name, input]) => [name, Buffer.from(input)])),
    findings: findings.map(({ input, message }) => ({ input: Buffer.from(input), message })),
  };
}

/** Fuzzes one target in a thread of its own, so that whoever started it can see that it hangs, and on what. */
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { corpusOf } from './corpus.ts';
import { fuzz, progressEvery } from './fuzzing.ts';
import { heldMemory } from './held-memory.ts';
import { lengthBytes, type Job, type Report } from './job.ts';
import { targetNamed } from './targets.ts';

const jobSchema: v.GenericSchema<Job> = v.object({
  target: v.string(),
  inputs: v.number(),
  seed: v.number(),
  current: v.instance(SharedArrayBuffer),
});

const job = v.parse(jobSchema, workerData);
const target = targetNamed(job.target);
const view = Buffer.from(job.current);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is a matter of windows, not of threads
const report = (told: Report): void => parentPort?.postMessage(told);

// Early is when a quarter is done, and whatever fills once is full.
const last = Math.floor(job.inputs / progressEvery) * progressEvery;
const early = Math.ceil(last / 4 / progressEvery) * progressEvery;
let heldEarly = 0;
let heldLate = 0;

const found = await fuzz(target, {
  inputs: job.inputs,
  seed: job.seed,
  corpus: corpusOf(target.name),
  onInput: (input) => {
    // The newest input stays readable while this thread does not answer.
    view.writeUInt32BE(input.copy(view, lengthBytes), 0);
  },
  onProgress: (done) => {
    if (done === early) heldEarly = heldMemory();
    if (done === last) heldLate = heldMemory();
    report({ type: 'progress', done });
  },
});
report({ type: 'done', ...found, held: { early: heldEarly, late: heldLate } });

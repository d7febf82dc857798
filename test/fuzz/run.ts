/**
 * `npm run fuzz`: ten million event-stream inputs, and a few thousand to a million for each other target. Keeps what breaks a promise,
 * and the first input of each new outcome, in test/fuzz/corpus, which the suite tries again. Writes docs/proofs/fuzz.md when it ran in
 * full. Exits with 1 when a promise was broken.
 *
 * --target NAME  that one alone      --inputs N  of each, instead of its own number      --seed S  which inputs (1)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { corpusOf, keep } from './corpus.ts';
import type { Fuzzed } from './fuzzing.ts';
import { runJob } from './job.ts';
import { pageOf, type TargetRun } from './page.ts';
import { targetNamed, targets } from './targets.ts';

const { values } = parseArgs({
  options: { target: { type: 'string' }, inputs: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const isFull = values.target === undefined && values.inputs === undefined;
const chosen = values.target === undefined ? targets : [targetNamed(values.target)];

const runs: TargetRun[] = [];
for (const target of chosen) {
  const startedAt = performance.now();
  const found = await runJob({ target: target.name, inputs: Number(values.inputs ?? target.inputs), seed }, (done) => {
    if (done % 500_000 === 0 && done > 0) process.stderr.write(`${target.name}: ${done}\n`);
  });
  keepNew(target.name, found);
  runs.push({ target, found, seconds: (performance.now() - startedAt) / 1000 });
  process.stderr.write(`${target.name}: ${found.inputs} inputs, ${found.findings.length} findings\n`);
}

const page = pageOf(runs, seed);
process.stdout.write(page);
if (isFull) {
  const folder = fileURLToPath(new URL('../../docs/proofs/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}fuzz.md`, page);
}
if (runs.some(({ found }) => found.findings.length > 0)) process.exitCode = 1;

/** Every finding, and outcomes that the corpus has no input of; small ones, as the corpus lies in the repository. */
function keepNew(name: string, { findings, firsts }: Fuzzed): void {
  for (const { input } of findings) process.stderr.write(`kept as ${keep(name, 'found', input)}\n`);
  if (corpusOf(name).length > 1) return;
  for (const [outcome, input] of firsts) if (input.length <= 32_768) keep(name, outcome, input);
}

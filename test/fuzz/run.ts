/**
 * `npm run fuzz`: ten million event-stream inputs, and a few thousand to a million for each other target. Keeps what breaks a promise,
 * and the first input of each new outcome, in test/fuzz/corpus, which the suite tries again. Writes docs/proofs/fuzz.md when it ran in
 * full. Exits with 1 when a promise was broken.
 *
 * What is done is noted in out/fuzz, half a million inputs at a time: run again after an interruption, it goes on from there.
 *
 * --target NAME  that one alone      --inputs N  of each, instead of its own number      --seed S  which inputs (1)
 * --keep         what was done on an earlier commit counts, too; the page says on which
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { corpusOf, keep } from './corpus.ts';
import type { Finding, Fuzzed } from './fuzzing.ts';
import { runJob } from './job.ts';
import { pageOf, type TargetRun } from './page.ts';
import { keepSegment, keptSegment, seedOf, segmentsOf, type Segment } from './segment.ts';
import type { Target } from './target.ts';
import { targetNamed, targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    inputs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const isFull = values.target === undefined && values.inputs === undefined;
const chosen = values.target === undefined ? targets : [targetNamed(values.target)];
const root = fileURLToPath(new URL('../..', import.meta.url));
const done = join(root, 'out/fuzz');
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

const runs: TargetRun[] = [];
for (const target of chosen) {
  const run = await runTarget(target);
  runs.push(run);
  const inputs = run.segments.reduce((sum, segment) => sum + segment.inputs, 0);
  process.stderr.write(`${target.name}: ${inputs} inputs, ${run.findings.length} findings\n`);
}

const { page, isHeld } = pageOf(runs, seed);
process.stdout.write(page);
if (isFull) {
  mkdirSync(join(root, 'docs/proofs'), { recursive: true });
  writeFileSync(join(root, 'docs/proofs/fuzz.md'), page);
}
if (!isHeld) process.exitCode = 1;

/** Tries all segments that were not tried before, until something is found. */
async function runTarget(target: Target): Promise<TargetRun> {
  const segments: Segment[] = [];
  for (const wanted of segmentsOf(target.name, Number(values.inputs ?? target.inputs), seed)) {
    const kept = keptSegment(done, wanted);
    if (kept && (kept.commit === commit || values.keep)) {
      segments.push(kept);
      continue;
    }
    const startedAt = performance.now();
    const found = await runJob({ target: target.name, inputs: wanted.inputs, seed: seedOf(wanted) });
    const seconds = (performance.now() - startedAt) / 1000;
    const segment = { ...wanted, inputs: found.inputs, commit, seconds, classes: [...found.classes], held: found.held };
    keepNew(target.name, found);
    segments.push(segment);
    if (found.findings.length > 0) return { target, segments, findings: found.findings };
    keepSegment(done, segment);
    process.stderr.write(`${target.name}: segment ${wanted.index}, ${Math.round(wanted.inputs / seconds)} a second\n`);
  }
  return { target, segments, findings: [] satisfies Finding[] };
}

/** Every finding, and outcomes that the corpus has no input of; small ones, as the corpus lies in the repository. */
function keepNew(name: string, { findings, firsts }: Fuzzed): void {
  for (const { input } of findings) process.stderr.write(`kept as ${keep(name, 'found', input)}\n`);
  if (corpusOf(name).length > 1) return;
  for (const [outcome, input] of firsts) if (input.length <= 32_768) keep(name, outcome, input);
}

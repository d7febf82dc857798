import { availableParallelism } from 'node:os';
import { figure, table } from '../proofs/page.ts';
import type { Finding } from './fuzzing.ts';
import type { Segment } from './segment.ts';
import type { Target } from './target.ts';

/** One target of a run. */
export interface TargetRun {
  readonly target: Target;
  readonly segments: readonly Segment[];
  readonly findings: readonly Finding[];
}

const MiB = 1024 * 1024;
/** What a segment may hold more after all of its inputs than after a quarter of them: caches are warm by then. */
const mostGrowth = 8 * MiB;

/** The page of a run, and whether every promise was held: what was promised, how often it was tried, what came of it. */
export function pageOf(runs: readonly TargetRun[], seed: number): { page: string; isHeld: boolean } {
  const broken = runs.flatMap(brokenBy);
  const page = [
    '# Bytes that nobody meant',
    '',
    `Made by \`npm run fuzz -- --seed ${seed}\`. Inputs are made by fast-check, of the structure that each target has, and of seeds as they`,
    'really come: frames and JSON changed within and put together anew, checksums right or not, and bytes flipped, cut, doubled and',
    'spliced. The suite tries the corpus in `test/fuzz/corpus` and a short random run of each target. Inputs are tried half a million at a',
    'time, each in a thread of its own; memory is what that thread held after a full collection, when a quarter of its inputs was tried',
    `and when all were, of the segment where it grew most. Throughput is of a machine with ${availableParallelism()} shared cores.`,
    '',
    table(
      ['target', 'inputs', 'a second', 'outcomes', 'memory, MiB', 'findings', 'commit'],
      runs.map((run) => [
        `\`${run.target.name}\``,
        figure(sum(run.segments, ({ inputs }) => inputs)),
        figure(sum(run.segments, ({ inputs }) => inputs) / sum(run.segments, ({ seconds }) => seconds)),
        outcomesOf(run).size,
        `${figure(mostGrown(run).early / MiB, 1)} → ${figure(mostGrown(run).late / MiB, 1)}`,
        run.findings.length,
        [...new Set(run.segments.map(({ commit }) => commit))].join(', '),
      ]),
    ),
    '## Promises, and what came of the inputs',
    '',
    ...runs.flatMap((run) => [
      `**\`${run.target.name}\`**: ${run.target.promise}`,
      '',
      [...outcomesOf(run)]
        .toSorted(([, a], [, b]) => b - a)
        .map(([name, count]) => `${figure(count)} × ${name}`)
        .join('; '),
      '',
    ]),
    broken.length === 0 ? 'Every promise was held.' : broken.map((each) => `- BROKEN: ${each}`).join('\n'),
  ].join('\n');
  return { page: `${page}\n`, isHeld: broken.length === 0 };
}

function brokenBy(run: TargetRun): string[] {
  const { early, late } = mostGrown(run);
  const grown = late - early;
  const { name } = run.target;
  return [
    ...run.findings.map(({ message, input }) => `${name}, ${input.length} bytes: ${message}`),
    ...(grown > mostGrowth ? [`${name}: what it held grew by ${figure(grown / MiB, 1)} MiB`] : []),
  ];
}

function mostGrown({ segments }: TargetRun): Segment['held'] {
  const [first] = segments.map(({ held }) => held).toSorted((a, b) => b.late - b.early - (a.late - a.early));
  return first ?? { early: 0, late: 0 };
}

function outcomesOf({ segments }: TargetRun): Map<string, number> {
  const outcomes = new Map<string, number>();
  for (const [name, count] of segments.flatMap(({ classes }) => classes))
    outcomes.set(name, (outcomes.get(name) ?? 0) + count);
  return outcomes;
}

function sum(segments: readonly Segment[], of: (segment: Segment) => number): number {
  return segments.reduce((total, segment) => total + of(segment), 0);
}

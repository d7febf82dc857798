import { availableParallelism } from 'node:os';
import { figure, table } from '../proofs/page.ts';
import type { Fuzzed } from './fuzzing.ts';
import type { Target } from './target.ts';

/** One target of a run. */
export interface TargetRun {
  readonly target: Target;
  readonly found: Fuzzed;
  readonly seconds: number;
}

/** The page of a run: what was promised, how often it was tried, what came of it. */
export function pageOf(runs: readonly TargetRun[], seed: number): string {
  const findings = runs.flatMap(({ target, found }) =>
    found.findings.map((finding) => ({ name: target.name, ...finding })),
  );
  return `${[
    '# Bytes that nobody meant',
    '',
    `Made by \`npm run fuzz -- --seed ${seed}\`. Inputs are made of seeds as they really come: frames and JSON changed within and put`,
    'together anew, checksums right or not, and bytes flipped, cut, doubled and spliced. The suite tries the corpus in',
    '`test/fuzz/corpus` and a short random run of each target. Throughput is of a machine with ' +
      `${availableParallelism()} shared cores.`,
    '',
    table(
      ['target', 'inputs', 'a second', 'outcomes', 'findings'],
      runs.map(({ target, found, seconds }) => [
        `\`${target.name}\``,
        figure(found.inputs),
        figure(found.inputs / seconds),
        found.classes.size,
        found.findings.length,
      ]),
    ),
    '## Promises, and what came of the inputs',
    '',
    ...runs.flatMap(({ target, found }) => [
      `**\`${target.name}\`**: ${target.promise}`,
      '',
      [...found.classes]
        .toSorted(([, a], [, b]) => b - a)
        .map(([name, count]) => `${figure(count)} × ${name}`)
        .join('; '),
      '',
    ]),
    findings.length === 0
      ? 'Every promise was held.'
      : findings.map(({ name, message, input }) => `- BROKEN: ${name}, ${input.length} bytes: ${message}`).join('\n'),
  ].join('\n')}\n`;
}

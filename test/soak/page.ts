import { figure, table } from '../proofs/page.ts';
import type { Soaked } from './soak.ts';
import { quarters, type Verdict } from './verdicts.ts';

export interface PageFacts {
  readonly minutes: number;
  readonly seed: number;
  readonly commit: string;
}

/** The page of a soak: what was sent, what came of it, and every promise with its figures. */
export function pageOf(soaked: Soaked, verdicts: readonly Verdict[], { minutes, seed, commit }: PageFacts): string {
  const { samples, ledger, questions, cpuShare, turns } = soaked;
  const sent = samples.at(-1)?.requests ?? 0;
  const broken = verdicts.filter(({ isHeld }) => !isHeld);
  const faults = Map.groupBy(ledger.disturbances, ({ name }) => name);
  const asked = [...questions].map(([name, count]) => `${figure(count)} × \`${name}\``).join(', ');
  const MiB = 1024 * 1024;
  return `${[
    `# ${figure(minutes)} minutes of mixed load, with faults`,
    '',
    `Made by \`npm run soak -- --minutes ${minutes} --seed ${seed}\` on commit ${commit}; \`--minutes 10\` is its short form.`,
    '',
    'The built command `kiro-pool serve` in a process of its own, Kiro in another, clients in a third; five accounts in two regions with',
    'access tokens that live for one minute. One fault after the other is planted at Kiro, each for one account and one call; between',
    'them accounts are cleared, paused and resumed, strategies switched, the endpoint paused, usage and requests asked for. The load is',
    `kept small on purpose: all of it took ${figure(cpuShare * 100)} % of one core.`,
    '',
    `${figure(sent)} requests, ${figure(turns.length)} of them turns, and ${figure(ledger.disturbances.length)} disturbances, of which ${figure(
      ledger.disturbances.filter(({ hits }) => hits > 0).length,
    )} met a call.`,
    '',
    '![Memory, descriptors, sockets, database and requests over time](soak.svg)',
    '',
    '## Promises',
    '',
    table(
      ['what', 'bound', 'found', 'held'],
      verdicts.map(({ what, bound, found, isHeld }) => [what, bound, found, isHeld ? 'yes' : '**no**']),
    ),
    'Growth is the slope of Theil and Sen over the second half, times its length. The history grows by what it records, by nothing else.',
    '',
    '## Medians by quarter',
    '',
    table(
      ['', 'first', 'second', 'third', 'last'],
      [
        ['resident memory, MiB', ...quarters(samples, ({ rss }) => rss / MiB).map((each) => figure(each, 1))],
        [
          'taken by the heap, used or not, MiB',
          ...quarters(samples, ({ heapTotal }) => heapTotal / MiB).map((each) => figure(each, 1)),
        ],
        [
          'outside of the heap, MiB',
          ...quarters(samples, ({ external }) => external / MiB).map((each) => figure(each, 1)),
        ],
        ['open descriptors', ...quarters(samples, ({ descriptors }) => descriptors).map((each) => figure(each))],
        ['sockets', ...quarters(samples, ({ sockets }) => sockets).map((each) => figure(each))],
        ['handles and timers', ...quarters(samples, ({ handles }) => handles).map((each) => figure(each))],
        ['event loop delay, p99 in ms', ...quarters(samples, ({ delayMs }) => delayMs).map((each) => figure(each, 1))],
      ],
    ),
    '## What clients sent, and what they got',
    '',
    table(
      ['request', 'outcomes'],
      [...ledger.counts]
        .toSorted(byName)
        .map(([kind, outcomes]) => [
          kind,
          [...outcomes].map(([outcome, count]) => `${figure(count)} × ${outcome}`).join(', '),
        ]),
    ),
    '## What was done to it',
    '',
    table(
      ['disturbance', 'planted', 'met a call', 'clients may be told'],
      [...faults]
        .toSorted(byName)
        .map(([name, all]) => [
          name,
          all.length,
          all.filter(({ hits }) => hits > 0).length,
          all[0]?.told.join(', ') || 'nothing: another try serves them',
        ]),
    ),
    `Over the control socket: ${asked}.`,
    '',
    broken.length === 0
      ? 'Every promise was held.'
      : broken.map(({ what, found }) => `- BROKEN: ${what}: ${found}`).join('\n'),
  ].join('\n')}\n`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a.localeCompare(b);
}

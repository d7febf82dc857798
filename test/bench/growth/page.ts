import { figure, table } from '../../proofs/page.ts';
import { machineText, type Machine } from '../machine.ts';
import { nameOf, stages, type Stage } from './costs.ts';
import type { Curve } from './curve.ts';
import { exponentText, type Fit, type Point } from './fit.ts';

/** The verdicts alone, for a terminal. */
export function growthSummary(curves: readonly Curve[]): string {
  const line = ({ cost, fit, isHeld }: Curve): string =>
    `${isHeld ? 'ok    ' : 'BROKEN'} ${exponentOf(fit).padStart(6)} <= ${cost.most}  ${nameOf(cost)}, over ${stages[cost.stage]}\n`;
  return curves.map(line).join('');
}

/** The page: what grows how, in tables by what is made larger. */
export function growthPage(curves: readonly Curve[], machine: Machine): string {
  const broken = curves.filter(({ isHeld }) => !isHeld);
  const present = [...new Set(curves.map(({ cost }) => cost.stage))];
  return `${[
    '# How costs grow',
    '',
    'Made by `npm run growth`: `kiro-pool serve` as it is built, whole, in a process of its own; clients and a stand-in for Kiro in others',
    `([how](performance.md)). ${machineText(machine)}.`,
    '',
    'Each cost is taken at each size several times: of times the least counts, since whatever else the machine does only adds, of memory the median.',
    'A power of the size is fitted to the upper half of the sizes (on a scale of powers), where what a request costs anyway no longer hides',
    'how the rest grows: `size^1` is growth in proportion, `size^2` with the square, `size^0` none. R² is how much of the differences the',
    'line explains: little, where there are hardly any. At most `size^1.1` passes, and `size^0.2` of what must not grow at all. The',
    'pass-through, a bare pump that translates nothing, was measured beside it.',
    '',
    '![Each cost over its sizes, both on scales of powers, with the fitted lines](growth.svg)',
    '',
    ...present.flatMap((stage) => sectionOf(stage, curves)),
    broken.length === 0
      ? 'Every cost grows in proportion at most.'
      : broken.map(({ cost, fit }) => `- BROKEN: ${nameOf(cost)}: size^${exponentOf(fit)}`).join('\n'),
  ].join('\n')}\n`;
}

function sectionOf(stage: Stage, curves: readonly Curve[]): string[] {
  const own = curves.filter(({ cost }) => cost.stage === stage);
  const sizes = own[0]?.points.map(({ x }) => x) ?? [];
  const rows = own.flatMap(({ cost, points, yard, fit, yardFit, isHeld }) => [
    [
      nameOf(cost),
      ...cellsOf(sizes, points, cost.digits),
      exponentOf(fit),
      fit?.r2.toFixed(2) ?? '-',
      `<= ${cost.most}`,
      isHeld ? 'yes' : '**no**',
    ],
    ...(yard.length === 0
      ? []
      : [
          [
            '– the pass-through',
            ...cellsOf(sizes, yard, cost.digits),
            exponentOf(yardFit),
            yardFit?.r2.toFixed(2) ?? '-',
            '',
            '',
          ],
        ]),
  ]);
  const head = ['', ...sizes.map((size) => sizeText(size)), 'exponent', 'R²', 'bound', 'held'];
  return [`## Over ${stages[stage]}`, '', table(head, rows)];
}

function cellsOf(sizes: readonly number[], points: readonly Point[], digits: number): string[] {
  return sizes.map((size) => {
    const point = points.find(({ x }) => x === size);
    // Less than the unrest of what it was told apart from.
    return point !== undefined && point.y > 0 ? figure(point.y, digits) : '-';
  });
}

function exponentOf(fit: Fit | undefined): string {
  return fit === undefined ? '-' : exponentText(fit);
}

/** `1,000`, and `0.3` where that is not a whole number. */
function sizeText(size: number): string {
  return figure(size, size < 10 && !Number.isInteger(size) ? 1 : 0);
}

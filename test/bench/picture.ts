import { scaleLog, type ScaleLogarithmic } from 'd3-scale';
import { label, svg } from './chart-style.ts';
import type { Figure } from './figures.ts';
import { peerRatios } from './peer-table.ts';
import { peerFigures } from './peers.ts';
import { goalText, isReached, ratioText, type ReportRow, type Result } from './report.ts';
import { kiroPoolName, yardstick } from './targets.ts';

const width = 860;
const plot = { left: 390, right: 640 };
const rowHeight = 24;
const top = 64;
/** The least and the largest ratio that have a place; what is beyond stands at the edge. */
const domain: readonly [number, number] = [0.2, 50];

type Scale = ScaleLogarithmic<number, number>;

/** Each figure as a ratio to the pass-through: Kiro Pool, its goal, the limit and the peers on one scale of powers. */
export function benchPicture(rows: readonly ReportRow[]): string {
  const shown = rows.filter(({ results }) => !Number.isNaN(results[kiroPoolName]?.ratio ?? Number.NaN));
  const x: Scale = scaleLog([...domain], [plot.left, plot.right]).clamp(true);
  const bottom = top + shown.length * rowHeight;
  return svg(width, bottom + 30, 'The figures of Kiro Pool as ratios to a bare pass-through', [
    ...legend(),
    ...axis(x, bottom),
    ...shown.flatMap((row, index) => rowOf(row, top + index * rowHeight + rowHeight / 2, x)),
  ]);
}

function rowOf({ figure, results }: ReportRow, y: number, x: Scale): string[] {
  const own = results[kiroPoolName];
  if (!own) return [];
  const goal = goalRatio(figure, results[yardstick]);
  const tight = results['hand-tight']?.ratio ?? Number.NaN;
  const isMissed = isReached(figure.goal, own) === false;
  const more = figure.goal?.isFloor === true ? ' (more is better)' : '';
  const [least, most] = own.ratioRange;
  return [
    label(plot.left - 24, y + 4, `${figure.title.replace(/(?:, (?:ms|MB)|: added ms)$/, '')}${more}`, 's', 'end'),
    ...peersOf(figure).map((ratio) => `<circle class="p" cx="${x(ratio).toFixed(1)}" cy="${y}" r="3"/>`),
    Number.isNaN(tight) ? '' : `<circle class="w" cx="${x(tight).toFixed(1)}" cy="${y}" r="4"/>`,
    Number.isNaN(goal)
      ? ''
      : `<line class="t" x1="${x(goal).toFixed(1)}" x2="${x(goal).toFixed(1)}" y1="${y - 8}" y2="${y + 8}"/>`,
    `<line class="l" x1="${x(least).toFixed(1)}" x2="${x(most).toFixed(1)}" y1="${y}" y2="${y}"/>`,
    `<circle class="${isMissed ? 'm' : 'd'}" cx="${x(own.ratio).toFixed(1)}" cy="${y}" r="5"/>`,
    label(plot.right + 24, y + 4, ratioText(own.ratio), ''),
    label(plot.right + 84, y + 4, goalText(figure.goal)),
    isMissed ? label(width - 8, y + 4, 'missed', '', 'end') : '',
  ];
}

/** Those of the peers whose ratios were made as ours is. */
function peersOf(figure: Figure): number[] {
  return peerFigures
    .filter(({ id, paired }) => id === figure.id && (figure.ratioOf === undefined || paired !== undefined))
    .flatMap((each) => [...peerRatios(each).values()]);
}

/** Where a goal stands among ratios, also one that is set in the figure's own unit; NaN where there is none. */
function goalRatio({ goal }: Figure, yard: Result | undefined): number {
  if (goal?.atMost !== undefined) return goal.atMost / (yard?.median ?? Number.NaN);
  return goal?.ratio ?? Number.NaN;
}

function axis(x: Scale, bottom: number): string[] {
  return [0.2, 0.5, 1, 2, 5, 10, 20, 50].flatMap((tick) => {
    const at = x(tick).toFixed(1);
    const look = tick === 1 ? 'a' : 'g';
    const name = tick === domain[0] ? `≤ ${tick}x` : tick === domain[1] ? `≥ ${tick}x` : `${tick}x`;
    return [
      `<line class="${look}" x1="${at}" x2="${at}" y1="${top - 4}" y2="${bottom + 4}"/>`,
      label(x(tick), bottom + 20, name, 's', 'middle'),
    ];
  });
}

function legend(): string[] {
  const y = 36;
  return [
    label(8, 16, 'As ratios to a pass-through that translates nothing; less is better', ''),
    `<circle class="d" cx="16" cy="${y}" r="5"/>${label(28, y + 4, 'Kiro Pool, all rounds')}`,
    `<circle class="m" cx="164" cy="${y}" r="5"/>${label(176, y + 4, 'misses its goal')}`,
    `<line class="t" x1="282" x2="282" y1="${y - 8}" y2="${y + 8}"/>${label(292, y + 4, 'goal')}`,
    `<circle class="w" cx="338" cy="${y}" r="4"/>${label(350, y + 4, 'hand-tight translator')}`,
    `<circle class="p" cx="488" cy="${y}" r="3"/>${label(498, y + 4, 'peers, to the pass-through of their run')}`,
  ];
}

import { figure as figureText, table } from '../proofs/page.ts';
import { figures } from './figures.ts';
import { peerFigures, type PeerFigure } from './peers.ts';
import { ratioText, type ReportRow } from './report.ts';
import { kiroPoolName, yardstick } from './targets.ts';

/** One figure of ours beside the best of the others, each as a ratio to the pass-through of its own run. */
export interface Comparison {
  readonly title: string;
  readonly peer: string;
  readonly peerRatio: number;
  readonly ownRatio: number;
  /** How much the peer needs for one of ours; above 1 we are ahead. */
  readonly lead: number;
  readonly peerText: string;
  readonly ownText: string;
}

/** Every figure that was measured of others too. */
export function comparisonsOf(rows: readonly ReportRow[]): Comparison[] {
  return peerFigures.flatMap((peerFigure) => comparisonOf(peerFigure, rows) ?? []);
}

/** The ratios of the peers to the pass-through of their run. */
export function peerRatios({ yard = Number.NaN, values = {}, paired = {} }: PeerFigure): ReadonlyMap<string, number> {
  const ofMedians = Object.entries(values).map(([name, value]): [string, number] => [name, value / yard]);
  return new Map([...ofMedians, ...Object.entries(paired)]);
}

/** The table, and below it in words where others are better. */
export function peerTable(comparisons: readonly Comparison[]): string {
  const behind = comparisons.filter(({ lead }) => lead < 1);
  const rows = comparisons.map(({ title, peer, peerRatio, ownRatio, lead, peerText, ownText }) => [
    title,
    peer,
    `${peerText}${ratioText(peerRatio)}`,
    `${ownText}${ratioText(ownRatio)}`,
    ratioText(ownRatio / peerRatio),
    lead < 1 ? '**behind**' : 'ahead',
  ]);
  const verdict =
    behind.length === 0
      ? `Kiro Pool is ahead of every peer in all ${comparisons.length} figures.`
      : `Kiro Pool is ahead of every peer in ${comparisons.length - behind.length} of ${comparisons.length} figures. A peer is better at: ${behind
          .map(({ title, peer }) => `${title.replace(/, (?:ms|MB)$/, '')} (${peer})`)
          .join('; ')}.`;
  return `${table(['figure', 'best peer', 'its ratio', 'Kiro Pool', 'ours / best', ''], rows)}\n${verdict}\n`;
}

function comparisonOf(peerFigure: PeerFigure, rows: readonly ReportRow[]): Comparison | undefined {
  const figure = figures.find(({ id }) => id === peerFigure.id);
  const results = rows.find((row) => row.figure.id === peerFigure.id)?.results;
  const own = results?.[kiroPoolName];
  const yard = results?.[yardstick];
  if (!figure || !own || !yard) return undefined;
  const isFloor = figure.goal?.isFloor === true;
  const [best] = [...peerRatios(peerFigure)].toSorted(([, a], [, b]) => (isFloor ? b - a : a - b));
  if (!best) return undefined;
  const [peer, peerRatio] = best;
  // As the peers' was made: from each round, or from the medians.
  const ownRatio = peerFigure.paired ? own.ratio : own.median / yard.median;
  const value = peerFigure.values?.[peer];
  const text = (number: number): string => `${figureText(number, figure.digits)}, `;
  return {
    title: peerFigure.title ?? figure.title,
    peer,
    peerRatio,
    ownRatio,
    lead: isFloor ? ownRatio / peerRatio : peerRatio / ownRatio,
    peerText: value === undefined ? '' : text(value),
    ownText: peerFigure.values === undefined ? '' : text(own.median),
  };
}

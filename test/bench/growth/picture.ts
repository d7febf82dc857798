import { scaleLog, type ScaleLogarithmic } from 'd3-scale';
import { line } from 'd3-shape';
import { label, svg } from '../chart-style.ts';
import { nameOf, stages } from './costs.ts';
import type { Curve } from './curve.ts';
import { exponentText, upperHalf, type Fit, type Point } from './fit.ts';

const columns = 3;
const cellWidth = 290;
const cellHeight = 190;
const inset = { left: 46, right: 16, top: 44, bottom: 30 };
const legendHeight = 34;

type Scale = ScaleLogarithmic<number, number>;

/** Each cost over its sizes as small multiples, both axes in powers: a straight line is a power law, and its slope the exponent. */
export function growthPicture(curves: readonly Curve[]): string {
  const rows = Math.ceil(curves.length / columns);
  const cells = curves.map((curve, index) => {
    const left = (index % columns) * cellWidth;
    const top = legendHeight + Math.floor(index / columns) * cellHeight;
    return `<g transform="translate(${left} ${top})">${cellOf(curve)}</g>`;
  });
  return svg(columns * cellWidth, legendHeight + rows * cellHeight, 'How the costs of Kiro Pool grow', [
    ...legend(),
    ...cells,
  ]);
}

function cellOf({ cost, points, yard, fit }: Curve): string {
  const shown = points.filter(isShown);
  const beside = yard.filter(isShown);
  const x = scaleLog(
    bounds(
      points.map((point) => point.x),
      1,
    ),
    [inset.left, cellWidth - inset.right],
  );
  const heights = [...shown, ...beside].map((point) => point.y);
  const y = scaleLog(bounds(heights, 1.6), [cellHeight - inset.bottom, inset.top]);
  const dots = shown.map(
    (point) => `<circle class="d" cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="2.6"/>`,
  );
  return [
    label(8, 14, nameOf(cost), ''),
    label(8, 30, `over ${stages[cost.stage]}${fit ? ` · size^${exponentText(fit)}, R² ${fit.r2.toFixed(2)}` : ''}`),
    ...yTicks(y),
    ...xTicks(x),
    pathOf(beside, x, y, 'y'),
    pathOf(shown, x, y, 'l'),
    ...dots,
    fit ? fitLine(fit, upperHalf(points), x, y) : '',
  ].join('');
}

function pathOf(points: readonly Point[], x: Scale, y: Scale, look: string): string {
  const path = line<Point>(
    (point) => x(point.x),
    (point) => y(point.y),
  ).digits(1)(points);
  return path === null ? '' : `<path class="${look}" d="${path}"/>`;
}

function fitLine({ factor, exponent }: Fit, over: readonly Point[], x: Scale, y: Scale): string {
  const ends = [over[0], over.at(-1)].flatMap((point) => (point ? [point.x] : []));
  const [from = 1, to = 1] = ends;
  const at = (size: number): string => y(factor * size ** exponent).toFixed(1);
  return `<line class="f" x1="${x(from).toFixed(1)}" x2="${x(to).toFixed(1)}" y1="${at(from)}" y2="${at(to)}"/>`;
}

function yTicks(y: Scale): string[] {
  return ticksOf(y).map((tick) => {
    const at = y(tick);
    const grid = `<line class="g" x1="${inset.left}" x2="${cellWidth - inset.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>`;
    return grid + label(inset.left - 6, at + 4, short(tick), 's', 'end');
  });
}

function xTicks(x: Scale): string[] {
  const bottom = cellHeight - inset.bottom;
  const axis = `<line class="a" x1="${inset.left}" x2="${cellWidth - inset.right}" y1="${bottom}" y2="${bottom}"/>`;
  return [axis, ...ticksOf(x).map((tick) => label(x(tick), bottom + 15, short(tick), 's', 'middle'))];
}

/** Powers of ten where there are two or more of them, else their halves and fifths too. */
function ticksOf(scale: Scale): number[] {
  const of = (leading: readonly string[]): number[] =>
    scale.ticks().filter((tick) => leading.includes(tick.toExponential()[0] ?? '') && tick.toExponential()[1] !== '.');
  const powers = of(['1']);
  return powers.length >= 2 ? powers : of(['1', '2', '5']);
}

/** Least and most, with room: a flat line shall look flat, so that never less than a tenfold is shown. */
function bounds(values: readonly number[], room: number): [number, number] {
  const least = Math.min(...values, Infinity);
  const most = Math.max(...values, 0);
  if (most === 0) return [1, 10];
  const lack = room === 1 ? 1 : Math.max(1, Math.sqrt(10 / (most / least)));
  return [least / (room * lack), most * room * lack];
}

function isShown({ y }: Point): boolean {
  return y > 0 && Number.isFinite(y);
}

/** `1k`, `1M`, and small numbers as they are. */
function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

function legend(): string[] {
  const y = 16;
  const key = (x: number, look: string, text: string): string =>
    `<line class="${look}" x1="${x}" x2="${x + 26}" y1="${y}" y2="${y}"/>${label(x + 32, y + 4, text)}`;
  return [
    key(8, 'l', 'Kiro Pool'),
    key(120, 'y', 'pass-through'),
    key(250, 'f', 'fitted to the upper half of the sizes'),
  ];
}

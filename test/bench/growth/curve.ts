import { median } from '../statistics.ts';
import { costs, takenOf, type Cost } from './costs.ts';
import { fitOf, upperHalf, type Fit, type Point } from './fit.ts';

/** What was measured: of one cost, of Kiro Pool or the pass-through beside it, at one size. */
export interface Sample {
  readonly cost: string;
  readonly of: 'kiro-pool' | 'pass-through';
  readonly x: number;
  readonly y: number;
}

/** How a cost grows, and whether it may. */
export interface Curve {
  readonly cost: Cost;
  /** By size, the smallest first. */
  readonly points: readonly Point[];
  /** The pass-through's; empty where there is nothing to compare. */
  readonly yard: readonly Point[];
  /** Over the upper half of the sizes; undefined when that cannot be told. */
  readonly fit: Fit | undefined;
  readonly yardFit: Fit | undefined;
  /** False also when nothing could be told. */
  readonly isHeld: boolean;
}

/** Every cost that was measured, in the order of `costs`. */
export function curvesOf(samples: readonly Sample[]): Curve[] {
  const measured = costs.filter(({ id }) => samples.some((sample) => sample.cost === id));
  return measured.map((cost) => {
    const points = pointsOf(samples, cost, 'kiro-pool');
    const yard = pointsOf(samples, cost, 'pass-through');
    const fit = fitOf(upperHalf(points));
    return {
      cost,
      points,
      yard,
      fit,
      yardFit: fitOf(upperHalf(yard)),
      isHeld: fit !== undefined && fit.exponent <= cost.most,
    };
  });
}

function pointsOf(samples: readonly Sample[], cost: Cost, of: Sample['of']): Point[] {
  const own = samples.filter((sample) => sample.cost === cost.id && sample.of === of);
  const taken = (values: readonly number[]): number =>
    takenOf(cost) === 'least' ? Math.min(...values) : median(values);
  return [...Map.groupBy(own, ({ x }) => x)]
    .map(([x, all]) => ({ x, y: taken(all.map(({ y }) => y)) }))
    .toSorted((a, b) => a.x - b.x);
}

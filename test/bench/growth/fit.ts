/** A cost at a size. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `y = factor * x ** exponent`: 0 is flat, 1 grows in proportion, 2 with the square. */
export interface Fit {
  readonly factor: number;
  readonly exponent: number;
  /** Share of the spread (of logarithms) that the line explains, 0-1; 1 for points that do not differ. */
  readonly r2: number;
}

/**
 * The line of least squares through the logarithms of both. Points that are not above zero have none and are left out; undefined
 * with fewer than two sizes left.
 */
export function fitOf(points: readonly Point[]): Fit | undefined {
  const logs = points.filter(({ x, y }) => x > 0 && y > 0).map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  const xx = sum(logs.map(({ x }) => (x - meanX) ** 2));
  const xy = sum(logs.map(({ x, y }) => (x - meanX) * (y - meanY)));
  const yy = sum(logs.map(({ y }) => (y - meanY) ** 2));
  // Of one size alone nothing can be told, also when it was measured several times.
  if (logs.length < 2 || xx < 1e-12) return undefined;
  const exponent = xy / xx;
  return { exponent, factor: Math.exp(meanY - exponent * meanX), r2: yy < 1e-12 ? 1 : (xy * xy) / (xx * yy) };
}

/**
 * The points of the upper half of the sizes, as a scale of powers shows them: where what a request costs anyway no longer hides
 * how the rest grows. At least three, of as many.
 */
export function upperHalf(points: readonly Point[]): Point[] {
  const sorted = points.filter(({ x }) => x > 0).toSorted((a, b) => a.x - b.x);
  const middle = Math.sqrt((sorted[0]?.x ?? 0) * (sorted.at(-1)?.x ?? 0));
  const above = sorted.filter(({ x }) => x >= middle);
  return above.length >= 3 ? above : sorted.slice(-3);
}

/** `0.97`; nothing rounds to a negative nought. */
export function exponentText({ exponent }: Fit): string {
  return exponent.toFixed(2).replace(/^-(?=0\.00$)/, '');
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

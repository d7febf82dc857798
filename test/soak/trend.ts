/** How much a line through the points rises over their whole width: Theil and Sen's, which single peaks do not move. */
export function rise(points: readonly (readonly [x: number, y: number])[]): number {
  const some = thinned(points);
  const slopes = some.flatMap(([x, y], index) => some.slice(index + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)));
  const first = some[0];
  const last = some.at(-1);
  return first && last && slopes.length > 0 ? median(slopes) * (last[0] - first[0]) : 0;
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** All pairs of many points would be millions. */
function thinned<Point>(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.ceil(points.length / 300));
  return points.filter((_, index) => index % step === 0);
}

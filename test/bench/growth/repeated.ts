import { median } from '../statistics.ts';

/** Does it over and over and gives the median of the times, in ms. Once before, to warm up. */
export async function repeated(times: number, run: (n: number) => Promise<unknown>): Promise<number> {
  await run(-1);
  const spans: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const startedAt = performance.now();
    await run(n);
    spans.push(performance.now() - startedAt);
  }
  return median(spans);
}

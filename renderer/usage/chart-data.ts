/** From the engine's columns to what the charts draw, and to a file. Pure. */
import type { Output, ScreenContract } from '../../app/contract.ts';

export type UsageChart = Output<ScreenContract, 'usage.chart'>;
export type Bucket = UsageChart['buckets'][number];
export type Range = '24h' | '7d' | '30d' | '90d';
export type Split = 'account' | 'model' | 'key';

interface Part {
  readonly name: string;
  readonly values: readonly number[];
}

const partsOf: Readonly<Record<Split, 'byAccount' | 'byModel' | 'byKey'>> = {
  account: 'byAccount',
  model: 'byModel',
  key: 'byKey',
};

/**
 * The credits of each bucket by account, model or key, the biggest first.
 * @param most how many stand for themselves; the rest is summed up under `others`
 * @param nameOf what people call an account, a model or a key
 */
export function seriesOf(
  buckets: readonly Bucket[],
  split: Split,
  most: number,
  others: string,
  nameOf: (id: string) => string,
): readonly Part[] {
  const totals = new Map<string, number>();
  for (const bucket of buckets) {
    for (const { name, credits } of bucket[partsOf[split]]) totals.set(name, (totals.get(name) ?? 0) + credits);
  }
  const ids = [...totals].toSorted((a, b) => b[1] - a[1]).map(([id]) => id);
  const own = ids.length <= most ? ids : ids.slice(0, most - 1);
  const rest = new Set(ids.slice(own.length));
  const sum = (bucket: Bucket, isMeant: (id: string) => boolean): number =>
    bucket[partsOf[split]].reduce((total, { name, credits }) => (isMeant(name) ? total + credits : total), 0);
  const parts = own.map((id) => ({
    name: nameOf(id),
    values: buckets.map((each) => sum(each, (name) => name === id)),
  }));
  if (rest.size === 0) return parts;
  return [...parts, { name: others, values: buckets.map((each) => sum(each, (name) => rest.has(name))) }];
}

export function totalsOf(buckets: readonly Bucket[]): {
  readonly credits: number;
  readonly requests: number;
  readonly failures: number;
} {
  let [credits, requests, failures] = [0, 0, 0];
  for (const bucket of buckets) {
    credits += bucket.credits;
    requests += bucket.requests;
    failures += bucket.failures;
  }
  return { credits, requests, failures };
}

/**
 * The buckets as comma-separated values (RFC 4180), one line each: totals, then a column for each account, model and key.
 * @param labelOf the label of an account by its id
 */
export function toCsv(buckets: readonly Bucket[], labelOf: (id: string) => string): string {
  const columns: readonly (readonly [string, (bucket: Bucket) => number | string])[] = [
    ['start', ({ at }) => new Date(at).toISOString()],
    ['credits', ({ credits }) => credits],
    ['requests', ({ requests }) => requests],
    ['failures', ({ failures }) => failures],
    ['first_token_mean_ms', ({ firstTokenMs }) => firstTokenMs?.mean ?? ''],
    ['first_token_slowest_ms', ({ firstTokenMs }) => firstTokenMs?.slowest ?? ''],
    ['context_mean_percent', ({ contextPercent }) => contextPercent?.mean ?? ''],
    ['context_fullest_percent', ({ contextPercent }) => contextPercent?.fullest ?? ''],
    ...(['account', 'model', 'key'] as const).flatMap((split) =>
      seriesOf(buckets, split, Number.POSITIVE_INFINITY, '', split === 'account' ? labelOf : (name) => name).map(
        ({ name, values }): readonly [string, (bucket: Bucket) => number] => [
          `${split}: ${name}`,
          (bucket) => values[buckets.indexOf(bucket)] ?? 0,
        ],
      ),
    ),
  ];
  const lines = [
    columns.map(([title]) => field(title)),
    ...buckets.map((bucket) => columns.map(([, value]) => field(String(value(bucket))))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

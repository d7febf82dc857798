import { describe, expect, it } from 'vitest';
import { seriesOf, toCsv, totalsOf, type Bucket } from '../../renderer/usage/chart-data.ts';
import { chart } from './sample-usage.ts';

function bucket(at: number, byAccount: Bucket['byAccount']): Bucket {
  return {
    at,
    credits: byAccount.reduce((sum, { credits }) => sum + credits, 0),
    requests: 1,
    failures: 0,
    byAccount,
    byModel: [],
    byKey: [],
    firstTokenMs: { mean: 800, slowest: 900 },
    contextPercent: null,
  };
}

const hours = [
  bucket(0, [{ name: 'a', credits: 1 }]),
  bucket(3_600_000, [
    { name: 'a', credits: 1 },
    { name: 'b', credits: 5 },
    { name: 'c', credits: 0.5 },
  ]),
];

describe('the parts of the columns', () => {
  it('come with the biggest first, so that the same one is at the bottom of each column', () => {
    const series = seriesOf(hours, 'account', 6, 'Others', (id) => id.toUpperCase());
    expect(series).toEqual([
      { name: 'B', values: [0, 5] },
      { name: 'A', values: [1, 1] },
      { name: 'C', values: [0, 0.5] },
    ]);
  });

  it('are summed up as others where there are more than can be told apart', () => {
    const series = seriesOf(hours, 'account', 2, 'Others', (id) => id);
    expect(series).toEqual([
      { name: 'b', values: [0, 5] },
      { name: 'Others', values: [1, 1.5] },
    ]);
  });

  it('add up to the whole', () => {
    const { buckets } = chart('90d');
    for (const split of ['account', 'model', 'key'] as const) {
      const parts = seriesOf(buckets, split, 3, 'Others', (id) => id).flatMap(({ values }) => values);
      expect(parts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(totalsOf(buckets).credits, 0);
    }
  });
});

describe('the exported table', () => {
  it('has a line for each column of the chart, and what is not known is empty', () => {
    expect(toCsv(hours, (id) => ({ a: 'Work' })[id] ?? id).split('\r\n')).toEqual([
      'start,credits,requests,failures,first_token_mean_ms,first_token_slowest_ms,context_mean_percent,context_fullest_percent,account: b,account: Work,account: c',
      '1970-01-01T00:00:00.000Z,1,1,0,800,900,,,0,1,0',
      '1970-01-01T01:00:00.000Z,6.5,1,0,800,900,,,5,1,0.5',
      '',
    ]);
  });

  it('quotes a label that would break the table', () => {
    const [head] = toCsv([hours[0] ?? bucket(0, [])], () => 'Work, "mine"\nat home').split('\r\n');
    expect(head).toContain('"account: Work, ""mine""\nat home"');
  });
});

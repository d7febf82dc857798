/** Invented columns of usage: weekdays busier than weekends, with a few failures. */
import type { Output, ScreenContract } from '../../app/contract.ts';
import { build, personal, studio, work } from './sample.ts';
import { pictureTime } from './state.ts';

type Chart = Output<ScreenContract, 'usage.chart'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** As long as a range is, by hours or by UTC days. */
export function chart(range: '24h' | '7d' | '30d' | '90d'): Chart {
  const bucketMs = range === '24h' ? hourMs : dayMs;
  const length = { '24h': 24, '7d': 7, '30d': 30, '90d': 90 }[range];
  const last = Math.floor(pictureTime / bucketMs) * bucketMs;
  const starts = Array.from({ length }, (_, index) => last - (length - 1 - index) * bucketMs);
  return { bucketMs, buckets: starts.map((at, index) => bucket(at, index, bucketMs)) };
}

export const emptyChart: Chart = {
  bucketMs: dayMs,
  buckets: chart('30d').buckets.map(({ at }) => emptyBucket(at)),
};

function emptyBucket(at: number): Chart['buckets'][number] {
  return {
    at,
    credits: 0,
    requests: 0,
    failures: 0,
    byAccount: [],
    byModel: [],
    byKey: [],
    firstTokenMs: null,
    contextPercent: null,
  };
}

function bucket(at: number, index: number, bucketMs: number): Chart['buckets'][number] {
  const credits = round(bucketMs === hourMs ? byHour(at, index) : byDay(at, index));
  const share = (part: number): number => round(credits * part);
  if (credits === 0) return emptyBucket(at);
  const turn = wave(index, 1.7);
  return {
    at,
    credits,
    requests: Math.max(1, Math.round(credits / 0.7)),
    failures: index % 9 === 4 ? 2 : 0,
    byAccount: [
      { name: work.id, credits: share(0.44 - 0.14 * turn) },
      { name: studio.id, credits: share(0.34 + 0.14 * turn) },
      { name: personal.id, credits: share(0.14) },
      { name: build.id, credits: share(0.08) },
    ],
    byModel: [
      { name: 'claude-sonnet-4.5', credits: share(0.61) },
      { name: 'claude-opus-4.6', credits: share(0.33) },
      { name: 'claude-haiku-4.5', credits: share(0.06) },
    ],
    byKey: [
      { name: 'default', credits: share(0.7 - 0.2 * turn) },
      { name: 'blog-engine', credits: share(0.3 + 0.2 * turn) },
    ],
    firstTokenMs: { mean: Math.round(1_150 + 320 * turn), slowest: Math.round(3_900 + 2_400 * wave(index, 2.9)) },
    contextPercent: { mean: round(31 + 9 * turn), fullest: round(72 + 21 * wave(index, 2.3)) },
  };
}

function byDay(at: number, index: number): number {
  const weekday = new Date(at).getUTCDay();
  const base = weekday === 0 ? 0 : weekday === 6 ? 28 : 165;
  return base === 0 ? 0 : base * (1 + 0.35 * wave(index, 1.3));
}

function byHour(at: number, index: number): number {
  const hour = new Date(at).getUTCHours();
  if (hour < 7 || hour > 20) return 0;
  return 14 * (1 + 0.7 * wave(index, 1.9));
}

/** From -1 to 1, without chance, so that every picture is the same. */
function wave(index: number, speed: number): number {
  return Math.sin(index * speed) * Math.cos(index * 0.37);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

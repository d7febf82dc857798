import type { TimeStep } from '../components/charts/stacked-columns.tsx';
import { clock, day, utcDay, utcWeekday } from '../format/time.ts';
import type { UsageChart } from './chart-data.ts';

/** Hours are told in the user's time zone, days as the UTC days that they are. */
export function timeSteps({ bucketMs, buckets }: UsageChart): readonly TimeStep[] {
  const isHours = bucketMs < 86_400_000;
  return buckets.map(({ at }) =>
    isHours
      ? { at, label: clock(at), title: `${day(at)}, ${clock(at)}` }
      : { at, label: utcDay(at), title: `${utcWeekday(at)}, ${utcDay(at)}` },
  );
}

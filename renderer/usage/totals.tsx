import { count } from '../format/amount.ts';
import { credits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { totalsOf, type UsageChart } from './chart-data.ts';

/** The sums of the range. */
export function Totals({ chart: { bucketMs, buckets } }: { readonly chart: UsageChart }) {
  const text = words.usage.totals;
  const totals = totalsOf(buckets);
  const days = (bucketMs * buckets.length) / 86_400_000;
  const figures = [
    { name: text.credits, value: credits(totals.credits) },
    { name: text.perDay, value: credits(totals.credits / days) },
    { name: text.requests, value: count(totals.requests) },
    { name: text.failed, value: count(totals.failures) },
  ];
  return (
    <dl class="totals" aria-label={text.label}>
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt class="soft">{name}</dt>
          <dd class="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

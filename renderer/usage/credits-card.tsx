import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { StackedColumns, type Series, type TimeStep } from '../components/charts/stacked-columns.tsx';
import { mostSeries } from '../components/charts/swatch.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { Segmented } from '../components/segmented.tsx';
import { Table } from '../components/table.tsx';
import { shortCount } from '../format/amount.ts';
import { credits, exactCredits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { accountName } from './account-name.ts';
import { seriesOf, totalsOf, type Range, type Split, type UsageChart } from './chart-data.ts';
import { timeSteps } from './time-steps.ts';

const splits = ['account', 'model', 'key'] as const;

/** Credits over time, stacked by account, model or key. */
export function CreditsCard({ chart, range }: { readonly chart: UsageChart; readonly range: Range }) {
  const text = words.usage.credits;
  const [split, setSplit] = useState<Split>('account');
  const nameOf = split === 'account' ? accountName : (name: string) => name;
  const series = seriesOf(chart.buckets, split, mostSeries, text.other, nameOf);
  const steps = timeSteps(chart);
  const isHours = range === '24h';
  return (
    <Card
      title={isHours ? text.titleByHour : text.titleByDay}
      detail={summary(chart, steps, range)}
      actions={
        <Segmented
          label={words.usage.by.label}
          value={split}
          choices={splits.map((value) => ({ value, text: words.usage.by[value] }))}
          onChange={setSplit}
        />
      }
    >
      <figure>
        <StackedColumns
          label={text.chart}
          steps={steps}
          series={series}
          format={(value) => (value < 1000 ? credits(value) : shortCount(value))}
          formatExact={exactCredits}
          totalName={text.total}
          legendName={words.usage.series}
        />
        <Disclosure summary={words.usage.showTable}>
          <CreditsTable steps={steps} series={series} isHours={isHours} />
        </Disclosure>
      </figure>
    </Card>
  );
}

/** What the picture shows, in a sentence. */
function summary({ buckets }: UsageChart, steps: readonly TimeStep[], range: Range): string {
  const text = words.usage.credits;
  const total = totalsOf(buckets).credits;
  const when = words.usage.spokenRanges[range];
  const most = Math.max(...buckets.map((bucket) => bucket.credits));
  const step = steps[buckets.findIndex((bucket) => bucket.credits === most)];
  if (total === 0 || !step) return text.none(when);
  return text.summary(credits(total), when, credits(most), step.title);
}

function CreditsTable(props: {
  readonly steps: readonly TimeStep[];
  readonly series: readonly Series[];
  readonly isHours: boolean;
}) {
  const text = words.usage.credits;
  const rows = props.steps.map((step, index) => ({ step, index })).toReversed();
  return (
    <Table
      caption={text.table}
      isCaptionHidden
      rows={rows}
      keyOf={({ step }) => String(step.at)}
      columns={[
        { id: 'time', title: props.isHours ? text.time.hour : text.time.day, cell: ({ step }) => step.title },
        ...props.series.map(({ name, values }) => ({
          id: `part-${name}`,
          title: name,
          isNumber: true,
          cell: ({ index }: { readonly index: number }) => exactCredits(values[index] ?? 0),
        })),
        {
          id: 'total',
          title: text.total,
          isNumber: true,
          cell: ({ index }) => exactCredits(props.series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0)),
        },
      ]}
    />
  );
}

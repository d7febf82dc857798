import { Card } from '../components/card.tsx';
import type { TimeStep } from '../components/charts/stacked-columns.tsx';
import { Trend } from '../components/charts/trend.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { Table } from '../components/table.tsx';
import { duration, percent } from '../format/amount.ts';
import { words } from '../messages/words.ts';
import type { UsageChart } from './chart-data.ts';
import { timeSteps } from './time-steps.ts';

type Value = { readonly mean: number; readonly extreme: number } | null;

/** How fast the first token came, and how full the context window was. */
export function MeasureCards({ chart }: { readonly chart: UsageChart }) {
  const text = words.usage;
  const steps = timeSteps(chart);
  return (
    <div class="measures">
      <MeasureCard
        text={{ ...text.latency, extreme: text.latency.slowest }}
        steps={steps}
        values={chart.buckets.map(({ firstTokenMs: known }) => known && { mean: known.mean, extreme: known.slowest })}
        format={duration}
      />
      <MeasureCard
        text={{ ...text.context, extreme: text.context.fullest }}
        steps={steps}
        values={chart.buckets.map(({ contextPercent: known }) => known && { mean: known.mean, extreme: known.fullest })}
        format={percent}
        max={100}
      />
    </div>
  );
}

function MeasureCard(props: {
  readonly text: {
    readonly title: string;
    readonly mean: string;
    readonly extreme: string;
    readonly table: string;
    readonly none: string;
    readonly noValue: string;
    readonly summary: (mean: string, extreme: string) => string;
  };
  readonly steps: readonly TimeStep[];
  readonly values: readonly Value[];
  readonly format: (value: number) => string;
  readonly max?: number;
}) {
  const { text, values, format } = props;
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0) return <Card title={text.title}>{text.none}</Card>;
  const mean = known.reduce((sum, value) => sum + value.mean, 0) / known.length;
  const extreme = Math.max(...known.map((value) => value.extreme));
  const rows = props.steps.flatMap((step, index) => {
    const value = values[index] ?? null;
    return value === null ? [] : [{ step, value }];
  });
  return (
    <Card title={text.title} detail={text.summary(format(mean), format(extreme))}>
      <figure>
        <Trend
          label={text.title}
          steps={props.steps}
          values={values}
          format={format}
          meanName={text.mean}
          extremeName={text.extreme}
          noValue={text.noValue}
          legendName={words.usage.series}
          {...(props.max === undefined ? {} : { max: props.max })}
        />
        <Disclosure summary={words.usage.showTable}>
          <Table
            caption={text.table}
            isCaptionHidden
            rows={rows.toReversed()}
            keyOf={({ step }) => String(step.at)}
            columns={[
              { id: 'time', title: words.usage.time, cell: ({ step }) => step.title },
              { id: 'mean', title: text.mean, isNumber: true, cell: ({ value }) => format(value.mean) },
              { id: 'extreme', title: text.extreme, isNumber: true, cell: ({ value }) => format(value.extreme) },
            ]}
          />
        </Disclosure>
      </figure>
    </Card>
  );
}

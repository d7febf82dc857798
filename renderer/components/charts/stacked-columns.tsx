import { stack } from 'd3-shape';
import { useId } from 'preact/hooks';
import { ChartFrame } from './chart-frame.tsx';
import { patternOf, Patterns, Swatch } from './swatch.tsx';

export interface Series {
  readonly name: string;
  /** One value a step. */
  readonly values: readonly number[];
}

export interface TimeStep {
  readonly at: number;
  readonly label: string;
  /** The step's time in full. */
  readonly title: string;
}

/** What was spent over time, stacked by what it was spent on, with a legend that names each part. */
export function StackedColumns(props: {
  readonly label: string;
  readonly steps: readonly TimeStep[];
  readonly series: readonly Series[];
  /** On the axis. */
  readonly format: (value: number) => string;
  /** In tips and for screen readers. */
  readonly formatExact: (value: number) => string;
  readonly totalName: string;
  readonly legendName: string;
}) {
  const id = useId();
  const { series } = props;
  const totals = props.steps.map((_, step) => series.reduce((sum, { values }) => sum + (values[step] ?? 0), 0));
  const layers = stack<number, number>()
    .keys(series.map((_, index) => index))
    .value((step, index) => series[index]?.values[step] ?? 0)(props.steps.map((_, step) => step));
  const parts = (step: number) =>
    series.flatMap(({ name, values }, index) =>
      (values[step] ?? 0) > 0 ? [{ name, index, value: values[step] ?? 0 }] : [],
    );
  return (
    <>
      <ul class="legend" aria-label={props.legendName}>
        {series.map(({ name }, index) => (
          <li key={name}>
            <Swatch id={id} series={index} />
            {name}
          </li>
        ))}
      </ul>
      <svg class="chart-defs" aria-hidden="true" focusable="false">
        <Patterns id={id} />
      </svg>
      <ChartFrame
        label={props.label}
        max={Math.max(0, ...totals)}
        format={props.format}
        steps={props.steps.map(({ at, label, title }, step) => ({
          at,
          label,
          spoken: [
            `${title}: ${props.formatExact(totals[step] ?? 0)}`,
            ...parts(step).map(({ name, value }) => `${name} ${props.formatExact(value)}`),
          ].join(', '),
          tip: (
            <>
              <p class="strong">{title}</p>
              <dl class="tip-values">
                {parts(step)
                  .toReversed()
                  .map(({ name, index, value }) => (
                    <div key={name}>
                      <dt>
                        <Swatch id={id} series={index} />
                        {name}
                      </dt>
                      <dd class="number">{props.formatExact(value)}</dd>
                    </div>
                  ))}
                <div class="strong">
                  <dt>{props.totalName}</dt>
                  <dd class="number">{props.formatExact(totals[step] ?? 0)}</dd>
                </div>
              </dl>
            </>
          ),
        }))}
      >
        {(plot) => {
          const width = Math.max(1, Math.min(28, plot.step * 0.72));
          return layers.map((layer) =>
            layer.map(([from, to], step) =>
              to > from ? (
                <rect
                  key={`${layer.key}-${step}`}
                  class="chart-part"
                  x={plot.x(step) + (plot.step - width) / 2}
                  y={plot.y(to)}
                  width={width}
                  height={Math.max(0.5, plot.y(from) - plot.y(to))}
                  fill={patternOf(id, layer.key)}
                />
              ) : null,
            ),
          );
        }}
      </ChartFrame>
    </>
  );
}

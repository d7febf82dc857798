import { line } from 'd3-shape';
import { ChartFrame } from './chart-frame.tsx';
import type { TimeStep } from './stacked-columns.tsx';

/** A mean as a line, and the extreme of each step as a mark above it. Steps without a value leave a gap. */
export function Trend(props: {
  readonly label: string;
  readonly steps: readonly TimeStep[];
  readonly values: readonly ({ readonly mean: number; readonly extreme: number } | null)[];
  readonly max?: number;
  readonly format: (value: number) => string;
  readonly meanName: string;
  readonly extremeName: string;
  readonly noValue: string;
  readonly legendName: string;
}) {
  const known = props.values.flatMap((value) => (value === null ? [] : [value.extreme]));
  return (
    <>
      <ul class="legend" aria-label={props.legendName}>
        <li>
          <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <path class="trend-line" d="M0 6h12" />
          </svg>
          {props.meanName}
        </li>
        <li>
          <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <circle class="trend-mark" cx="6" cy="6" r="3" />
          </svg>
          {props.extremeName}
        </li>
      </ul>
      <ChartFrame
        label={props.label}
        max={props.max ?? Math.max(0, ...known)}
        format={props.format}
        steps={props.steps.map(({ at, label, title }, step) => {
          const value = props.values[step] ?? null;
          const parts =
            value === null
              ? []
              : [
                  [props.meanName, props.format(value.mean)],
                  [props.extremeName, props.format(value.extreme)],
                ];
          return {
            at,
            label,
            spoken: `${title}: ${parts.length === 0 ? props.noValue : parts.map((part) => part.join(' ')).join(', ')}`,
            tip: (
              <>
                <p class="strong">{title}</p>
                {parts.length === 0 && <p class="soft">{props.noValue}</p>}
                <dl class="tip-values">
                  {parts.map(([name, text]) => (
                    <div key={name}>
                      <dt>{name}</dt>
                      <dd class="number">{text}</dd>
                    </div>
                  ))}
                </dl>
              </>
            ),
          };
        })}
      >
        {(plot) => {
          const middle = (step: number): number => plot.x(step) + plot.step / 2;
          const path = line<(typeof props.values)[number]>()
            .defined((value) => value !== null)
            .x((_, step) => middle(step))
            .y((value) => plot.y(value?.mean ?? 0));
          return (
            <>
              <path class="trend-line" d={path(props.values) ?? ''} />
              {props.values.map((value, step) =>
                value === null ? null : (
                  <g key={props.steps[step]?.at ?? step}>
                    {isAlone(props.values, step) && (
                      <circle class="trend-point" cx={middle(step)} cy={plot.y(value.mean)} r="2" />
                    )}
                    <circle class="trend-mark" cx={middle(step)} cy={plot.y(value.extreme)} r="2.5" />
                  </g>
                ),
              )}
            </>
          );
        }}
      </ChartFrame>
    </>
  );
}

/** A line needs two ends: a value between two gaps gets a point. */
function isAlone(values: readonly (object | null)[], step: number): boolean {
  return (values[step - 1] ?? null) === null && (values[step + 1] ?? null) === null;
}

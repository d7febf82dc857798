import { scaleBand, scaleLinear } from 'd3-scale';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { useWidth } from './use-width.ts';

/** One step of the time axis. */
export interface Step {
  readonly at: number;
  /** Under the axis, when there is room: `12 Nov`. */
  readonly label: string;
  /** Everything about this step in words, for a screen reader. */
  readonly spoken: string;
  /** What the tip says, line by line. */
  readonly tip: ComponentChildren;
}

/** Where things go: `x` is the left of a step by its index, `y` the height of a value, in CSS pixels. */
export interface Plot {
  readonly x: (index: number) => number;
  readonly step: number;
  readonly y: (value: number) => number;
  readonly bottom: number;
}

const height = 180;
const margin = { top: 8, right: 10, bottom: 22 };
/** Between the axis and what it says. */
const gap = 8;
const labelRoom = 72;
/** As wide as a letter of a label is at most on average. */
const letter = 6.75;

/**
 * Axes, grid and the values of a chart over time. Steps can be walked with the arrow keys, and each says its values; what is
 * drawn between the axes comes from `children`.
 * @param label names the chart
 * @param max the highest value, in the unit that `format` writes
 */
export function ChartFrame(props: {
  readonly label: string;
  readonly steps: readonly Step[];
  readonly max: number;
  readonly format: (value: number) => string;
  readonly children: (plot: Plot) => ComponentChildren;
}) {
  const [place, width] = useWidth<HTMLDivElement>();
  const [shown, setShown] = useState<number | undefined>(undefined);
  const [current, setCurrent] = useState(props.steps.length - 1);
  const svg = useRef<SVGSVGElement>(null);
  const at = Math.min(current, props.steps.length - 1);

  const bottom = height - margin.bottom;
  const y = scaleLinear()
    .domain([0, props.max === 0 ? 1 : props.max])
    .nice(4)
    .range([bottom, margin.top]);
  const ticks = y.ticks(4).map((value) => ({ value, label: props.format(value) }));
  // One letter more, since a unit such as % is wider than most.
  const left = gap + letter * (1 + Math.max(...ticks.map(({ label }) => label.length)));
  const x = scaleBand<number>()
    .domain(props.steps.map((_, index) => index))
    .range([left, Math.max(left + 1, width - margin.right)]);
  const plot: Plot = { x: (index) => x(index) ?? 0, step: x.bandwidth(), y: (value) => y(value), bottom };
  const middle = (index: number): number => plot.x(index) + plot.step / 2;
  const every = Math.max(1, Math.ceil((props.steps.length * labelRoom) / Math.max(1, width - left)));
  /** The last one whose label is not cut off; the others follow at even distances. */
  const lastLabelled = props.steps.findLastIndex(
    ({ label }, index) => middle(index) + (letter * label.length) / 2 <= width,
  );

  const walk = (event: KeyboardEvent): void => {
    const last = props.steps.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') setShown(undefined);
    if (to === undefined || to < 0 || to > last) return;
    event.preventDefault();
    setCurrent(to);
    svg.current?.querySelector<SVGElement>(`[data-step="${to}"]`)?.focus();
  };
  const step = shown === undefined ? undefined : props.steps[shown];
  return (
    <div class="chart" ref={place} onMouseLeave={() => setShown(undefined)}>
      {width > 0 && (
        <svg
          ref={svg}
          class="chart-svg"
          width={width}
          height={height}
          role="group"
          aria-label={props.label}
          onKeyDown={walk}
        >
          <g aria-hidden="true">
            {ticks.map(({ value, label }) => (
              <g key={value}>
                <line class="chart-grid" x1={left} x2={width} y1={y(value)} y2={y(value)} />
                <text class="chart-tick" x={left - gap} y={y(value)} dy="0.32em" text-anchor="end">
                  {label}
                </text>
              </g>
            ))}
            {props.steps.map((each, index) =>
              index <= lastLabelled && (lastLabelled - index) % every === 0 ? (
                <text key={each.at} class="chart-tick" x={middle(index)} y={height - 5} text-anchor="middle">
                  {each.label}
                </text>
              ) : null,
            )}
            {shown !== undefined && (
              <rect
                class="chart-band"
                x={plot.x(shown)}
                y={margin.top}
                width={plot.step}
                height={bottom - margin.top}
              />
            )}
            {props.children(plot)}
          </g>
          {props.steps.map((each, index) => (
            <rect
              key={each.at}
              class="chart-step"
              data-step={index}
              x={plot.x(index)}
              y={margin.top}
              width={plot.step}
              height={bottom - margin.top}
              role="img"
              aria-label={each.spoken}
              tabIndex={index === at ? 0 : -1}
              onFocus={() => {
                setCurrent(index);
                setShown(index);
              }}
              onBlur={() => setShown(undefined)}
              onMouseEnter={() => setShown(index)}
            />
          ))}
        </svg>
      )}
      {step && shown !== undefined && (
        <div
          class={plot.x(shown) > width / 2 ? 'chart-tip before' : 'chart-tip'}
          style={{ '--at': `${plot.x(shown) + (plot.x(shown) > width / 2 ? 0 : plot.step)}px` }}
          aria-hidden="true"
        >
          {step.tip}
        </div>
      )}
    </div>
  );
}

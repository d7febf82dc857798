import { figure as figureText } from '../proofs/page.ts';
import { figures, type Figure, type Goal } from './figures.ts';
import { median } from './statistics.ts';
import { kiroPoolName, yardstick } from './targets.ts';

/** What every contender measured: by name, by figure, one value a round. */
export type Samples = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** One figure of one contender, over all rounds. */
export interface Result {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** Median of the rounds' ratios to the pass-through of the same round; NaN where there is none. */
  readonly ratio: number;
  /** The least and the most of those ratios. */
  readonly ratioRange: readonly [number, number];
}

export interface ReportRow {
  readonly figure: Figure;
  readonly results: Readonly<Record<string, Result>>;
}

/** Everything that was measured, a row a figure. */
export function rowsOf(samples: Samples): ReportRow[] {
  const names = [...samples.keys()];
  const rows = figures.map((figure) => ({
    figure,
    results: Object.fromEntries(
      names.flatMap((name) => {
        const result = resultOf(samples, name, figure);
        return result ? [[name, result]] : [];
      }),
    ),
  }));
  return rows.filter(({ results }) => Object.keys(results).length > 0);
}

/** Whether a goal is reached; undefined where there is none or nothing to compare with. */
export function isReached(goal: Goal | undefined, { median, ratio }: Result): boolean | undefined {
  if (!goal) return undefined;
  if (goal.atMost !== undefined) return median <= goal.atMost;
  if (goal.orAtMost !== undefined && median <= goal.orAtMost) return true;
  if (goal.ratio === undefined || Number.isNaN(ratio)) return undefined;
  return goal.isFloor === true ? ratio >= goal.ratio : ratio <= goal.ratio;
}

/** The table for a person: median (least to most) and the ratio of each contender, and the goal. */
export function tableOf(rows: readonly ReportRow[]): string {
  const names = [...new Set(rows.flatMap(({ results }) => Object.keys(results)))];
  const cells = [
    ['figure', ...names, 'goal'],
    ...rows.map(({ figure, results }) => [
      figure.title,
      ...names.map((name) => cellOf(figure, results[name], name)),
      goalText(figure.goal),
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function resultOf(samples: Samples, name: string, figure: Figure): Result | undefined {
  const values = valuesOf(samples, name, figure.id);
  if (values.every((value) => Number.isNaN(value))) return undefined;
  const ratioOf = figure.ratioOf ?? figure.id;
  const base = name === yardstick ? [] : valuesOf(samples, yardstick, ratioOf);
  const ratios = valuesOf(samples, name, ratioOf).flatMap((value, round) => {
    const yard = base[round];
    return yard === undefined || yard <= 0 ? [] : [value / yard];
  });
  return {
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    ratio: median(ratios),
    ratioRange: [Math.min(...ratios), Math.max(...ratios)],
  };
}

function valuesOf(samples: Samples, name: string, id: string): readonly number[] {
  return samples.get(name)?.get(id) ?? [];
}

function cellOf(figure: Figure, result: Result | undefined, name: string): string {
  if (!result) return '-';
  const ratio = Number.isNaN(result.ratio) ? '' : ` ${ratioText(result.ratio)}`;
  const mark = { true: ' ok', false: ' MISSED', undefined: '' }[`${judged(figure, result, name)}`];
  return `${spreadText(figure, result)}${ratio}${mark}`;
}

/** The median, with the least and the most. */
export function spreadText({ digits }: Figure, { median, least, most }: Result): string {
  return `${figureText(median, digits)} (${figureText(least, digits)}-${figureText(most, digits)})`;
}

/** `1.25x` */
export function ratioText(ratio: number): string {
  return `${figureText(ratio, ratio < 100 ? 2 : 0)}x`;
}

function judged(figure: Figure, result: Result, name: string): boolean | undefined {
  return name === kiroPoolName ? isReached(figure.goal, result) : undefined;
}

/** What is to be reached, as `<= 1.25x`; empty where nothing is. */
export function goalText(goal: Goal | undefined): string {
  if (!goal) return '';
  if (goal.atMost !== undefined) return `<= ${goal.atMost}`;
  const ratio = `${goal.isFloor === true ? '>=' : '<='} ${goal.ratio ?? ''}x`;
  return goal.orAtMost === undefined ? ratio : `${ratio} or ${goal.orAtMost}`;
}

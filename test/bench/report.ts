import { figures, type Figure, type Goal } from './figures.ts';
import { median } from './statistics.ts';
import { yardstick } from './targets.ts';

/** What every contender measured: by name, by figure, one value a round. */
export type Samples = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** One figure of one contender, over all rounds. */
export interface Result {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** Median of the rounds' ratios to the pass-through of the same round; NaN where there is none. */
  readonly ratio: number;
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
  const values = valuesOf(samples, name, figure);
  if (values.every((value) => Number.isNaN(value))) return undefined;
  const base = name === yardstick ? [] : valuesOf(samples, yardstick, figure);
  const ratios = values.flatMap((value, round) => {
    const yard = base[round];
    return yard === undefined || yard <= 0 ? [] : [value / yard];
  });
  return { median: median(values), least: Math.min(...values), most: Math.max(...values), ratio: median(ratios) };
}

function valuesOf(samples: Samples, name: string, { id }: Figure): readonly number[] {
  return samples.get(name)?.get(id) ?? [];
}

function cellOf(figure: Figure, result: Result | undefined, name: string): string {
  if (!result) return '-';
  const text = (value: number): string => grouped(value.toFixed(figure.digits));
  const ratio = Number.isNaN(result.ratio) ? '' : ` ${result.ratio.toFixed(2)}x`;
  const mark = { true: ' ok', false: ' MISSED', undefined: '' }[`${judged(figure, result, name)}`];
  return `${text(result.median)} (${text(result.least)}-${text(result.most)})${ratio}${mark}`;
}

function judged(figure: Figure, result: Result, name: string): boolean | undefined {
  return name === 'kiro-pool' ? isReached(figure.goal, result) : undefined;
}

function goalText(goal: Goal | undefined): string {
  if (!goal) return '';
  if (goal.atMost !== undefined) return `<= ${goal.atMost}`;
  const ratio = `${goal.isFloor === true ? '>=' : '<='} ${goal.ratio ?? ''}x`;
  return goal.orAtMost === undefined ? ratio : `${ratio} or ${goal.orAtMost}`;
}

function grouped(number: string): string {
  return number.replace(/^\d{4,}/, (whole) => whole.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ','));
}

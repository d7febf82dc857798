import { dayOf } from './daily-sums.ts';
import type { RequestRow } from './request-row.ts';

/** The tables of sums: one row for each day or hour, account, model and key. */
export type RollUpTable = 'days' | 'hours';

export const hourMs = 3_600_000;

/** What is added up for each request, in the order of {@link rollUpValues}. */
const sums = ['credits', 'requests', 'inputTokens', 'outputTokens', 'failures'] as const;
const spans = ['firstTokenSum', 'firstTokenCount', 'contextSum', 'contextCount'] as const;
const peaks = ['firstTokenMax', 'contextMax'] as const;

/** Adds one request to its row of a table; takes what {@link rollUpValues} gives. */
export function rollUpSql(table: RollUpTable): string {
  const added = [...sums, ...spans];
  const columns = [bucketColumn(table), 'account', 'model', 'key', ...added, ...peaks];
  return `
    INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${bucketColumn(table)}, account, model, key) DO UPDATE SET
      ${added.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')},
      ${peaks.map((column) => `${column} = max(${column}, excluded.${column})`).join(', ')}`;
}

export function rollUpValues(table: RollUpTable, row: RequestRow): (string | number)[] {
  const { at, account, model, key, credits, inputTokens, outputTokens, firstTokenMs, contextPercent } = row;
  return [
    table === 'days' ? dayOf(at) : at - (at % hourMs),
    account ?? '',
    model,
    key,
    credits ?? 0,
    1,
    inputTokens ?? 0,
    outputTokens ?? 0,
    isFailure(row) ? 1 : 0,
    firstTokenMs ?? 0,
    firstTokenMs === null ? 0 : 1,
    contextPercent ?? 0,
    contextPercent === null ? 0 : 1,
    firstTokenMs ?? 0,
    contextPercent ?? 0,
  ];
}

export function bucketColumn(table: RollUpTable): 'day' | 'hour' {
  return table === 'days' ? 'day' : 'hour';
}

/**
 * How a request may end that is no failure: it was served, its client left or asked for what cannot be, or the user had us stop.
 * The migration that began the sums has this list as it was then.
 */
const ends: ReadonlySet<string> = new Set([
  'served',
  'ok',
  'client-left',
  'invalid-request',
  'wrong-key',
  'forbidden',
  'route-not-found',
  'method-not-allowed',
  'body-too-large',
  'model-not-found',
  'response-not-found',
  'context-overflow',
  'paused',
  'shutting-down',
]);

/** Whether a request failed through no choice of the client or the user. */
function isFailure({ outcome }: Pick<RequestRow, 'outcome'>): boolean {
  return !ends.has(outcome);
}

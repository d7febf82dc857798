import * as v from 'valibot';

/**
 * One request as it is kept (DESIGN §8, `requests`). Times are epoch ms or ms, credits and percent are what Kiro
 * reported.
 */
export type RequestRow = {
  id: string;
  /** When it came in. */
  at: number;
  /** Name of the local API key. */
  key: string;
  session: string | null;
  model: string;
  /** Id of the account that served it; null when none could. */
  account: string | null;
  /** Calls to Kiro that it took. */
  sends: number;
  /** `served`, `client-left`, or the code of the error. */
  outcome: string;
  /** Each account that was looked at, and why it was chosen or not. */
  decision: readonly Decision[];
  credits: number | null;
  /** 0-100. */
  contextPercent: number | null;
  /** Estimates; Kiro reports no tokens. */
  inputTokens: number | null;
  outputTokens: number | null;
  firstTokenMs: number | null;
  totalMs: number | null;
};

type Decision = { account: string; chosen: boolean; reason: string };

/** An account's change of state, with its reason in words. */
export type StateChange = { at: number; account: string; from: string; to: string; reason: string };

type SqlValue = string | number | null;

/** The columns of `requests`, in the order of {@link toColumns}. */
export const requestColumns = [
  'id',
  'at',
  'key',
  'session',
  'model',
  'account',
  'sends',
  'outcome',
  'decision',
  'credits',
  'contextPercent',
  'inputTokens',
  'outputTokens',
  'firstTokenMs',
  'totalMs',
] as const;

/** A row in the order of the columns, as SQLite takes it. */
export function toColumns(row: RequestRow): SqlValue[] {
  return requestColumns.map((column) => (column === 'decision' ? JSON.stringify(row.decision) : row[column]));
}

/** The row with every number that is none (NaN, infinite) as unknown: one odd row must not hold up those behind it. */
export function withSoundNumbers(row: RequestRow): RequestRow {
  return {
    ...row,
    at: soundOr(row.at, 0),
    sends: soundOr(row.sends, 0),
    credits: soundOr(row.credits, null),
    contextPercent: soundOr(row.contextPercent, null),
    inputTokens: soundOr(row.inputTokens, null),
    outputTokens: soundOr(row.outputTokens, null),
    firstTokenMs: soundOr(row.firstTokenMs, null),
    totalMs: soundOr(row.totalMs, null),
  };
}

function soundOr<T>(value: number | null, instead: T): number | T {
  return value !== null && Number.isFinite(value) ? value : instead;
}

/** Reads a row of `requests`; undefined for one that is not what we write. */
export function fromColumns(columns: unknown): RequestRow | undefined {
  const parsed = v.safeParse(storedSchema, columns);
  return parsed.success ? parsed.output : undefined;
}

const text = v.nullable(v.string());
const number = v.nullable(v.number());
const decisionSchema = v.array(v.object({ account: v.string(), chosen: v.boolean(), reason: v.string() }));

const storedSchema = v.object({
  id: v.string(),
  at: v.number(),
  key: v.string(),
  session: text,
  model: v.string(),
  account: text,
  sends: v.number(),
  outcome: v.string(),
  decision: v.fallback(v.pipe(v.string(), v.parseJson(), decisionSchema), []),
  credits: number,
  contextPercent: number,
  inputTokens: number,
  outputTokens: number,
  firstTokenMs: number,
  totalMs: number,
});

export const stateChangeSchema = v.object({
  at: v.number(),
  account: v.string(),
  from: v.string(),
  to: v.string(),
  reason: v.string(),
});

/** What Kiro told about an account's credits at a moment. `at` and `resetAt` in epoch ms, amounts in credits. */
export type UsageSnapshot = v.InferOutput<typeof usageSnapshotSchema>;
export const usageSnapshotSchema = v.object({
  at: v.number(),
  account: v.string(),
  used: v.number(),
  limit: v.number(),
  extra: v.number(),
  resetAt: v.nullish(v.number()),
});

import * as v from 'valibot';
import { nullableNumber, nullableString } from './scalars.ts';
import { overage } from './accounts.ts';
import type { Contract } from './shape.ts';

const dayCredits = v.object({ day: v.string(), credits: v.number(), requests: v.number() });
const nameCredits = v.object({ name: v.string(), credits: v.number(), requests: v.number() });

export const pace = {
  /** Credits a day through us, at the pace of the last week. */
  perDay: v.number(),
  /** When the credits run out at that pace; null when they last to their reset, or nothing is spent. */
  runsOutAt: nullableNumber,
};

export const request = v.object({
  id: v.string(),
  at: v.number(),
  key: v.string(),
  session: nullableString,
  model: v.string(),
  account: nullableString,
  sends: v.number(),
  outcome: v.string(),
  decision: v.pipe(v.array(v.object({ account: v.string(), chosen: v.boolean(), reason: v.string() })), v.readonly()),
  credits: nullableNumber,
  contextPercent: nullableNumber,
  /** Estimates in so far as Kiro reported none. */
  inputTokens: nullableNumber,
  outputTokens: nullableNumber,
  firstTokenMs: nullableNumber,
  totalMs: nullableNumber,
});

const days = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650, 'It must be at most 3650.'));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000, 'It must be at most 10000.'));

const shares = v.array(v.object({ name: v.string(), credits: v.number() }));

/** One column of the charts: an hour or a UTC day that begins at `at`. */
const bucket = v.object({
  at: v.number(),
  credits: v.number(),
  requests: v.number(),
  /** Requests that failed through no choice of the client. */
  failures: v.number(),
  /** By account id, model and key; what is zero is left out. */
  byAccount: shares,
  byModel: shares,
  byKey: shares,
  /** Time to the first token in ms, of the requests that had one. */
  firstTokenMs: v.nullable(v.object({ mean: v.number(), slowest: v.number() })),
  /** How full the context window was, in percent 0-100. */
  contextPercent: v.nullable(v.object({ mean: v.number(), fullest: v.number() })),
});

/** What was spent, and on what. */
export const usageQuestions = {
  usage: {
    input: v.object({ days }),
    output: v.object({
      accounts: v.array(
        v.object({
          id: v.string(),
          label: v.string(),
          credits: nullableNumber,
          limit: nullableNumber,
          resetAt: nullableNumber,
          plan: nullableString,
          byDay: v.array(dayCredits),
          left: nullableNumber,
          overage,
          ...pace,
        }),
      ),
      pool: v.object({
        credits: v.number(),
        /** Null when an account's limit is not known or it has none. */
        limit: nullableNumber,
        byModel: v.array(nameCredits),
        byKey: v.array(nameCredits),
        left: nullableNumber,
        ...pace,
      }),
    }),
  },
  /** What the charts show: hours for a day, else UTC days, without gaps, the newest last. */
  'usage.chart': {
    input: v.object({ range: v.picklist(['24h', '7d', '30d', '90d']) }),
    output: v.object({ bucketMs: v.number(), buckets: v.array(bucket) }),
  },
  requests: { input: v.object({ last: count }), output: v.array(request) },
} as const satisfies Contract;

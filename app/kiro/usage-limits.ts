import * as v from 'valibot';

/** What Kiro says about an account's credits (protocol §6.2). Times are epoch milliseconds, amounts credits. */
export interface UsageLimits {
  /** The plan's title as Kiro spells it, such as `KIRO PRO`. */
  readonly plan: string | undefined;
  readonly email: string | undefined;
  readonly userId: string | undefined;
  /** Used of the plan's credits; more than `limit` when overage was spent. */
  readonly used: number;
  readonly limit: number;
  readonly isUnlimited: boolean;
  readonly resetAt: number | undefined;
  /** Trial and bonus credits that still count, apart from the plan's. */
  readonly extras: readonly ExtraCredits[];
  readonly overage: Overage;
}

export interface ExtraCredits {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly endsAt: number | undefined;
}

/** Spending beyond the plan. `isOn` is the switch at Kiro, which we never touch. */
export interface Overage {
  readonly isOn: boolean;
  readonly credits: number;
  readonly charges: number;
  readonly currency: string | undefined;
}

/** Credits left before the account is used up, trial and bonuses included; Infinity for a plan without a limit. */
export function headroom(limits: UsageLimits): number {
  return limits.isUnlimited ? Number.POSITIVE_INFINITY : left(limits) + extraHeadroom(limits);
}

/** Trial and bonus credits left. */
export function extraHeadroom(limits: UsageLimits): number {
  return limits.extras.reduce((sum, extra) => sum + left(extra), 0);
}

function left({ used, limit }: { readonly used: number; readonly limit: number }): number {
  return Math.max(0, limit - used);
}

/** Dates come as epoch seconds, often in exponent form, sometimes as ISO text. */
const date = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((value) => (typeof value === 'number' ? value * 1000 : Date.parse(value))),
);
const optionalDate = v.fallback(v.nullish(v.pipe(date, v.number())), undefined);
const amount = v.nullish(v.number());

const trialSchema = v.looseObject({
  freeTrialStatus: v.nullish(v.string()),
  freeTrialExpiry: optionalDate,
  currentUsage: amount,
  currentUsageWithPrecision: amount,
  usageLimit: amount,
  usageLimitWithPrecision: amount,
});

const bonusSchema = v.looseObject({
  displayName: v.nullish(v.string()),
  bonusCode: v.nullish(v.string()),
  status: v.nullish(v.string()),
  expiresAt: optionalDate,
  currentUsage: amount,
  usageLimit: amount,
});

const breakdownSchema = v.looseObject({
  resourceType: v.nullish(v.string()),
  currentUsage: amount,
  currentUsageWithPrecision: amount,
  usageLimit: amount,
  usageLimitWithPrecision: amount,
  currentOverages: amount,
  currentOveragesWithPrecision: amount,
  overageCharges: amount,
  currency: v.nullish(v.string()),
  nextDateReset: optionalDate,
  freeTrialInfo: v.nullish(trialSchema),
  bonuses: v.nullish(v.array(bonusSchema)),
});

const usageSchema = v.looseObject({
  nextDateReset: optionalDate,
  usageBreakdownList: v.nullish(v.array(breakdownSchema)),
  usageBreakdown: v.nullish(breakdownSchema),
  subscriptionInfo: v.nullish(v.looseObject({ subscriptionTitle: v.nullish(v.string()) })),
  overageConfiguration: v.nullish(v.looseObject({ overageStatus: v.nullish(v.string()) })),
  userInfo: v.nullish(v.looseObject({ email: v.nullish(v.string()), userId: v.nullish(v.string()) })),
});

type Breakdown = v.InferOutput<typeof breakdownSchema>;

/** Kiro's marker for "no limit" (protocol §6.2). */
const unlimited = 999_999;

/** Reads an answer of GetUsageLimits. @throws v.ValiError when it is none */
export function parseUsageLimits(body: unknown): UsageLimits {
  const usage = v.parse(usageSchema, body);
  const row = creditRow(usage.usageBreakdownList ?? []) ?? usage.usageBreakdown ?? undefined;
  const limit = row?.usageLimitWithPrecision ?? row?.usageLimit ?? 0;
  return {
    plan: usage.subscriptionInfo?.subscriptionTitle ?? undefined,
    email: usage.userInfo?.email ?? undefined,
    userId: usage.userInfo?.userId ?? undefined,
    used: row?.currentUsageWithPrecision ?? row?.currentUsage ?? 0,
    limit,
    isUnlimited: limit >= unlimited,
    resetAt: row?.nextDateReset ?? usage.nextDateReset ?? undefined,
    extras: row ? extrasOf(row) : [],
    overage: {
      isOn: usage.overageConfiguration?.overageStatus === 'ENABLED',
      credits: row?.currentOveragesWithPrecision ?? row?.currentOverages ?? 0,
      charges: row?.overageCharges ?? 0,
      currency: row?.currency ?? undefined,
    },
  };
}

/** By resource, never by position; the older plans' resources come after today's. */
function creditRow(rows: readonly Breakdown[]): Breakdown | undefined {
  for (const resource of ['CREDIT', 'AGENTIC_REQUEST', 'VIBE']) {
    const row = rows.find(({ resourceType }) => resourceType === resource);
    if (row) return row;
  }
  return rows[0];
}

function extrasOf(row: Breakdown): ExtraCredits[] {
  const extras: ExtraCredits[] = [];
  const trial = row.freeTrialInfo;
  if (trial?.freeTrialStatus === 'ACTIVE') {
    extras.push({
      name: 'Free trial',
      used: trial.currentUsageWithPrecision ?? trial.currentUsage ?? 0,
      limit: trial.usageLimitWithPrecision ?? trial.usageLimit ?? 0,
      endsAt: trial.freeTrialExpiry ?? undefined,
    });
  }
  for (const bonus of row.bonuses ?? []) {
    if (bonus.status !== 'ACTIVE') continue;
    extras.push({
      name: bonus.displayName ?? bonus.bonusCode ?? 'Bonus',
      used: bonus.currentUsage ?? 0,
      limit: bonus.usageLimit ?? 0,
      endsAt: bonus.expiresAt ?? undefined,
    });
  }
  return extras;
}

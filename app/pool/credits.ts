import type { CreditSnapshot, OverageConsent } from './account.ts';
import type { AccountEvent } from './account-state.ts';
import { nextUtcDay, quotaEndsAt } from './verdict.ts';

/** What bears on whether an account may spend more. Amounts are credits. */
export interface Budget {
  /** As Kiro last told. */
  readonly credits: CreditSnapshot | undefined;
  /** Metered since `credits` was read. */
  readonly spent: number;
  /** What the user allows beyond plan, trial and bonuses. */
  readonly consent: OverageConsent | undefined;
  /** Metered today (UTC) beyond them. */
  readonly overageToday: number;
}

/**
 * What a look at an account's credits means for it. Going on beyond the plan would be charged as overage where that is on at
 * Kiro, and money is never spent silently (DESIGN promise 4): it takes the user's word, Kiro's switch, and room under the
 * user's cap for the day. Requests that already run are not cut off. A plan whose size Kiro does not tell is not used up.
 * @param before the budget that was known until now
 */
export function creditEvent(before: Budget | undefined, after: Budget, now: number): AccountEvent | undefined {
  const end = endOf(after, now);
  if (end) return { type: 'quota-spent', ...end };
  if (!before?.credits || !after.credits) return undefined;
  // The counter lags behind a refusal, so only what was added or newly allowed ends one early.
  const isMore = isLimited(after.credits) && leftOf(after.credits, now) > leftOf(before.credits, now);
  const isAllowedNow = !mayGoBeyond(before) && mayGoBeyond(after);
  return isMore || isAllowedNow ? { type: 'credits-added' } : undefined;
}

/** Whether the account's next request would be charged as overage. */
export function isBeyondPlan({ credits, spent }: Pick<Budget, 'credits' | 'spent'>, now: number): boolean {
  if (!credits || !isLimited(credits) || isOutdated(credits, now)) return false;
  return leftOf(credits, now) - spent < leastCharge;
}

/** How much of a charge goes beyond plan, trial and bonuses. @param spent what was metered before it */
export function overagePart(credits: CreditSnapshot | undefined, spent: number, charge: number, now: number): number {
  if (!credits || !isLimited(credits) || isOutdated(credits, now)) return 0;
  return Math.max(0, charge - Math.max(0, leftOf(credits, now) - spent));
}

/** Credits left of plan, trial and bonuses; Infinity without a limit, undefined when Kiro does not tell the plan's size. */
export function creditsLeft(credits: CreditSnapshot, spent: number, now: number): number | undefined {
  if (credits.isUnlimited) return Number.POSITIVE_INFINITY;
  return credits.limit <= 0 || isOutdated(credits, now) ? undefined : Math.max(0, leftOf(credits, now) - spent);
}

/** Credits; no request costs less (protocol §10.2). */
const leastCharge = 0.01;

/** Why the account may spend nothing now and until when; undefined when it may. */
function endOf(budget: Budget, now: number): { resetAt: number; reason: string } | undefined {
  const { credits, consent } = budget;
  if (!credits || !isBeyondPlan(budget, now) || mayGoBeyond(budget)) return undefined;
  const resetAt = quotaEndsAt(credits.resetAt, now);
  const isOn = credits.overage?.isOn === true;
  if (consent?.isAllowed !== true) return { resetAt, reason: isOn ? `${usedUp} ${notAllowed}` : usedUp };
  if (!isOn) return { resetAt, reason: `${usedUp} ${offAtKiro}` };
  return {
    resetAt: Math.min(nextUtcDay(now), resetAt),
    reason: `Your cap of ${consent.dailyCap ?? 0} credits of overage a day is reached. Raise it with: kiro-pool accounts overage.`,
  };
}

/** The user's word, Kiro's switch, and room under the cap. */
function mayGoBeyond({ credits, consent, overageToday }: Budget): boolean {
  if (consent?.isAllowed !== true || credits?.overage?.isOn !== true) return false;
  return consent.dailyCap === undefined || overageToday < consent.dailyCap;
}

const usedUp = "This plan's credits are used up.";
const notAllowed = 'Kiro would charge more as overage, which you have not allowed: kiro-pool accounts overage.';
const offAtKiro =
  'You allow overage, but it is switched off at Kiro: switch it on in the settings of your Kiro account.';

function isLimited({ isUnlimited, limit }: CreditSnapshot): boolean {
  return !isUnlimited && limit > 0;
}

/** A counter that was read before the last reset says nothing about today. */
function isOutdated({ resetAt, at }: CreditSnapshot, now: number): boolean {
  if (resetAt !== undefined && resetAt > at) return resetAt <= now;
  const today = new Date(now);
  return at < Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1);
}

function leftOf({ used, limit, extra, extras }: CreditSnapshot, now: number): number {
  // A trial or a bonus may end between two looks.
  const open = extras?.filter(({ endsAt }) => endsAt === undefined || endsAt > now);
  const beside = open?.reduce((sum, each) => sum + Math.max(0, each.limit - each.used), 0) ?? extra;
  return Math.max(0, limit - used) + beside;
}

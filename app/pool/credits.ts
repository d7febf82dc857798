import type { CreditSnapshot } from './account.ts';
import type { AccountEvent } from './account-state.ts';
import { quotaEndsAt } from './verdict.ts';

/**
 * What a look at an account's credits means for it. Going on beyond the plan would be charged as overage where that is on at
 * Kiro, and money is never spent silently (DESIGN promise 4). A plan whose size Kiro does not tell is not used up.
 * @param spent credits that were metered since `after` was read
 */
export function creditEvent(
  before: CreditSnapshot | undefined,
  after: CreditSnapshot | undefined,
  now: number,
  spent = 0,
): AccountEvent | undefined {
  if (!after || after.isUnlimited || after.limit <= 0) return undefined;
  if (leftOf(after) - spent < leastCharge) {
    return {
      type: 'quota-spent',
      resetAt: quotaEndsAt(after.resetAt, now),
      reason: "This plan's credits are used up.",
    };
  }
  // The counter lags behind a refusal, so only credits that were added end it early.
  return before && leftOf(after) > leftOf(before) ? { type: 'credits-added' } : undefined;
}

/** Credits; no request costs less (protocol §10.2). */
const leastCharge = 0.01;

/** Credits left of plan, trial and bonuses; Infinity without a limit, undefined when Kiro does not tell the plan's size. */
export function creditsLeft(credits: CreditSnapshot, spent: number): number | undefined {
  if (credits.isUnlimited) return Number.POSITIVE_INFINITY;
  return credits.limit <= 0 ? undefined : Math.max(0, leftOf(credits) - spent);
}

function leftOf({ used, limit, extra }: CreditSnapshot): number {
  return Math.max(0, limit - used) + extra;
}

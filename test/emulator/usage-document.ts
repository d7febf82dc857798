import type { Account } from './accounts.ts';
import { round, type CreditPot } from './credits.ts';

const DAY_MS = 86_400_000;
const OVERAGE_RATE = 0.04;
const TITLES = { free: 'KIRO FREE', pro: 'KIRO PRO', 'pro-plus': 'KIRO PRO+', power: 'KIRO POWER' };

/** Account → the answer of getUsageLimits (protocol §6.2). Dates are epoch seconds; used credits include overage. */
export function usageDocument(account: Account, now: number, withEmail: boolean): object {
  const { meter } = account;
  const used = meter.shownUsed;
  const overages = round(Math.max(0, used - meter.limit));
  const cap = meter.isOverageCapable ? meter.overageCap : 0;
  const isFree = account.plan === 'free';
  return {
    limits: [],
    nextDateReset: meter.resetAt / 1000,
    daysUntilReset: Math.max(0, Math.ceil((meter.resetAt - now) / DAY_MS)),
    usageBreakdownList: [
      {
        resourceType: 'CREDIT',
        displayName: 'Credit',
        displayNamePlural: 'Credits',
        currentUsage: Math.floor(used),
        currentUsageWithPrecision: Math.round(used * 100) / 100,
        currentOverages: Math.floor(overages),
        currentOveragesWithPrecision: Math.round(overages * 100) / 100,
        usageLimit: Math.floor(meter.limit),
        usageLimitWithPrecision: meter.limit,
        unit: 'INVOCATIONS',
        overageCharges: Math.round(overages * OVERAGE_RATE * 100) / 100,
        currency: 'USD',
        overageRate: OVERAGE_RATE,
        nextDateReset: meter.resetAt / 1000,
        overageCap: cap,
        overageCapWithPrecision: cap,
        freeTrialInfo: meter.trial === undefined ? null : trialDocument(meter.trial, now),
        bonuses: meter.bonuses.map((bonus) => bonusDocument(bonus, now)),
      },
    ],
    subscriptionInfo: {
      type: isFree ? 'Q_DEVELOPER_STANDALONE_FREE' : 'Q_DEVELOPER_STANDALONE_PRO',
      subscriptionTitle: TITLES[account.plan],
      upgradeCapability: 'UPGRADE_CAPABLE',
      overageCapability: meter.isOverageCapable ? 'OVERAGE_CAPABLE' : 'OVERAGE_INCAPABLE',
      subscriptionManagementTarget: isFree ? 'PURCHASE' : 'MANAGE',
    },
    overageConfiguration: meter.isOverageEnabled
      ? { overageStatus: 'ENABLED', overageLimit: Math.round(cap * OVERAGE_RATE) }
      : { overageStatus: 'DISABLED' },
    userInfo: withEmail ? { userId: account.userId, email: account.email } : { userId: account.userId },
  };
}

function trialDocument(trial: CreditPot, now: number): object {
  return {
    freeTrialStatus: now < trial.expiresAt ? 'ACTIVE' : 'EXPIRED',
    freeTrialExpiry: trial.expiresAt / 1000,
    currentUsage: Math.floor(trial.used),
    currentUsageWithPrecision: trial.used,
    usageLimit: Math.floor(trial.limit),
    usageLimitWithPrecision: trial.limit,
  };
}

function bonusDocument(bonus: CreditPot, now: number): object {
  const status = now >= bonus.expiresAt ? 'EXPIRED' : bonus.used >= bonus.limit ? 'EXHAUSTED' : 'ACTIVE';
  return {
    bonusCode: bonus.code,
    displayName: 'Example bonus',
    description: 'Example',
    status,
    expiresAt: bonus.expiresAt / 1000,
    redeemedAt: (bonus.expiresAt - 45 * DAY_MS) / 1000,
    currentUsage: bonus.used,
    usageLimit: bonus.limit,
  };
}

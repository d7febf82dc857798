import type { CredentialKind } from '../auth/credential.ts';
import type { Account, Provenance } from './account.ts';
import { stateAt, type AccountState } from './account-state.ts';
import { creditsLeft } from './credits.ts';

/** One account for people and scripts: everything about it but its secrets (DESIGN §8). Times are epoch ms. */
export interface AccountSummary {
  readonly id: string;
  readonly label: string;
  readonly kind: CredentialKind;
  readonly provenance: Provenance;
  readonly email: string | null;
  readonly isVerified: boolean;
  readonly plan: string | null;
  readonly state: {
    readonly name: AccountState['name'];
    readonly until: number | null;
    readonly reason: string | null;
  };
  /** Null until Kiro has told. `limit` is null for a plan without one. */
  readonly credits: {
    readonly used: number;
    readonly limit: number | null;
    readonly resetAt: number | null;
    /** Of plan, trial and bonuses together; null without a limit, or when Kiro does not tell. */
    readonly left: number | null;
    /** Trial and bonus credits beside the plan's. */
    readonly extras: readonly ExtraSummary[];
  } | null;
  readonly overage: OverageSummary;
  readonly pinned: boolean;
  /** Requests that it serves right now. */
  readonly inFlight: number;
  readonly lastUsedAt: number | null;
}

interface ExtraSummary {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
  readonly endsAt: number | null;
}

/** Spending beyond the plan: what the user allows, and what Kiro reports. */
interface OverageSummary {
  readonly isAllowed: boolean;
  /** Credits a day (UTC); null for no cap. */
  readonly dailyCap: number | null;
  /** Metered today through us. */
  readonly today: number;
  /** The switch at Kiro; null until Kiro has told. */
  readonly isOnAtKiro: boolean | null;
  /** Since the last reset, as Kiro reports. */
  readonly credits: number;
  readonly charges: number;
  readonly currency: string | null;
}

interface SummaryContext {
  readonly now: number;
  /** Credits spent since Kiro's counter was read. */
  readonly spent: number;
  readonly overageToday: number;
  readonly lastUsedAt: number | undefined;
  readonly pinned: boolean;
  readonly inFlight: number;
}

export function summarize(account: Account, more: SummaryContext): AccountSummary {
  const state = stateAt(account.state, more.now);
  const { credits } = account;
  return {
    id: account.id,
    label: account.label,
    kind: account.credential.kind,
    provenance: account.provenance,
    email: account.email ?? null,
    isVerified: account.isVerified,
    plan: account.plan ?? null,
    state: {
      name: state.name,
      until: 'until' in state ? state.until : null,
      reason: 'reason' in state ? state.reason : null,
    },
    credits: credits
      ? {
          used: rounded(credits.used + more.spent),
          limit: credits.isUnlimited ? null : credits.limit,
          resetAt: credits.resetAt ?? null,
          left: leftOf(account, more),
          extras: (credits.extras ?? []).map(({ name, used, limit, endsAt }) => ({
            name,
            used,
            limit,
            endsAt: endsAt ?? null,
          })),
        }
      : null,
    overage: overageOf(account, more),
    pinned: more.pinned,
    inFlight: more.inFlight,
    lastUsedAt: more.lastUsedAt ?? null,
  };
}

function leftOf({ credits }: Account, { spent, now }: SummaryContext): number | null {
  const left = credits && creditsLeft(credits, spent, now);
  return left === undefined || !Number.isFinite(left) ? null : rounded(left);
}

function overageOf({ credits, overage: consent }: Account, { overageToday }: SummaryContext): OverageSummary {
  const reported = credits?.overage;
  return {
    isAllowed: consent?.isAllowed ?? false,
    dailyCap: consent?.dailyCap ?? null,
    today: rounded(overageToday),
    isOnAtKiro: reported?.isOn ?? null,
    credits: reported?.credits ?? 0,
    charges: reported?.charges ?? 0,
    currency: reported?.currency ?? null,
  };
}

/** Kiro meters with four digits at most; sums of them come with the noise of binary fractions. */
function rounded(amount: number): number {
  return Math.round(amount * 10_000) / 10_000;
}

import type { CredentialKind } from '../auth/credential.ts';
import type { Account, Provenance } from './account.ts';
import { stateAt, type AccountState } from './account-state.ts';

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
  readonly credits: { readonly used: number; readonly limit: number | null; readonly resetAt: number | null } | null;
  readonly pinned: boolean;
  readonly lastUsedAt: number | null;
}

interface SummaryContext {
  readonly now: number;
  /** Credits spent since Kiro's counter was read. */
  readonly spent: number;
  readonly lastUsedAt: number | undefined;
  readonly pinned: boolean;
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
        }
      : null,
    pinned: more.pinned,
    lastUsedAt: more.lastUsedAt ?? null,
  };
}

/** Kiro meters with four digits at most; sums of them come with the noise of binary fractions. */
function rounded(amount: number): number {
  return Math.round(amount * 10_000) / 10_000;
}

import { AuthError } from '../auth/auth-error.ts';
import type { Credential } from '../auth/credential.ts';
import type { RefreshPorts } from '../auth/refresh.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { Account } from './account.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import type { Pool } from './pool.ts';
import { settleProfile, UnknownProfile } from './profile.ts';

/** What every way into the pool needs. */
export interface OnboardingPorts extends RefreshPorts {
  readonly accounts: AccountStore;
  readonly pool: Pool;
  /** A random id for a new account. */
  readonly newAccountId: () => string;
}

/** What became of one login (DESIGN §8). `id` is null when no account came of it. */
export interface ImportResult {
  readonly id: string | null;
  readonly label: string;
  readonly kind: Credential['kind'] | null;
  readonly result: 'added' | 'updated' | 'failed';
  readonly reason: string;
  /** While the account waits for its user to choose one: the profiles that it may be charged to. */
  readonly profiles?: readonly { readonly arn: string; readonly name: string | null }[];
}

/** How a login that is on disk already is settled. */
export interface Settling {
  readonly result: 'added' | 'updated';
  /** The profile to charge, for a login that has several; of no meaning to the kinds that have none. */
  readonly profileArn: string | undefined;
  /** What to say when everything went well. */
  readonly done: string;
}

/** Finds out which profile is charged and whose account it is; the pool joins it with the one that it may have already. */
export async function settle(
  id: string,
  { result, profileArn, done }: Settling,
  { accounts, pool }: Pick<OnboardingPorts, 'accounts' | 'pool'>,
): Promise<ImportResult> {
  const doubts: string[] = [];
  const toChoose = await settleProfile(id, profileArn, pool.profilePorts()).catch((error: unknown) => {
    doubts.push(doubtOf(error, 'Kiro did not tell which profiles there are'));
    return [];
  });
  // What was learnt about the access of another profile, or of none, does not count for this one.
  pool.link.forget(id);
  const { state: settled } = accountOf(accounts, id);
  // Without a profile Kiro refuses every question.
  if (settled.name === 'parked') {
    const profiles = toChoose.map(({ arn, name }) => ({ arn, name: name ?? null }));
    const parked = resultOf(accountOf(accounts, id), result, settled.reason);
    return profiles.length === 0 ? parked : { ...parked, profiles };
  }
  const account = await pool.refreshUsage(id).catch((error: unknown) => {
    doubts.push(doubtOf(error, 'Taken into the pool, but Kiro did not tell whose it is yet'));
    return accountOf(accounts, id);
  });
  if (account.id !== id) return resultOf(account, 'updated', 'It was in the pool already and has a new login now.');
  const { state } = account;
  return resultOf(account, result, 'reason' in state ? state.reason : (doubts[0] ?? done));
}

/** @param what is not known because of the error, in words */
function doubtOf(error: unknown, what: string): string {
  if (error instanceof UnknownProfile) return error.message;
  if (error instanceof AuthError || error instanceof KiroError) return `${what}: ${error.message}`;
  throw error;
}

export function resultOf(account: Account, result: 'added' | 'updated', reason: string): ImportResult {
  return { id: account.id, label: account.label, kind: account.credential.kind, result, reason };
}

export function failed(label: string, kind: Credential['kind'] | null, reason: string): ImportResult {
  return { id: null, label, kind, result: 'failed', reason };
}

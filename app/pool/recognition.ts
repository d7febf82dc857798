import type { UsageLimits } from '../kiro/usage-limits.ts';
import type { Account } from './account.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import { isSameAccount, withLogin, withUsage } from './identity.ts';

/** What became of an account when Kiro told whose it is. */
export interface Recognized {
  readonly account: Account;
  /** The account that was joined with an older one, and is no more. */
  readonly joined: string | undefined;
}

/**
 * Keeps what Kiro told about an account. When that shows it to be one that the pool has already, the two become one: the older
 * one's id and label with the newer login. Everything changes in one go, hence in one write.
 */
export async function recognize(
  id: string,
  limits: UsageLimits,
  { accounts, now }: { accounts: AccountStore; now: number },
): Promise<Recognized> {
  const known = withUsage(accountOf(accounts, id), limits, now);
  const twin = accounts.list().find((other) => other.id !== id && isSameAccount(other, known));
  if (!twin) {
    const account = { ...known, label: uniqueLabel(known, accounts.list()) };
    await accounts.put(account);
    return { account, joined: undefined };
  }
  const [older, newer] = isOlder(twin, known) ? [twin, known] : [known, twin];
  const account = withLogin(older, newer);
  // In one go: at no moment do two accounts on disk share a chain of tokens.
  await Promise.all([accounts.put(account), accounts.remove(newer.id)]);
  return { account, joined: newer.id };
}

/** Two accounts of one address, one from work and one from Google say, are told apart by their kind. */
export function uniqueLabel(account: Account, all: readonly Account[]): string {
  const taken = new Set(all.filter(({ id }) => id !== account.id).map(({ label }) => label));
  const { label, credential } = account;
  if (!taken.has(label)) return label;
  const base = label.includes(credential.kind) ? label.slice(0, 55) : `${label.slice(0, 40)} ${credential.kind}`;
  let unique = base;
  for (let copy = 2; taken.has(unique); copy += 1) unique = `${base} ${copy}`;
  return unique;
}

/** A login that is dead is no newer one, however late it came. */
function isOlder(a: Account, b: Account): boolean {
  if (a.state.name === 'needs-sign-in') return true;
  return b.state.name !== 'needs-sign-in' && a.addedAt <= b.addedAt;
}

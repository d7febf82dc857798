import { AuthError } from '../auth/auth-error.ts';
import type { Credential, RotatingCredential } from '../auth/credential.ts';
import { fork, tokenHash } from '../auth/fork.ts';
import type { RefreshPorts } from '../auth/refresh.ts';
import type { StoredLogin } from '../auth/stored-login.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { Account, LoginSource } from './account.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import { isSameAccount, newAccount, withLogin } from './identity.ts';
import type { Pool } from './pool.ts';

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
}

export interface ImportOptions {
  readonly sourceOf: (row: string) => LoginSource;
  /** The profile to charge, for a login that has several. */
  readonly profileArn: string | undefined;
}

/**
 * Takes logins of other programs into the pool (DESIGN §4.2), one after the other: forks each at once, so that the pool holds
 * a chain of its own, and has the new token on disk before it asks Kiro whose it is.
 */
export async function importLogins(
  logins: readonly StoredLogin[],
  options: ImportOptions,
  ports: OnboardingPorts,
): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  for (const login of logins) results.push(await importLogin(login, options, ports));
  return results;
}

async function importLogin(login: StoredLogin, options: ImportOptions, ports: OnboardingPorts): Promise<ImportResult> {
  if ('problem' in login) return failed(login.row, null, login.problem);
  const source = options.sourceOf(login.row);
  const hash = tokenHash(login.credential.refreshToken);
  if (ports.accounts.isSpent(hash)) return importAgain(login, source, options, ports);
  let forked: RotatingCredential;
  try {
    forked = await fork(login.credential, ports);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (error.code === 'rejected') await ports.accounts.markSpent(hash);
    return failed(login.row, login.credential.kind, `${error.message} ${error.hint}`);
  }
  const provenance = forked.refreshToken === login.credential.refreshToken ? 'shared' : 'forked';
  const credential = options.profileArn === undefined ? forked : { ...forked, profileArn: options.profileArn };
  const account = newAccount(credential, { id: ports.newAccountId(), provenance, source, now: ports.now() });
  // Both in one go, hence in one write: the new token is on disk before anything else is asked of Kiro.
  const saved = ports.accounts.put(account);
  await Promise.all([saved, provenance === 'forked' ? ports.accounts.markSpent(hash) : undefined]);
  return settle(account.id, ports);
}

/** The same login once more: its token was used up by us, so there is nothing to fork, but perhaps a profile to choose. */
async function importAgain(
  login: Extract<StoredLogin, { credential: RotatingCredential }>,
  source: LoginSource,
  options: ImportOptions,
  ports: OnboardingPorts,
): Promise<ImportResult> {
  const known = ports.accounts.list().find((account) => isSameSource(account.source, source));
  if (!known) {
    const what = 'This login was taken into the pool before and removed from it since. Sign in there again first.';
    return failed(login.row, login.credential.kind, what);
  }
  const { profileArn } = options;
  if (profileArn !== undefined && known.credential.kind !== 'api-key') {
    const credential = { ...known.credential, profileArn };
    await ports.accounts.update(known.id, (account) => ({ ...account, credential, state: { name: 'ready' } }));
    return settle(known.id, ports);
  }
  return {
    id: known.id,
    label: known.label,
    kind: known.credential.kind,
    result: 'updated',
    reason: 'This login is in the pool already; its own chain of tokens goes on.',
  };
}

/** Finds out whose account it is, and joins it with the one that the pool may have of it already. */
async function settle(id: string, ports: OnboardingPorts): Promise<ImportResult> {
  const doubts: string[] = [];
  await settleProfile(id, ports).catch((error: unknown) => doubts.push(doubtOf(error)));
  await ports.pool.refreshUsage(id).catch((error: unknown) => doubts.push(doubtOf(error)));
  const account = accountOf(ports.accounts, id);
  const older = ports.accounts.list().find((other) => other.id !== id && isSameAccount(other, account));
  if (older) {
    const joined = withLogin(older, account);
    // In one go, hence in one write: at no moment do two accounts on disk share a chain of tokens.
    await Promise.all([ports.accounts.put(joined), ports.accounts.remove(id)]);
    ports.pool.link.forget(older.id);
    return resultOf(joined, 'updated', 'It was in the pool already and has a new login now.');
  }
  const label = uniqueLabel(account, ports.accounts.list());
  if (label !== account.label) await ports.accounts.update(id, (current) => ({ ...current, label }));
  const { state } = account;
  const reason = 'reason' in state ? state.reason : (doubts[0] ?? 'Its own chain of tokens is in the pool now.');
  return resultOf({ ...account, label }, 'added', reason);
}

/** Identity Center and external IdP logins are charged to a profile, and nothing works without one (protocol §4.4). */
async function settleProfile(id: string, { accounts, pool }: OnboardingPorts): Promise<void> {
  const { credential } = accountOf(accounts, id);
  const needsProfile = credential.kind === 'identity-center' || credential.kind === 'external-idp';
  if (!needsProfile || credential.profileArn !== undefined) return;
  const profiles = await pool.link.profiles(id);
  const [only] = profiles;
  if (profiles.length === 1 && only) {
    await accounts.update(id, (account) => ({ ...account, credential: { ...credential, profileArn: only.arn } }));
    return;
  }
  // Each profile is billed by itself, so the choice is the user's (protocol §6.3).
  const names = profiles.map(({ arn, name }) => `${name ?? 'unnamed'} (${arn})`).join(', ');
  const reason =
    profiles.length === 0
      ? 'This login has no Kiro profile. Ask your administrator for a subscription.'
      : `This login has several profiles: ${names}. Import it again with --profile and the ARN to charge.`;
  await accounts.update(id, (account) => ({ ...account, state: { name: 'parked', reason } }));
}

function isSameSource(a: LoginSource | undefined, b: LoginSource): boolean {
  if (a?.store !== b.store || a.path !== b.path) return false;
  return a.store === 'kiro-ide' || (b.store === 'kiro-cli' && a.row === b.row);
}

/** Two accounts of one address, one from work and one from Google say, are told apart by their kind. */
function uniqueLabel(account: Account, all: readonly Account[]): string {
  const taken = new Set(all.filter(({ id }) => id !== account.id).map(({ label }) => label));
  const base = taken.has(account.label) ? `${account.label.slice(0, 40)} ${account.credential.kind}` : account.label;
  let label = base;
  for (let copy = 2; taken.has(label); copy += 1) label = `${base} ${copy}`;
  return label;
}

function doubtOf(error: unknown): string {
  if (error instanceof AuthError || error instanceof KiroError) {
    return `Taken into the pool, but Kiro did not tell whose it is yet: ${error.message}`;
  }
  throw error;
}

function resultOf(account: Account, result: 'added' | 'updated', reason: string): ImportResult {
  return { id: account.id, label: account.label, kind: account.credential.kind, result, reason };
}

function failed(row: string, kind: Credential['kind'] | null, reason: string): ImportResult {
  return { id: null, label: row, kind, result: 'failed', reason };
}

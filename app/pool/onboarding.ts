import { AuthError } from '../auth/auth-error.ts';
import type { Credential, RotatingCredential } from '../auth/credential.ts';
import { fork, tokenHash } from '../auth/fork.ts';
import type { RefreshPorts } from '../auth/refresh.ts';
import type { StoredLogin } from '../auth/stored-login.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { Account, LoginSource } from './account.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import { newAccount } from './identity.ts';
import type { Pool } from './pool.ts';
import { needsProfile, settleProfile } from './profile.ts';
import { uniqueLabel } from './recognition.ts';

export interface OnboardingPorts extends RefreshPorts {
  readonly accounts: AccountStore;
  readonly pool: Pool;
  /** A random id for a new account. */
  readonly newAccountId: () => string;
}

/** A login that could be read. */
type ReadLogin = Extract<StoredLogin, { credential: RotatingCredential }>;

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
  /** The profile to charge, for a login that has several; of no meaning to the kinds that have none. */
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
  const known = ports.accounts.list().find((account) => cameOf(account, hash));
  if (known || ports.accounts.isSpent(hash)) return importAgain(login, known, options, ports);
  // A disk that cannot be written is noticed before the token is used up, not after.
  await ports.accounts.save();
  let forked: RotatingCredential;
  try {
    forked = await fork(login.credential, ports);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (error.code === 'rejected') await ports.accounts.markSpent(hash);
    return failed(login.row, login.credential.kind, `${error.message} ${error.hint}`);
  }
  const provenance = forked.refreshToken === login.credential.refreshToken ? 'shared' : 'forked';
  const about = { id: ports.newAccountId(), provenance, source, now: ports.now() } as const;
  const account = { ...newAccount(forked, about), ...(provenance === 'forked' ? { forkedFrom: hash } : {}) };
  // Both in one go, hence in one write: the new token is on disk before anything else is asked of Kiro.
  const saved = ports.accounts.put({ ...account, label: uniqueLabel(account, ports.accounts.list()) });
  await Promise.all([saved, provenance === 'forked' ? ports.accounts.markSpent(hash) : undefined]);
  return settle(account.id, 'added', options, ports);
}

/** Whether an account is the login with this refresh token: forked from it, or sharing it with the other program. */
function cameOf({ forkedFrom, credential }: Account, hash: string): boolean {
  return forkedFrom === hash || (credential.kind !== 'api-key' && tokenHash(credential.refreshToken) === hash);
}

/** The same login once more: its token was used up by us, so there is nothing to fork, but perhaps a profile to choose. */
async function importAgain(
  { row, credential: { kind } }: ReadLogin,
  known: Account | undefined,
  options: ImportOptions,
  ports: OnboardingPorts,
): Promise<ImportResult> {
  if (!known) {
    const what = 'The refresh token of this login was used up or refused before, so it is not sent again.';
    return failed(row, kind, `${what} Sign in there again, then import it.`);
  }
  if (known.state.name === 'needs-sign-in') {
    const what = `This login is in the pool as "${known.label}", and its chain of tokens has ended there.`;
    return failed(row, kind, `${what} Sign in there again, then import it.`);
  }
  if (options.profileArn !== undefined && needsProfile(known.credential)) {
    if (known.state.name === 'parked') await ports.pool.clear(known.id);
    return settle(known.id, 'updated', options, ports);
  }
  return resultOf(known, 'updated', 'This login is in the pool already; its own chain of tokens goes on.');
}

/** Finds out which profile is charged and whose account it is; the pool joins it with the one that it may have already. */
async function settle(
  id: string,
  result: 'added' | 'updated',
  { profileArn }: ImportOptions,
  { accounts, pool }: OnboardingPorts,
): Promise<ImportResult> {
  const doubts: string[] = [];
  await settleProfile(id, profileArn, pool.profilePorts()).catch((error: unknown) => doubts.push(doubtOf(error)));
  // What was learnt about the access of another profile, or of none, does not count for this one.
  pool.link.forget(id);
  const { state: settled } = accountOf(accounts, id);
  // Without a profile Kiro refuses every question.
  if (settled.name === 'parked') return resultOf(accountOf(accounts, id), result, settled.reason);
  const account = await pool.refreshUsage(id).catch((error: unknown) => {
    doubts.push(doubtOf(error));
    return accountOf(accounts, id);
  });
  if (account.id !== id) return resultOf(account, 'updated', 'It was in the pool already and has a new login now.');
  const { state } = account;
  const done =
    result === 'added' ? 'Its own chain of tokens is in the pool now.' : 'It is charged to that profile now.';
  return resultOf(account, result, 'reason' in state ? state.reason : (doubts[0] ?? done));
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

import { AuthError } from '../auth/auth-error.ts';
import type { RotatingCredential } from '../auth/credential.ts';
import { fork, tokenHash } from '../auth/fork.ts';
import type { StoredLogin } from '../auth/stored-login.ts';
import type { Account, LoginSource } from './account.ts';
import { newAccount } from './identity.ts';
import { needsProfile } from './profile.ts';
import { uniqueLabel } from './recognition.ts';
import { failed, resultOf, settle, type ImportResult, type OnboardingPorts } from './settling.ts';

/** A login that could be read. */
type ReadLogin = Extract<StoredLogin, { credential: RotatingCredential }>;

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
  const done = 'Its own chain of tokens is in the pool now.';
  return settle(account.id, { result: 'added', profileArn: options.profileArn, done }, ports);
}

/** What the pool knows of a login before it is taken: the account that it is already, and why it cannot be taken. */
export function recallLogin(
  login: StoredLogin,
  accounts: Pick<OnboardingPorts['accounts'], 'list' | 'isSpent'>,
): { account: string | null; problem: string | null } {
  if ('problem' in login) return { account: null, problem: login.problem };
  const hash = tokenHash(login.credential.refreshToken);
  const known = accounts.list().find((account) => cameOf(account, hash));
  const isOver = known ? known.state.name === 'needs-sign-in' : accounts.isSpent(hash);
  return { account: known?.id ?? null, problem: isOver ? whyOver(known) : null };
}

/** Why there is nothing to fork of a login whose token was used up. */
function whyOver(known: Account | undefined): string {
  const what = known
    ? `This login is in the pool as "${known.label}", and its chain of tokens has ended there.`
    : 'The refresh token of this login was used up or refused before, so it is not sent again.';
  return `${what} Sign in there again, then import it.`;
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
  if (!known || known.state.name === 'needs-sign-in') return failed(row, kind, whyOver(known));
  if (options.profileArn !== undefined && needsProfile(known.credential)) {
    if (known.state.name === 'parked') await ports.pool.clear(known.id);
    const done = 'It is charged to that profile now.';
    return settle(known.id, { result: 'updated', profileArn: options.profileArn, done }, ports);
  }
  return resultOf(known, 'updated', 'This login is in the pool already; its own chain of tokens goes on.');
}

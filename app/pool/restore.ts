import { tokenHash } from '../auth/fork.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { isSameAccount, withLogin } from './identity.ts';
import { uniqueLabel } from './recognition.ts';

/** What became of one account of a backup. */
export interface RestoredAccount {
  /** Its id in the pool now; null when it could not be taken in. */
  readonly id: string | null;
  readonly label: string;
  readonly result: 'added' | 'kept' | 'updated' | 'failed';
  readonly reason: string;
}

/**
 * Merges accounts of a backup into the pool. No login is lost or doubled: what the pool has goes on with its own tokens, which
 * are the newer ones; only where its chain has ended does the backup's take its place. All others are added.
 * @returns what became of each, and by which id the pool knows it now
 */
export async function restoreAccounts(
  saved: readonly Account[],
  store: AccountStore,
): Promise<{ results: RestoredAccount[]; ids: ReadonlyMap<string, string> }> {
  const results: RestoredAccount[] = [];
  const ids = new Map<string, string>();
  for (const account of saved) {
    const result = await restoreOne(account, store).catch((error: unknown) => failure(account, error));
    results.push(result);
    if (result.id !== null) ids.set(account.id, result.id);
  }
  return { results, ids };
}

async function restoreOne(saved: Account, store: AccountStore): Promise<RestoredAccount> {
  const known = store.list().find((account) => isSameLogin(account, saved));
  const isDead = saved.state.name === 'needs-sign-in' || isSpent(saved, store);
  if (known) {
    if (known.state.name !== 'needs-sign-in' || isDead || tokenOf(known) === tokenOf(saved)) {
      return resultOf(known, 'kept', 'It is in the pool already, and goes on with its own tokens.');
    }
    await store.update(known.id, (account) => withLogin(account, { ...saved, state: { name: 'ready' } }));
    return resultOf(known, 'updated', 'Its chain of tokens had ended; it goes on with the login of the backup.');
  }
  const account = { ...saved, label: uniqueLabel(saved, store.list()), state: isDead ? ended(saved) : saved.state };
  await store.put(account);
  const reason = isDead
    ? 'Added, but its chain of tokens has ended: sign in to it again.'
    : 'Added. If its tokens were used elsewhere since the backup, it will need a new sign-in.';
  return resultOf(account, 'added', reason);
}

/** By id, by owner, or by the very tokens, which tell where Kiro never told an owner. */
function isSameLogin(a: Account, b: Account): boolean {
  if (a.id === b.id || isSameAccount(a, b) || tokenOf(a) === tokenOf(b)) return true;
  return a.forkedFrom !== undefined && a.forkedFrom === b.forkedFrom;
}

function tokenOf({ credential }: Account): string {
  return credential.kind === 'api-key' ? credential.apiKey : credential.refreshToken;
}

/** Refused or used up before, hence never to be sent again (DESIGN promise 3). */
function isSpent(account: Account, store: AccountStore): boolean {
  return account.credential.kind !== 'api-key' && store.isSpent(tokenHash(tokenOf(account)));
}

function ended({ state }: Account): Account['state'] {
  if (state.name === 'needs-sign-in') return state;
  return { name: 'needs-sign-in', reason: 'The tokens of this login were used up after the backup was made.' };
}

/** The hashes of a backup that may be remembered as used up here: not those of logins that live in this pool. */
export function spentElsewhere(hashes: readonly string[], store: AccountStore): string[] {
  const living = new Set(
    store.list().flatMap((account) => (account.credential.kind === 'api-key' ? [] : [tokenHash(tokenOf(account))])),
  );
  return hashes.filter((hash) => !living.has(hash));
}

function resultOf({ id, label }: Account, result: RestoredAccount['result'], reason: string): RestoredAccount {
  return { id, label, result, reason };
}

function failure({ label }: Account, error: unknown): RestoredAccount {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return { id: null, label, result: 'failed', reason: error.message };
}

import type { RotatingCredential } from '../auth/credential.ts';
import { tokenHash } from '../auth/fork.ts';
import { readKiroCliStore } from '../auth/kiro-cli-store.ts';
import { readKiroIdeStore } from '../auth/kiro-ide-store.ts';
import type { StoredLogin } from '../auth/stored-login.ts';
import type { Account, LoginSource } from './account.ts';
import type { AccountStore } from './account-store.ts';

/**
 * Looks up an account's login once more where it came from, after its refresh token was rejected: the other program may have
 * signed in anew. Only a login that surely is the same account's is taken, or another person's would be adopted (protocol
 * §2.5): the same kind and the same profile of its own. Social logins share theirs (§4.4), so nothing tells them apart before
 * Kiro is asked. A token that we have used up already is no news.
 */
export function rereadLogin(account: Account, accounts: AccountStore): RotatingCredential | undefined {
  const { source, credential } = account;
  if (!source || credential.kind === 'api-key' || credential.kind === 'social') return undefined;
  if (credential.profileArn === undefined) return undefined;
  const login = readStore(source).find(({ row }) => source.store === 'kiro-ide' || row === source.row);
  if (!login || !('credential' in login)) return undefined;
  const found = login.credential;
  const isSame = found.kind === credential.kind && found.profileArn === credential.profileArn;
  return isSame && !accounts.isSpent(tokenHash(found.refreshToken)) ? found : undefined;
}

function readStore(source: LoginSource): StoredLogin[] {
  try {
    if (source.store === 'kiro-cli') return readKiroCliStore(source.path);
    return readKiroIdeStore({ tokenPath: source.path, profilePath: source.profilePath });
  } catch {
    // The store is gone or in use: then it has nothing newer to offer, and the account needs a sign-in.
    return [];
  }
}

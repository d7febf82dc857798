import { AuthError } from './auth-error.ts';
import type { RotatingCredential } from './credential.ts';
import type { NewLogin } from './hand-off-sign-in.ts';
import { isDamage } from './hand-off-store-lock.ts';
import { whoami, type KiroCliProgram, type KiroCliUser } from './kiro-cli-program.ts';
import { readKiroCliStore } from './kiro-cli-store.ts';

/**
 * Whose login of kiro-cli a hand-off would end. kiro-cli is asked, since it knows the e-mail; but it says "not logged in" also
 * when it is offline and its access token has run out, so its store is looked at too.
 * @throws AuthError as `whoami` and `readKiroCliStore` do; the signal's reason when aborted
 */
export async function previousUser(
  ports: { readonly program: KiroCliProgram; readonly storePath: string },
  signal: AbortSignal,
): Promise<KiroCliUser | undefined> {
  const user = await whoami(ports.program, signal);
  if (user !== undefined) return user;
  const [login] = loginsOfKiroCli(ports.storePath);
  return login === undefined ? undefined : userOf(login.credential);
}

/** What kiro-cli itself is signed in with. Rows of the older Amazon Q CLI outlive a logout, and a damaged store holds no login. */
export function loginsOfKiroCli(path: string): NewLogin[] {
  try {
    return readKiroCliStore(path).flatMap((login) =>
      'credential' in login && login.row.startsWith('kirocli:') ? [login] : [],
    );
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const hasNone = error.code === 'not-found' || error.cause === undefined || isDamage(error.cause);
    if (hasNone) return [];
    throw error;
  }
}

function userOf(credential: RotatingCredential): KiroCliUser {
  switch (credential.kind) {
    case 'social':
      return { accountType: credential.provider === 'github' ? 'SocialGitHub' : 'SocialGoogle' };
    case 'builder-id':
      return { accountType: 'BuilderId' };
    case 'identity-center':
      return { accountType: 'IamIdentityCenter', startUrl: credential.startUrl };
    case 'external-idp':
      return { accountType: 'ExternalIdp' };
  }
}

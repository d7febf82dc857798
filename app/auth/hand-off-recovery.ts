import { tokenHash } from './fork.ts';
import { loginsOfKiroCli } from './hand-off-previous.ts';
import type { NewLogin } from './hand-off-sign-in.ts';
import type { LockPorts } from './hand-off-store-lock.ts';
import { discardBackup, findUnfinishedBackup, isAsBackedUp, putBack, type StoreBackup } from './kiro-cli-backup.ts';

/**
 * What became of a hand-off that was cut off. `asks` means that kiro-cli has a login that the hand-off did not make: the user
 * has signed in since. Then nothing was done, and the user decides between `putBack` and `discardBackup`.
 */
export type Recovery =
  | { readonly type: 'nothing' }
  | { readonly type: 'put-back' }
  | { readonly type: 'kept-new' }
  | { readonly type: 'asks'; readonly backup: StoreBackup };

/**
 * Ends a hand-off whose process was killed; to be called at start, before the first hand-off. A backup is put back by itself
 * only when that cannot cost a login: when kiro-cli is signed out, or signed in with the very login that the hand-off made,
 * which is then kept first. A backup whose login kiro-cli may have refreshed since is never put over the newer one.
 * @param ports.keep as in `HandOffPorts`; called at most once
 * @throws AuthError `unreadable` when the store is held or the backup is damaged; the backup stays
 */
export async function recoverHandOff(
  folder: string,
  ports: LockPorts & { readonly keep: (login: NewLogin) => Promise<void> },
): Promise<Recovery> {
  const backup = findUnfinishedBackup(folder);
  if (backup === undefined) return { type: 'nothing' };
  if (!isAsBackedUp(backup, 'main')) {
    const now = loginsOfKiroCli(backup.storePath);
    const own = now.find(({ credential }) => tokenHash(credential.refreshToken) === backup.newLogin);
    if (now.length > (own === undefined ? 0 : 1)) return { type: 'asks', backup };
    if (own !== undefined) {
      await ports.keep(own);
      if (backup.wish === 'keep-new') {
        discardBackup(backup);
        return { type: 'kept-new' };
      }
    }
  }
  await putBack(backup, ports);
  return { type: 'put-back' };
}

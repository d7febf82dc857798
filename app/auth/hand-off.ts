/**
 * The hand-off to the real kiro-cli (DESIGN §4 way 3, protocol §3.6): in comes what kind of login the user wants, out come
 * the steps for a screen and the login that kiro-cli made.
 *
 * The order in which nothing is lost, whenever it is cut off:
 *
 * 1. The store is on disk twice before kiro-cli is signed out. Until step 4 that backup is put back at any failure, and after
 *    a crash at the next start (`recoverHandOff`).
 * 2. The new login is read while kiro-cli's store still holds it, and its hash is noted beside the backup: after a crash from
 *    here on it is found in the store and is known as ours.
 * 3. `keep` puts it on our disk, as it is. It needs no network and must not refresh first: until it resolves, the store holds
 *    the only copy on disk, and a refresh would make that copy worthless.
 * 4. The store is put back (or the backup is discarded). With the store put back kiro-cli holds its previous login with its
 *    own refresh token, which nobody has used, and the new family is held by us alone: no program shares it, nothing is left
 *    to fork. With the new login left in kiro-cli both hold the same refresh token, so the caller forks now.
 */
import { AuthError } from './auth-error.ts';
import { tokenHash } from './fork.ts';
import { EventLog, type HandOffEvent } from './hand-off-event.ts';
import { previousUser } from './hand-off-previous.ts';
import { loginArguments, type HandOffRequest } from './hand-off-request.ts';
import { signInWithKiroCli, type NewLogin, type SignInPorts } from './hand-off-sign-in.ts';
import { backUpStore, discardBackup, noteNewLogin, putBack, type StoreBackup } from './kiro-cli-backup.ts';
import { logout, type KiroCliUser } from './kiro-cli-program.ts';

/** What a hand-off needs from outside. */
export interface HandOffPorts extends SignInPorts {
  /** A folder of ours; the backup of the store lies in it until it was put back. */
  readonly backupFolder: string;
  /**
   * Puts the new login on disk, synced, before the store is put back (step 3 above). When it rejects, the hand-off fails: the
   * previous login comes back all the same, and the new one is lost if it is not on disk.
   */
  readonly keep: (login: NewLogin) => Promise<void>;
}

/** A hand-off under way. It goes on whether its events are read or not. To dispose of it cancels it and waits for its end. */
export interface HandOff extends AsyncDisposable {
  readonly events: AsyncIterable<HandOffEvent>;
  /**
   * The login that was kept, when all else is done too; undefined when kiro-cli was signed in already (`refuse`), and when
   * it was cancelled or failed. Never rejects: the last event says how it ended. A secret: it stays in this process.
   */
  readonly login: Promise<NewLogin | undefined>;
  /** Ends it, and kiro-cli with it; what was there before comes back. Without effect once signed in. */
  cancel(): void;
}

/** Starts a hand-off. One at a time for one backup folder; a second one fails without touching anything. */
export function startHandOff(request: HandOffRequest, ports: HandOffPorts, signal?: AbortSignal): HandOff {
  const controller = new AbortController();
  const stop = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const events = new EventLog();
  const tell = (event: HandOffEvent): void => events.add(event);
  const login = handOff(request, ports, tell, stop)
    .catch((error: unknown) => {
      tell(
        stop.aborted && error === stop.reason ? { type: 'cancelled' } : { type: 'failed', error: asAuthError(error) },
      );
      return undefined;
    })
    .finally(() => events.close());
  return {
    events,
    login,
    cancel: () => controller.abort(),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await login;
    },
  };
}

type Tell = (event: HandOffEvent) => void;

async function handOff(
  request: HandOffRequest,
  ports: HandOffPorts,
  tell: Tell,
  signal: AbortSignal,
): Promise<NewLogin | undefined> {
  tell({ type: 'checking' });
  signal.throwIfAborted();
  // Before anything is touched: a wrong start URL must not cost the login that is there.
  loginArguments(request);
  const who = await previousUser(ports, signal);
  if (who !== undefined) {
    tell({ type: 'already-signed-in', who });
    if (request.whatAboutPrevious === 'refuse') return undefined;
  }
  const wish = request.whatAboutPrevious === 'put-back' ? 'put-back' : 'keep-new';
  const backup = await backUpStore({ storePath: ports.storePath, folder: ports.backupFolder, wish }, ports, signal);
  tell({ type: 'backed-up' });
  try {
    const login = await replaceLogin(request, who, ports, tell, signal);
    const noted = noteNewLogin(backup, tokenHash(login.credential.refreshToken));
    await ports.keep(login);
    await settle(noted, ports, tell);
    tell({ type: 'done', row: login.row, kind: login.credential.kind });
    return login;
  } catch (error) {
    await restore(backup, error, ports, tell);
    throw error;
  }
}

async function replaceLogin(
  request: HandOffRequest,
  who: KiroCliUser | undefined,
  ports: HandOffPorts,
  tell: Tell,
  signal: AbortSignal,
): Promise<NewLogin> {
  signal.throwIfAborted();
  if (who !== undefined) {
    await logout(ports.program, signal);
    tell({ type: 'signed-out' });
  }
  const login = await signInWithKiroCli(request, ports, (page) => tell({ type: 'waiting', ...page }), signal);
  tell({ type: 'signed-in', row: login.row, kind: login.credential.kind });
  return login;
}

async function settle(backup: StoreBackup, ports: HandOffPorts, tell: Tell): Promise<void> {
  if (backup.wish === 'keep-new') return discardBackup(backup);
  await putBack(backup, ports);
  tell({ type: 'put-back' });
}

async function restore(backup: StoreBackup, reason: unknown, ports: HandOffPorts, tell: Tell): Promise<void> {
  try {
    await putBack(backup, ports);
  } catch (error) {
    // What the user must know now is that the previous login is still to come back, and how. Why it began is the cause, unless
    // it came from `keep`, which may name a secret.
    const cause = reason instanceof AuthError ? reason : undefined;
    if (error instanceof AuthError) throw new AuthError(error.code, error.message, error.hint, { cause });
    throw error;
  }
  tell({ type: 'put-back' });
}

/** What is no AuthError comes from the disk or from `keep`; neither its text nor its members are known to be free of secrets. */
function asAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return new AuthError(
    'retry-later',
    `The sign-in through kiro-cli could not be finished${code}.`,
    'Try again; if it goes on, use the sign-in inside the app.',
  );
}

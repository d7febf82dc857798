import { existsSync } from 'node:fs';
import type { Endpoints } from '../kiro/endpoints.ts';
import { AuthError } from './auth-error.ts';
import type { RotatingCredential } from './credential.ts';
import { endedWithout, notUnderstood, notUsable, ranOut } from './hand-off-failure.ts';
import type { SignInPage } from './hand-off-page.ts';
import { loginArguments, type HandOffTarget } from './hand-off-request.ts';
import { isHeld, underWriteLock, type LockPorts } from './hand-off-store-lock.ts';
import { settleMs, Talk } from './hand-off-talk.ts';
import { openTerminal } from './hand-off-terminal.ts';
import type { KiroCliProgram } from './kiro-cli-program.ts';
import { readKiroCliStore } from './kiro-cli-store.ts';
import { isSameLogin, type StoredLogin } from './stored-login.ts';

/** A login that kiro-cli made and that can be used. */
export interface NewLogin {
  readonly row: string;
  readonly credential: RotatingCredential;
}

/** What a sign-in through kiro-cli needs from outside. */
export interface SignInPorts extends LockPorts {
  readonly program: KiroCliProgram;
  /** The store that this kiro-cli writes. */
  readonly storePath: string;
  readonly endpoints: Endpoints;
  /** How long the user has to confirm; 5 min unless told, which is the life of a code of Google and GitHub (§3.3). */
  readonly confirmTimeoutMs?: number;
  /** How long kiro-cli may take until it shows a code; 45 s unless told. */
  readonly promptTimeoutMs?: number;
  /** How long kiro-cli may go on after the login is stored, which may be a menu of profiles; then it is ended. 5 s unless told. */
  readonly profileGraceMs?: number;
}

/**
 * Runs `kiro-cli login` until its store holds a login that it did not hold before. The row decides, not the exit code and not
 * what was asked for: kiro-cli may still ask for a profile when the login is already there, and a federated Identity Center
 * ends up as an external IdP (protocol §3.5). kiro-cli has ended when this settles.
 * @throws AuthError `rejected` when it was declined, ran out or could not be begun, `not-found` when it cannot run; the
 * signal's reason when aborted
 */
export async function signInWithKiroCli(
  target: HandOffTarget,
  ports: SignInPorts,
  onPage: (page: SignInPage & { readonly expiresAt: number }) => void,
  signal: AbortSignal,
): Promise<NewLogin> {
  const command = loginArguments(target);
  const before = loginsBefore(ports.storePath);
  signal.throwIfAborted();
  await using terminal = await openTerminal(ports.program, command);
  const talk = new Talk(target, ports);
  let deadline = ports.now() + (ports.promptTimeoutMs ?? 45_000);
  let signedInAt: number | undefined;
  while (terminal.exitCode === undefined) {
    signal.throwIfAborted();
    const step = talk.next(terminal.screen.lines);
    if (step.type === 'press') terminal.press(step.keys);
    if (step.type === 'page') {
      deadline = ports.now() + (ports.confirmTimeoutMs ?? 300_000);
      onPage({ ...step.page, expiresAt: deadline });
    }
    if (newLoginIn(ports.storePath, before) !== undefined) signedInAt ??= ports.now();
    else if (ports.now() >= deadline) throw talk.isPageShown ? ranOut() : notUnderstood();
    if (signedInAt !== undefined && ports.now() >= signedInAt + (ports.profileGraceMs ?? 5000)) break;
    await Promise.race([terminal.changed(), ports.wait(talk.isPageShown ? pollMs : settleMs, signal)]);
  }
  // It must write no more when the row is read: it may have written it again before it ended. One that was ended within a
  // write has left a journal, which only a writer may undo.
  await terminal[Symbol.asyncDispose]();
  if (existsSync(ports.storePath)) await underWriteLock(ports.storePath, () => undefined, ports, undefined, 'any file');
  const login = newLoginIn(ports.storePath, before);
  if (login === undefined) throw endedWithout(terminal.screen.lines, terminal.exitCode);
  if ('credential' in login) return login;
  throw notUsable(login.problem);
}

/** How often the store is looked at while the user is in the browser. */
const pollMs = 250;

function newLoginIn(path: string, before: readonly StoredLogin[]): StoredLogin | undefined {
  return (readLogins(path) ?? []).find((login) => !before.some((earlier) => isSame(login, earlier)));
}

function isSame(login: StoredLogin, earlier: StoredLogin): boolean {
  if ('problem' in login) return 'problem' in earlier && earlier.row === login.row;
  return isSameLogin(login, earlier);
}

/** Undefined while kiro-cli is writing or has not made its tables yet: it is asked again in a moment. */
function readLogins(path: string): StoredLogin[] | undefined {
  try {
    return existsSync(path) ? readKiroCliStore(path, { busyTimeoutMs: 0 }) : [];
  } catch (error) {
    if (error instanceof AuthError) return undefined;
    throw error;
  }
}

/** A store that cannot be read holds no login that could be taken for the new one; unless it is only held by somebody. */
function loginsBefore(path: string): StoredLogin[] {
  try {
    return existsSync(path) ? readKiroCliStore(path, { busyTimeoutMs: 2000 }) : [];
  } catch (error) {
    if (error instanceof AuthError && !isHeld(error.cause)) return [];
    throw error;
  }
}

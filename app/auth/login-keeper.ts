/*
 * The room of logins. Credentials come in from stores of other programs and from device logins, are refreshed as their kind
 * demands, and go out to whoever signs a call. It knows no account but by its id, and no disk but by a port.
 */
import { abandonable } from './abandonable.ts';
import { AuthError } from './auth-error.ts';
import type { Credential, RotatingCredential } from './credential.ts';
import { tokenHash } from './fork.ts';
import { withLearned } from './with-learned.ts';

/** What the keeper needs from the engine. Times are epoch ms, spans ms. */
export interface LoginKeeperPorts {
  /** The account's credential as it is on disk. */
  read(id: string): Credential;
  /** Resolves when the credential is on disk and synced. */
  write(id: string, credential: Credential): Promise<void>;
  /** Told once for each refresh token that is dead; persists that the account needs a sign-in. */
  onRejected(id: string, error: AuthError): Promise<void>;
  /** Looks the login up in the store it came from; only when that still holds the same account (protocol §2.5). */
  reread?(id: string): Promise<RotatingCredential | undefined>;
  refresh(credential: RotatingCredential): Promise<RotatingCredential>;
  now(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Keeps the logins of all accounts alive, and never loses one (DESIGN §1.3). It promises:
 *
 * - Two refreshes of one account never run at once; who comes while one runs gets its outcome.
 * - A new token is on disk before anyone gets it. If the write fails, callers get an error, the token stays in memory, and
 *   the next call writes it before anything else; the token it replaced is never sent again.
 * - A refresh token that was rejected or has rotated is never sent again by this process.
 * - On rejection the source store is read once more; if it holds another token of the same account, that one is tried once.
 * - A refresh ahead of time never fails a request: while the access token is good, a transient failure means that it is
 *   used on, and the next try waits, longer each time.
 * - A caller that gives up (its `signal`) never ends the refresh that it waits for.
 *
 * Errors are `AuthError`s: `rejected`, `forbidden-host`, `retry-later` (also when the token could not be written).
 */
export class LoginKeeper {
  readonly #ports: LoginKeeperPorts;
  readonly #keeps = new Map<string, Keep>();
  readonly #spent: Set<string>;
  readonly #closing = new AbortController();

  /** @param spentHashes `tokenHash`es that must not be sent, remembered from earlier runs */
  constructor(ports: LoginKeeperPorts, spentHashes: Iterable<string> = []) {
    this.#ports = ports;
    this.#spent = new Set(spentHashes);
  }

  /** Makes sure that a refresh token is never sent, such as the one that a fork has used up. */
  markSpent(hash: string): void {
    this.#spent.add(hash);
  }

  /** The credential with an access token that lasts for 5 min more, or at least still lasts when Kiro cannot refresh now. */
  async ensureFresh(id: string, signal?: AbortSignal): Promise<Credential> {
    const keep = this.#keepOf(id);
    const credential = this.#ports.read(id);
    if (credential.kind === 'api-key') return credential;
    const isSettled = keep.unsaved === undefined && keep.flight === undefined;
    if (isSettled && this.#isFresh(keep, credential)) return credential;
    const isUrgent = keep.unsaved !== undefined || this.#hasEnded(credential);
    try {
      return await abandonable(this.#join(id, keep, { isUrgent }), signal);
    } catch (error) {
      if (!isAuthError(error, 'retry-later') || keep.unsaved !== undefined || this.#hasEnded(credential)) throw error;
      return credential;
    }
  }

  /**
   * The credential after Kiro refused `staleAccessToken` before its time: refreshed, unless somebody already did.
   * An API key cannot be renewed; it counts as rejected.
   */
  async renew(id: string, staleAccessToken: string, signal?: AbortSignal): Promise<Credential> {
    const keep = this.#keepOf(id);
    const credential = this.#ports.read(id);
    if (credential.kind === 'api-key') {
      const refused = new AuthError('rejected', 'Kiro refused this API key.', 'Make a new key in Kiro and add that.');
      await this.#ports.onRejected(id, refused);
      throw refused;
    }
    const isRenewed = credential.accessToken !== staleAccessToken && !this.#hasEnded(credential);
    if (isRenewed && keep.unsaved === undefined && keep.flight === undefined) return credential;
    return await abandonable(this.#join(id, keep, { isUrgent: true, refused: staleAccessToken }), signal);
  }

  /** Waits until every refresh that runs is on disk, and gives up the pauses between tries. Start none afterwards. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#keeps.values()].flatMap(({ flight }) => (flight === undefined ? [] : [flight])));
    await Promise.all([...this.#keeps].map(([id, keep]) => this.#save(id, keep)));
  }

  #keepOf(id: string): Keep {
    const known = this.#keeps.get(id);
    if (known !== undefined) return known;
    const keep: Keep = { failures: 0, isUrgent: false };
    this.#keeps.set(id, keep);
    return keep;
  }

  /** Nothing is awaited between the question whether a flight runs and its start: that is what makes it single. */
  #join(id: string, keep: Keep, need: { isUrgent: boolean; refused?: string }): Promise<Credential> {
    keep.isUrgent ||= need.isUrgent;
    if (keep.flight !== undefined) return keep.flight;
    const flight = this.#fly(id, keep, need.refused).finally(() => {
      delete keep.flight;
      keep.isUrgent = false;
    });
    // All callers may have left by the time it fails; each that stayed still gets the error.
    flight.catch(() => {});
    keep.flight = flight;
    return flight;
  }

  async #fly(id: string, keep: Keep, refused: string | undefined): Promise<Credential> {
    await this.#save(id, keep);
    const credential = this.#ports.read(id);
    if (credential.kind === 'api-key') return credential;
    if (credential.accessToken !== refused && this.#isFresh(keep, credential)) return credential;
    const hash = tokenHash(credential.refreshToken);
    if (keep.rejected?.hash === hash) throw keep.rejected.error;
    const pause = keep.pause?.hash === hash ? keep.pause : undefined;
    const pauseMs = pause === undefined ? 0 : pause.until - this.#ports.now();
    if (pause !== undefined && pauseMs > 0 && (pause.isBinding || !keep.isUrgent)) {
      const { message, hint } = pause.error;
      throw new AuthError('retry-later', message, hint, { cause: pause.error, retryAfterMs: pauseMs });
    }
    let fresh: RotatingCredential;
    try {
      fresh = await this.#refreshed(id, keep, credential);
    } catch (error) {
      // The user signed in anew while the old login failed: that failure says nothing about the new one.
      if (this.#isReplaced(id, hash)) return await this.#fly(id, keep, refused);
      if (isAuthError(error, 'retry-later')) this.#pause(keep, hash, error);
      if (isAuthError(error, 'rejected')) await this.#reject(id, keep, hash, error);
      throw error;
    }
    keep.failures = 0;
    delete keep.pause;
    keep.unsaved = { credential: fresh, over: hash };
    keep.given = { accessToken: fresh.accessToken, at: this.#ports.now() };
    return (await this.#save(id, keep)) ?? fresh;
  }

  /** Refreshes with the token on disk; if that is dead, once with the one that the source store holds by now. */
  async #refreshed(id: string, keep: Keep, credential: RotatingCredential): Promise<RotatingCredential> {
    try {
      return await this.#send(keep, credential);
    } catch (error) {
      if (!isAuthError(error, 'rejected')) throw error;
      const other = await this.#reread(id);
      if (other === undefined || this.#spent.has(tokenHash(other.refreshToken))) throw error;
      return await this.#send(keep, other);
    }
  }

  async #reread(id: string): Promise<RotatingCredential | undefined> {
    try {
      return await this.#ports.reread?.(id);
    } catch (error) {
      // A store that is gone or locked has no other token for us; the rejection stands.
      if (error instanceof AuthError) return undefined;
      throw error;
    }
  }

  async #send(keep: Keep, credential: RotatingCredential): Promise<RotatingCredential> {
    const hash = tokenHash(credential.refreshToken);
    if (this.#spent.has(hash)) throw spentToken();
    for (let tries = 0; ; tries += 1) {
      try {
        const fresh = await this.#ports.refresh(credential);
        if (fresh.refreshToken !== credential.refreshToken) this.#spent.add(hash);
        return fresh;
      } catch (error) {
        if (isAuthError(error, 'rejected')) this.#spent.add(hash);
        if (!isAuthError(error, 'retry-later')) throw error;
        const pauseMs = pausesMs[tries];
        const isWorthWaiting = keep.isUrgent && pauseMs !== undefined && (error.retryAfterMs ?? 0) <= pauseMs;
        if (!isWorthWaiting || this.#closing.signal.aborted) throw error;
        await this.#ports.wait(pauseMs, this.#closing.signal).catch(() => {});
        if (this.#closing.signal.aborted) throw error;
      }
    }
  }

  /** Writes what is not on disk yet; resolves with what is on disk then, or `undefined` when there was nothing to do. */
  async #save(id: string, keep: Keep): Promise<Credential | undefined> {
    const { unsaved } = keep;
    if (unsaved === undefined) return undefined;
    const onDisk = this.#ports.read(id);
    // Somebody put another login there meanwhile (a new sign-in): that one counts, and must not be overwritten.
    const own = [unsaved.over, tokenHash(unsaved.credential.refreshToken)];
    if (onDisk.kind === 'api-key' || !own.includes(tokenHash(onDisk.refreshToken))) {
      delete keep.unsaved;
      return onDisk;
    }
    const credential = withLearned(unsaved.credential, onDisk);
    try {
      await this.#ports.write(id, credential);
    } catch (cause) {
      throw new AuthError(
        'retry-later',
        'The refreshed login could not be written to disk, so it is not used yet.',
        'Check space and permissions of the data folder, and leave Kiro Pool running: only it holds the new token.',
        { cause },
      );
    }
    delete keep.unsaved;
    return credential;
  }

  async #reject(id: string, keep: Keep, hash: string, error: AuthError): Promise<void> {
    try {
      await this.#ports.onRejected(id, error);
    } catch (cause) {
      throw new AuthError('rejected', error.message, error.hint, { cause });
    }
    keep.rejected = { hash, error };
  }

  #pause(keep: Keep, hash: string, error: AuthError): void {
    const backoffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** keep.failures);
    const askedMs = Math.min(error.retryAfterMs ?? 0, longestAskedPauseMs);
    keep.failures += 1;
    keep.pause = {
      hash,
      error,
      until: this.#ports.now() + Math.max(backoffMs, askedMs),
      isBinding: keep.isUrgent || error.retryAfterMs !== undefined,
    };
  }

  #isReplaced(id: string, hash: string): boolean {
    const onDisk = this.#ports.read(id);
    return onDisk.kind === 'api-key' || tokenHash(onDisk.refreshToken) !== hash;
  }

  #hasEnded(credential: RotatingCredential): boolean {
    return !(credential.expiresAt > this.#ports.now());
  }

  #isFresh(keep: Keep, credential: RotatingCredential): boolean {
    const { accessToken, expiresAt } = credential;
    // Where an organisation gives tokens for a few minutes only, 5 min ahead would mean a refresh for every request.
    const lifeMs = keep.given?.accessToken === accessToken ? expiresAt - keep.given.at : Infinity;
    return expiresAt - this.#ports.now() > Math.min(aheadMs, lifeMs / 2);
  }
}

/** Refresh this long before the access token ends (protocol §2.6). */
const aheadMs = 5 * 60_000;
/** Pauses between tries while nothing can be sent without a new token (protocol §2.4). */
const pausesMs: readonly number[] = [1000, 2000, 4000];
/** Pauses between flights after a transient failure; doubling. */
const firstPauseMs = 5000;
const longestPauseMs = 5 * 60_000;
/** What a `retry-after` may ask for. */
const longestAskedPauseMs = 60 * 60_000;

/** What is known of one account beyond what is on disk; lives as long as the process. */
interface Keep {
  flight?: Promise<Credential>;
  /** A refreshed credential that is not on disk, and the hash of the refresh token that it takes the place of. */
  unsaved?: { readonly credential: RotatingCredential; readonly over: string };
  /** The last access token that came in, and when: tells its life. */
  given?: { readonly accessToken: string; readonly at: number };
  rejected?: { readonly hash: string; readonly error: AuthError };
  /** Until when no further flight starts for the refresh token of this hash; a binding one holds even without an access token. */
  pause?: { readonly hash: string; readonly error: AuthError; readonly until: number; readonly isBinding: boolean };
  /** Flights that failed in a row. */
  failures: number;
  /** Somebody waits in the flight who has no access token to go on with. */
  isUrgent: boolean;
}

function isAuthError(error: unknown, code: AuthError['code']): error is AuthError {
  return error instanceof AuthError && error.code === code;
}

function spentToken(): AuthError {
  return new AuthError(
    'rejected',
    'The refresh token of this login was used up before, so it is not sent again.',
    'Sign in to this account again.',
  );
}

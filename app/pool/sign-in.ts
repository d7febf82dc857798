import { randomUUID } from 'node:crypto';
import { AuthError } from '../auth/auth-error.ts';
import type { RotatingCredential } from '../auth/credential.ts';
import { finishOidcDeviceLogin, startOidcDeviceLogin } from '../auth/device-login-oidc.ts';
import { finishSocialDeviceLogin, startSocialDeviceLogin } from '../auth/device-login-social.ts';
import type { DeviceLoginPorts, DevicePrompt } from '../auth/device-login.ts';
import { newAccount } from './identity.ts';
import { uniqueLabel } from './recognition.ts';
import { settle, type ImportResult, type OnboardingPorts } from './settling.ts';

/** Where a person signs in, and for a login that has several the profile to charge. */
export type SignInRequest =
  | { readonly kind: 'google' | 'github' | 'builder-id'; readonly profileArn: string | undefined }
  | {
      readonly kind: 'identity-center';
      readonly startUrl: string;
      /** The region of the organisation's Identity Center. */
      readonly region: string;
      readonly profileArn: string | undefined;
    };

/** A sign-in that waits for its user: what to show, and the id to ask with. No secret in it. */
export interface StartedSignIn {
  readonly loginId: string;
  readonly userCode: string;
  /** The page to open, with the code in it. */
  readonly url: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export type SignInPorts = OnboardingPorts & DeviceLoginPorts;

interface SignIn {
  readonly prompt: DevicePrompt;
  readonly result: Promise<ImportResult>;
  readonly abort: AbortController;
}

/** More at a time would be no person's. */
const mostAtOnce = 4;
/** How long an outcome that nobody asked for is kept. */
const keepOutcomeMs = 10 * 60_000;

/**
 * Device logins under way (DESIGN §4.1). Whoever asked for one gets a code and an id; the handle, which could redeem the login,
 * stays in here. A login lives until it was confirmed, refused, cancelled or ran out; its outcome until it was asked for.
 */
export class SignIns {
  readonly #ports: SignInPorts;
  readonly #all = new Map<string, SignIn>();
  #isClosed = false;

  constructor(ports: SignInPorts) {
    this.#ports = ports;
  }

  /**
   * Asks for a code, and begins to wait for its confirmation.
   * @throws AuthError when there is none to be had, or too many sign-ins wait already
   */
  async start(request: SignInRequest): Promise<StartedSignIn> {
    this.#forgetOld();
    if (this.#all.size >= mostAtOnce) throw tooMany();
    const abort = new AbortController();
    const { prompt, finish } = await begin(request, this.#ports, abort.signal);
    if (this.#isClosed) throw stopping();
    // Several may have been begun while this one was.
    if (this.#all.size >= mostAtOnce) throw tooMany();
    const loginId = randomUUID();
    const result = this.#complete(loginId, finish, request);
    // Nobody may ever ask for it.
    result.catch(() => undefined);
    this.#all.set(loginId, { prompt, result, abort });
    return {
      loginId,
      userCode: prompt.userCode,
      url: prompt.verificationUrlComplete,
      expiresAt: prompt.expiresAt,
    };
  }

  /** Waits for the outcome. @throws AuthError when it was cancelled, declined or ran out, or there is no such sign-in */
  async wait(loginId: string): Promise<ImportResult> {
    const signIn = this.#all.get(loginId);
    if (!signIn) {
      throw new AuthError('not-found', 'This sign-in is over or was never begun.', 'Start the sign-in again.');
    }
    try {
      return await signIn.result;
    } finally {
      this.#all.delete(loginId);
    }
  }

  /** Ends a sign-in that still waits for its user. One that was confirmed meanwhile goes on: its login would be lost. */
  cancel(loginId: string): void {
    this.#all.get(loginId)?.abort.abort(cancelled());
  }

  /** Ends all that still wait, and resolves when every login that came in is on disk. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { abort } of this.#all.values()) abort.abort(stopping());
    await Promise.allSettled([...this.#all.values()].map(({ result }) => result));
  }

  async #complete(
    loginId: string,
    finish: () => Promise<RotatingCredential>,
    { profileArn }: SignInRequest,
  ): Promise<ImportResult> {
    let credential: RotatingCredential;
    try {
      credential = await finish();
    } catch (error) {
      // A poll that was cut off says so in its own words; the user's are better.
      const abort = this.#all.get(loginId)?.abort.signal;
      throw abort?.aborted === true ? abort.reason : error;
    }
    const { accounts, newAccountId, now } = this.#ports;
    const account = newAccount(credential, { id: newAccountId(), provenance: 'own', source: undefined, now: now() });
    await accounts.put({ ...account, label: uniqueLabel(account, accounts.list()) });
    return settle(
      account.id,
      { result: 'added', profileArn, done: 'Signed in; the pool has a login of its own.' },
      this.#ports,
    );
  }

  #forgetOld(): void {
    const now = this.#ports.now();
    for (const [id, { prompt }] of this.#all) if (now > prompt.expiresAt + keepOutcomeMs) this.#all.delete(id);
  }
}

async function begin(
  request: SignInRequest,
  ports: DeviceLoginPorts,
  signal: AbortSignal,
): Promise<{ prompt: DevicePrompt; finish: () => Promise<RotatingCredential> }> {
  if (request.kind === 'google' || request.kind === 'github') {
    const handle = await startSocialDeviceLogin(request.kind, ports, signal);
    return { prompt: handle.prompt, finish: () => finishSocialDeviceLogin(handle, ports, signal) };
  }
  const where = request.kind === 'identity-center' ? { startUrl: request.startUrl, region: request.region } : {};
  const handle = await startOidcDeviceLogin(where, ports, signal);
  return { prompt: handle.prompt, finish: () => finishOidcDeviceLogin(handle, ports, signal) };
}

function tooMany(): AuthError {
  return new AuthError('retry-later', `${mostAtOnce} sign-ins are waiting already.`, 'Finish or cancel one of them.');
}

function cancelled(): AuthError {
  return new AuthError('rejected', 'The sign-in was cancelled.', 'Nothing was added; start it again when you like.');
}

function stopping(): AuthError {
  return new AuthError('retry-later', 'Kiro Pool is stopping, so the sign-in ends.', 'Start the sign-in again.');
}

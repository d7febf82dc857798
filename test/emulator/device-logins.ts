import type { SecretMint } from './secrets.ts';

/** One device login under way (protocol §3.1, §3.3). Times in ms. */
export interface DeviceLogin {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly flow: 'oidc' | 'social';
  readonly clientId: string;
  readonly region: string;
  readonly startUrl: string | undefined;
  readonly provider: 'google' | 'github' | undefined;
  readonly expiresAt: number;
  intervalMs: number;
  lastPollAt: number;
  state: 'pending' | 'approved' | 'denied' | 'used';
  accountId: string | undefined;
}

/** What a poll finds out. */
export type PollOutcome =
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | 'approved'
  | 'unknown';

/** The device logins that wait for somebody to type their code. */
export class DeviceLogins {
  readonly #byDeviceCode = new Map<string, DeviceLogin>();
  readonly #mint: SecretMint;
  readonly #now: () => number;

  constructor(mint: SecretMint, now: () => number) {
    this.#mint = mint;
    this.#now = now;
  }

  /** Begins a login. */
  begin(
    spec: Pick<DeviceLogin, 'flow' | 'clientId' | 'region' | 'startUrl' | 'provider' | 'intervalMs'> & {
      lifeMs: number;
    },
  ): DeviceLogin {
    const { lifeMs, ...rest } = spec;
    const login: DeviceLogin = {
      ...rest,
      deviceCode: this.#mint.deviceCode(),
      userCode: this.#mint.userCode(),
      expiresAt: this.#now() + lifeMs,
      lastPollAt: Number.NEGATIVE_INFINITY,
      state: 'pending',
      accountId: undefined,
    };
    this.#byDeviceCode.set(login.deviceCode, login);
    return login;
  }

  /** The login of a user code. */
  byUserCode(userCode: string): DeviceLogin | undefined {
    return [...this.#byDeviceCode.values()].find((login) => login.userCode === userCode);
  }

  /** The logins that somebody could still approve. */
  pending(): DeviceLogin[] {
    return [...this.#byDeviceCode.values()].filter(
      (login) => login.state === 'pending' && this.#now() < login.expiresAt,
    );
  }

  /** A poll. One that comes before the interval is over gets `slow_down`, and the interval grows by 5 s (protocol §3.1). */
  poll(deviceCode: string, clientId: string): { outcome: PollOutcome; login?: DeviceLogin } {
    const login = this.#byDeviceCode.get(deviceCode);
    if (login === undefined || login.clientId !== clientId || login.state === 'used') return { outcome: 'unknown' };
    const now = this.#now();
    const isHasty = now - login.lastPollAt < login.intervalMs * 0.9;
    login.lastPollAt = now;
    if (login.state === 'denied') return { outcome: 'access_denied', login };
    if (now >= login.expiresAt) return { outcome: 'expired_token', login };
    if (isHasty) {
      login.intervalMs += 5000;
      return { outcome: 'slow_down', login };
    }
    if (login.state === 'pending') return { outcome: 'authorization_pending', login };
    login.state = 'used';
    return { outcome: 'approved', login };
  }
}

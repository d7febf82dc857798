import type { SecretMint } from './secrets.ts';

/** The five credential kinds (protocol §1.3). */
export type AccountKind = 'social' | 'builder-id' | 'identity-center' | 'external-idp' | 'api-key';

/** A chain of rotating refresh tokens that began with one login. */
export interface Family {
  readonly id: number;
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly region: string;
  readonly clientId: string | undefined;
  readonly tenant: string | undefined;
  /** False when the client was registered without the `refresh_token` grant (protocol §2.2). */
  readonly isRefreshable: boolean;
  /** Claims of the access tokens, for the kinds whose tokens are JWTs. */
  readonly claims: object;
  isRevoked: boolean;
  rotations: number;
}

/** A pair as it leaves a token endpoint; `expiresAt` in ms. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
}

/** What is known of a login when its family begins. */
export type FamilySpec = Pick<
  Family,
  'accountId' | 'kind' | 'region' | 'clientId' | 'tenant' | 'isRefreshable' | 'claims'
>;

/** What became of a refresh token that was presented. */
export type RefreshOutcome =
  | { readonly outcome: 'rotated'; readonly family: Family; readonly tokens: IssuedTokens }
  | { readonly outcome: 'reused' | 'revoked'; readonly family: Family }
  | { readonly outcome: 'unknown' };

/**
 * Every token family (protocol §2.5). A refresh token works once; presenting it again revokes the whole family with its access
 * tokens, the strictest answer to the open question of a grace period (protocol §13.2).
 */
export class TokenFamilies {
  readonly #refresh = new Map<string, { family: Family; isSpent: boolean }>();
  readonly #access = new Map<string, { family: Family; expiresAt: number }>();
  readonly #families: Family[] = [];
  readonly #mint: SecretMint;
  readonly #now: () => number;
  /** Life of new access tokens in ms. */
  accessTokenTtlMs: number;

  constructor(mint: SecretMint, now: () => number, accessTokenTtlMs: number) {
    this.#mint = mint;
    this.#now = now;
    this.accessTokenTtlMs = accessTokenTtlMs;
  }

  /** Begins a family and issues its first pair. */
  begin(spec: FamilySpec): { family: Family; tokens: IssuedTokens } {
    const family = this.#open(spec);
    return { family, tokens: this.#issue(family) };
  }

  /** Takes over tokens that a fixture holds. */
  adopt(spec: FamilySpec, tokens: IssuedTokens): Family {
    const family = this.#open(spec);
    this.#refresh.set(this.#mint.adopt(tokens.refreshToken), { family, isSpent: false });
    this.#access.set(this.#mint.adopt(tokens.accessToken), { family, expiresAt: tokens.expiresAt });
    return family;
  }

  /** The family of a refresh token, spent or not. */
  familyOf(refreshToken: string): Family | undefined {
    return this.#refresh.get(refreshToken)?.family;
  }

  /** True when some family already owns the access token. */
  knowsAccessToken(accessToken: string): boolean {
    return this.#access.has(accessToken);
  }

  /** Spends a refresh token. */
  rotate(refreshToken: string): RefreshOutcome {
    const record = this.#refresh.get(refreshToken);
    if (record === undefined) return { outcome: 'unknown' };
    const { family } = record;
    if (record.isSpent) {
      family.isRevoked = true;
      return { outcome: 'reused', family };
    }
    if (family.isRevoked) return { outcome: 'revoked', family };
    record.isSpent = true;
    family.rotations += 1;
    return { outcome: 'rotated', family, tokens: this.#issue(family) };
  }

  /** The family that may call with this access token now. */
  authenticate(accessToken: string): Family | undefined {
    const record = this.#access.get(accessToken);
    if (record === undefined || record.family.isRevoked || this.#now() >= record.expiresAt) return undefined;
    return record.family;
  }

  /** Ends all families of an account, as an administrator or a sign-out everywhere does. */
  revokeAccount(accountId: string): void {
    for (const family of this.#families) if (family.accountId === accountId) family.isRevoked = true;
  }

  /** Makes every access token of the account stale at once; its refresh tokens stay good. */
  expireAccessTokens(accountId: string): void {
    for (const record of this.#access.values()) if (record.family.accountId === accountId) record.expiresAt = 0;
  }

  #open(spec: FamilySpec): Family {
    const family: Family = { ...spec, id: this.#families.length + 1, isRevoked: false, rotations: 0 };
    this.#families.push(family);
    return family;
  }

  #issue(family: Family): IssuedTokens {
    const isExternal = family.kind === 'external-idp';
    const expiresAt = this.#now() + this.accessTokenTtlMs;
    const accessToken = isExternal
      ? this.#mint.jwt({ ...family.claims, exp: Math.floor(expiresAt / 1000) })
      : this.#mint.accessToken();
    const refreshToken = isExternal ? this.#mint.externalRefreshToken() : this.#mint.refreshToken();
    this.#access.set(accessToken, { family, expiresAt });
    this.#refresh.set(refreshToken, { family, isSpent: false });
    return { accessToken, refreshToken, expiresAt };
  }
}

import { randomBytes, randomUUID } from 'node:crypto';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Makes every secret that the emulator hands out and remembers it, so that a test can look for leaks. */
export class SecretMint {
  readonly #issued = new Set<string>();

  /** Remembers a secret that was made elsewhere (a fixture's token). Returns it. */
  adopt(secret: string): string {
    this.#issued.add(secret);
    return secret;
  }

  /** Everything issued so far. */
  all(): string[] {
    return [...this.#issued];
  }

  /** Social and OIDC access token: `aoa…` (protocol §1.3). */
  accessToken(): string {
    return this.adopt(`aoaAAAAAG${randomBytes(120).toString('base64url')}`);
  }

  /** Social and OIDC refresh token: `aor…` (protocol §1.3). */
  refreshToken(): string {
    return this.adopt(`aorAAAAAG${randomBytes(150).toString('base64url')}`);
  }

  /** External IdP access token: looks like a JWT (protocol §1.3). `claims` become its payload. */
  jwt(claims: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ typ: 'JWT', alg: 'RS256', kid: randomBytes(8).toString('hex') });
    return this.adopt(`${head}.${part({ ...claims, jti: randomUUID() })}.${randomBytes(96).toString('base64url')}`);
  }

  /** External IdP refresh token: opaque, starts with `1.` (protocol §1.1.1). */
  externalRefreshToken(): string {
    return this.adopt(`1.${randomBytes(120).toString('base64url')}`);
  }

  /** OIDC client id. An identifier, not a secret. */
  clientId(): string {
    return randomBytes(18).toString('base64url');
  }

  /** OIDC client secret: a JWT whose payload has the member `serialized` (protocol §1.1.1). */
  clientSecret(clientId: string, startUrl: string): string {
    const serialized = JSON.stringify({ clientId: { value: clientId }, initiateLoginUri: startUrl });
    return this.jwt({ serialized });
  }

  /** Device code of either device flow (protocol §3.1, §3.3). */
  deviceCode(): string {
    return this.adopt(randomBytes(48).toString('base64url'));
  }

  /** API key: `ksk_…` (protocol §1.5). */
  apiKey(): string {
    return this.adopt(`ksk_${randomBytes(48).toString('base64url')}`);
  }

  /** `ABCD-EFGH`, shown to the user; no secret. */
  userCode(): string {
    const letters = [...randomBytes(8)].map((byte) => LETTERS[byte % LETTERS.length] ?? 'A');
    return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
  }

  /** A reasoning signature of Claude (304–560 chars) or a blob of GPT (`.KTR~~…`), protocol §9.1. No secret. */
  signature(family: 'claude' | 'gpt', blobBytes = 4000): string {
    return family === 'gpt'
      ? `.KTR~~${randomBytes(blobBytes).toString('base64url')}~~`
      : randomBytes(270).toString('base64');
  }
}

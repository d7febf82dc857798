import { randomUUID } from 'node:crypto';
import { modelsOfPlan, type CatalogueModel, type Plan } from './catalogue.ts';
import type { OidcClients } from './clients.ts';
import type { AccountKind, IssuedTokens, TokenFamilies } from './families.ts';
import type { SecretMint } from './secrets.ts';
import { CreditMeter, type BonusSpec, type TrialSpec } from './credits.ts';

/** The start URL of every Builder ID (protocol §1.3). */
export const BUILDER_ID_START_URL = 'https://view.awsapps.com/start';
/** The profile that kiro-cli carries for Builder ID (protocol §4.4). */
export const BUILDER_ID_SERVICE_ARN = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX';
/** The constant that older clients send for social logins (protocol §4.4). */
export const SOCIAL_CONSTANT_ARN = 'arn:aws:codewhisperer:us-east-1:699475941385:profile/EHGA3GRVQMUK';
/** The scopes of a Kiro login (protocol §1.1.1). */
const SCOPES = ['codewhisperer:completions', 'codewhisperer:analysis', 'codewhisperer:conversations'];
/** What a client must be registered with so that it can refresh (protocol §3.1). */
export const DEVICE_GRANTS = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'];

/** A profile of an account as ListAvailableProfiles names it (protocol §6.3). */
export interface ProfileSpec {
  readonly arn: string;
  readonly profileName?: string;
  readonly profileType?: 'KIRO' | 'Q_DEVELOPER' | 'CODEWHISPERER';
}

/** What an emulated account shall be. Credits as numbers, times in ms, everything but `kind` has a default. */
export interface AccountSpec {
  readonly kind: AccountKind;
  readonly id?: string;
  readonly provider?: 'google' | 'github';
  readonly plan?: Plan;
  readonly email?: string;
  readonly used?: number;
  readonly limit?: number;
  readonly ssoRegion?: string;
  readonly apiRegion?: string;
  readonly startUrl?: string;
  readonly tenant?: string;
  /** `true` switches overage on with the cap of 10,000 credits; a number is the cap. */
  readonly overage?: boolean | number;
  readonly models?: readonly string[];
  readonly profiles?: readonly ProfileSpec[];
  readonly freeTrial?: TrialSpec;
  readonly bonuses?: readonly BonusSpec[];
  /** How long the usage counter lags behind spending (protocol §6.2); 0 by default. */
  readonly usageLagMs?: number;
  readonly resetAt?: number;
  /** Accepted input tokens before CONTENT_LENGTH_EXCEEDS_THRESHOLD; the model's own window by default. */
  readonly contextWindow?: number;
}

/** One login of an account: a token family of its own, with all that a credential store keeps. Times in ms. */
export interface Login {
  readonly kind: AccountKind;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
  readonly region: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientSecretExpiresAt?: number;
  readonly tokenEndpoint?: string;
  readonly issuerUrl?: string;
  readonly scopes?: readonly string[];
  readonly profileArn?: string;
  readonly provider?: 'google' | 'github';
  readonly startUrl?: string;
}

/** A Kiro account inside the emulator, as a test holds it. */
export interface EmulatedAccount {
  readonly id: string;
  readonly kind: AccountKind;
  readonly email: string;
  readonly userId: string;
  readonly plan: Plan;
  readonly provider?: 'google' | 'github';
  readonly profileArn?: string;
  readonly profiles: readonly ProfileSpec[];
  readonly ssoRegion: string;
  readonly apiRegion: string;
  readonly startUrl?: string;
  readonly tenant?: string;
  readonly apiKey?: string;
  readonly usage: { readonly used: number; readonly limit: number; readonly overageEnabled: boolean };
  readonly isSuspended: boolean;
  /** Begins a token family of its own. Throws for API keys. */
  newLogin(options?: { readonly withoutRefreshGrant?: boolean; readonly client?: LoginClient }): Login;
  /** Ends every login of the account, access tokens too. */
  revoke(): void;
  /** Makes all access tokens stale; refresh tokens stay good. */
  expireAccessTokens(): void;
  /** Lets the registrations of this account's OIDC clients run out (protocol §2.4). */
  expireClients(): void;
  suspend(): void;
  unsuspend(): void;
  setUsage(usage: { readonly used?: number; readonly limit?: number }): void;
  setOverage(enabled: boolean, capCredits?: number): void;
  setModels(ids: readonly string[]): void;
}

/** The registered client that a login was made with. */
export interface LoginClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiresAt: number;
  readonly canRefresh: boolean;
}

/** What an account needs of the emulator. */
export interface AccountDeps {
  readonly mint: SecretMint;
  readonly families: TokenFamilies;
  readonly clients: OidcClients;
  readonly now: () => number;
  readonly url: () => string;
}

/** The account itself, with what only the emulator's handlers may see. */
export class Account implements EmulatedAccount {
  readonly id: string;
  readonly kind: AccountKind;
  readonly email: string;
  readonly userId: string;
  readonly plan: Plan;
  readonly provider?: 'google' | 'github';
  readonly profileArn?: string;
  readonly profiles: readonly ProfileSpec[];
  readonly ssoRegion: string;
  readonly apiRegion: string;
  readonly startUrl?: string;
  readonly tenant?: string;
  readonly apiKey?: string;
  readonly contextWindow: number | undefined;
  readonly meter: CreditMeter;
  models: readonly CatalogueModel[];
  isSuspended = false;
  readonly #deps: AccountDeps;
  readonly #clientIds: string[] = [];

  constructor(id: string, spec: AccountSpec, deps: AccountDeps) {
    this.#deps = deps;
    this.id = id;
    this.kind = spec.kind;
    this.plan = spec.plan ?? 'pro';
    this.email = spec.email ?? `${id}@example.com`;
    this.ssoRegion =
      spec.kind === 'identity-center' ? (spec.ssoRegion ?? 'eu-west-1') : (spec.ssoRegion ?? 'us-east-1');
    this.apiRegion = spec.apiRegion ?? (this.ssoRegion.startsWith('eu-') ? 'eu-central-1' : 'us-east-1');
    this.userId = spec.kind === 'identity-center' ? `d-1234567890.${randomUUID()}` : randomUUID();
    if (spec.kind === 'social') this.provider = spec.provider ?? 'google';
    if (spec.kind === 'builder-id') this.startUrl = BUILDER_ID_START_URL;
    if (spec.kind === 'identity-center') this.startUrl = spec.startUrl ?? 'https://d-1234567890.awsapps.com/start';
    if (spec.kind === 'external-idp') this.tenant = spec.tenant ?? randomUUID();
    if (spec.kind === 'api-key') this.apiKey = deps.mint.apiKey();
    this.profiles = spec.profiles ?? defaultProfiles(spec.kind, this.apiRegion);
    const own = this.profiles.find((profile) => profile.arn.split(':')[3] === this.apiRegion) ?? this.profiles[0];
    if (own !== undefined) this.profileArn = own.arn;
    this.contextWindow = spec.contextWindow;
    this.models = modelsOfPlan(this.plan, spec.models);
    this.meter = new CreditMeter(spec, this.plan, deps.now);
  }

  get usage(): { used: number; limit: number; overageEnabled: boolean } {
    return { used: this.meter.used, limit: this.meter.limit, overageEnabled: this.meter.isOverageEnabled };
  }

  newLogin(options: { withoutRefreshGrant?: boolean; client?: LoginClient } = {}): Login {
    if (this.kind === 'api-key') throw new Error(`account ${this.id} is an API key: it has no logins`);
    const client = this.#clientOf(options);
    const { tokens } = this.#deps.families.begin({
      ...this.familySpec(),
      clientId: client?.clientId,
      isRefreshable: client?.canRefresh ?? true,
    });
    return this.loginFrom(tokens, client);
  }

  /** What a token family of this account is made from. */
  familySpec(): { accountId: string; kind: AccountKind; region: string; tenant: string | undefined; claims: object } {
    const { id: accountId, kind, ssoRegion: region, tenant } = this;
    return { accountId, kind, region, tenant, claims: this.#claims() };
  }

  /** Dresses a pair of tokens with what the account's kind of store keeps beside them (protocol §1.1.1). */
  loginFrom(tokens: IssuedTokens, client?: Pick<LoginClient, 'clientId' | 'clientSecret' | 'expiresAt'>): Login {
    const base = { kind: this.kind, ...tokens, region: this.ssoRegion };
    if (this.kind === 'social') {
      return {
        ...base,
        provider: this.provider ?? 'google',
        ...(this.profileArn === undefined ? {} : { profileArn: this.profileArn }),
      };
    }
    if (this.kind === 'external-idp') {
      const issuer = `${this.#deps.url()}/idp/${this.tenant ?? ''}`;
      const api = `api://${this.externalClientId}`;
      return {
        ...base,
        clientId: this.externalClientId,
        issuerUrl: `${issuer}/v2.0`,
        tokenEndpoint: `${issuer}/oauth2/v2.0/token`,
        scopes: [`${api}/codewhisperer:conversations`, `${api}/codewhisperer:completions`, 'offline_access'],
      };
    }
    return {
      ...base,
      scopes: SCOPES,
      ...(this.startUrl === undefined ? {} : { startUrl: this.startUrl }),
      ...(client === undefined
        ? {}
        : { clientId: client.clientId, clientSecret: client.clientSecret, clientSecretExpiresAt: client.expiresAt }),
    };
  }

  /** The public client id of the account's organisation. */
  get externalClientId(): string {
    return '00000000-1111-2222-3333-444444444444';
  }

  /** Remembers a client so that `expireClients` reaches it. */
  useClient(clientId: string): void {
    this.#clientIds.push(clientId);
  }

  revoke(): void {
    this.#deps.families.revokeAccount(this.id);
  }

  expireAccessTokens(): void {
    this.#deps.families.expireAccessTokens(this.id);
  }

  expireClients(): void {
    for (const id of this.#clientIds) {
      const client = this.#deps.clients.find(id);
      if (client !== undefined) client.expiresAt = this.#deps.now();
    }
  }

  suspend(): void {
    this.isSuspended = true;
  }

  unsuspend(): void {
    this.isSuspended = false;
  }

  setUsage(usage: { used?: number; limit?: number }): void {
    this.meter.set(usage);
  }

  setOverage(enabled: boolean, capCredits?: number): void {
    this.meter.setOverage(enabled, capCredits);
  }

  setModels(ids: readonly string[]): void {
    this.models = modelsOfPlan(this.plan, ids);
  }

  #clientOf(options: { withoutRefreshGrant?: boolean; client?: LoginClient }): LoginClient | undefined {
    if (this.kind === 'external-idp') {
      return {
        clientId: this.externalClientId,
        clientSecret: '',
        expiresAt: Number.MAX_SAFE_INTEGER,
        canRefresh: true,
      };
    }
    if (this.kind === 'social') return undefined;
    if (options.client !== undefined) {
      this.useClient(options.client.clientId);
      return options.client;
    }
    const grantTypes = options.withoutRefreshGrant === true ? DEVICE_GRANTS.slice(0, 1) : DEVICE_GRANTS;
    const client = this.#deps.clients.register({
      region: this.ssoRegion,
      scopes: SCOPES,
      grantTypes,
      startUrl: this.startUrl,
    });
    this.useClient(client.clientId);
    return { ...client, canRefresh: grantTypes.includes('refresh_token') };
  }

  #claims(): object {
    return { aud: this.externalClientId, sub: this.userId, upn: this.email, email: this.email };
  }
}

/** A profile ARN of the form of protocol §4.4. */
function newProfileArn(kind: AccountKind, region: string): string {
  const owner = kind === 'social' ? '699475941385' : '123456789012';
  return `arn:aws:codewhisperer:${region}:${owner}:profile/${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
}

function defaultProfiles(kind: AccountKind, region: string): readonly ProfileSpec[] {
  if (kind === 'builder-id') return [];
  return [{ arn: newProfileArn(kind, region), profileName: `KiroProfile-${region}`, profileType: 'KIRO' }];
}

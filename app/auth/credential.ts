import * as v from 'valibot';
import { isProfileArn, isRegion } from '../kiro/endpoints.ts';

/**
 * What signs a call to Kiro, one shape for each credential kind (protocol §0.3 fact 1). All times are epoch milliseconds.
 * This is a secret as a whole: it is sealed on disk and never leaves the main process.
 */
export type Credential = v.InferOutput<typeof credentialSchema>;
export type CredentialKind = Credential['kind'];
/** A credential whose tokens rotate: all but an API key. */
export type RotatingCredential = Exclude<Credential, { kind: 'api-key' }>;

const region = v.pipe(v.string(), v.check(isRegion, 'is not an AWS region'));
const profileArn = v.pipe(v.string(), v.check(isProfileArn, 'is not the ARN of a profile'));
const secret = v.pipe(v.string(), v.nonEmpty());

const tokens = {
  accessToken: secret,
  refreshToken: secret,
  /** When the access token ends. */
  expiresAt: v.number(),
  profileArn: v.optional(profileArn),
  /** Where the API serves this login; not the region of sign-in (protocol §2.2). */
  apiRegion: v.optional(region),
};

const oidcClient = {
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: secret,
  clientSecretExpiresAt: v.optional(v.number()),
  ssoRegion: region,
  startUrl: v.string(),
};

export const credentialSchema = v.variant('kind', [
  v.object({ kind: v.literal('social'), ...tokens, provider: v.optional(v.picklist(['google', 'github'])) }),
  v.object({ kind: v.literal('builder-id'), ...tokens, ...oidcClient }),
  v.object({ kind: v.literal('identity-center'), ...tokens, ...oidcClient }),
  v.object({
    kind: v.literal('external-idp'),
    ...tokens,
    clientId: v.pipe(v.string(), v.nonEmpty()),
    tokenEndpoint: v.pipe(v.string(), v.url()),
    issuerUrl: v.optional(v.string()),
    /** Space-separated, as OAuth sends them. */
    scopes: v.optional(v.string()),
  }),
  v.object({ kind: v.literal('api-key'), apiKey: secret, apiRegion: v.optional(region) }),
]);

export const builderIdStartUrl = 'https://view.awsapps.com/start';

/** The `TokenType` header that a kind needs on every call to Kiro (protocol §2.7). */
export function tokenTypeOf(kind: CredentialKind): 'EXTERNAL_IDP' | 'API_KEY' | undefined {
  if (kind === 'external-idp') return 'EXTERNAL_IDP';
  if (kind === 'api-key') return 'API_KEY';
  return undefined;
}

/** The bearer that signs a call now. */
export function bearerOf(credential: Credential): string {
  return credential.kind === 'api-key' ? credential.apiKey : credential.accessToken;
}

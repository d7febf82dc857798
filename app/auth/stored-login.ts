import * as v from 'valibot';
import { builderIdServiceProfileArn, isProfileArn, isRegion } from '../kiro/endpoints.ts';
import { builderIdStartUrl, credentialSchema, type RotatingCredential } from './credential.ts';
import { parseJsonObject } from './parse-json-object.ts';

/**
 * One login that another program keeps, or why it cannot be used. `row` names it within its store (the key of the row,
 * the name of the file); `problem` is one sentence for the user, without secrets.
 */
export type StoredLogin =
  | { readonly row: string; readonly credential: RotatingCredential }
  | { readonly row: string; readonly problem: string };

/** What the stores of kiro-cli and the Kiro IDE have in common, once their spellings are out of the way. */
export interface LoginFields {
  readonly kind: RotatingCredential['kind'];
  readonly accessToken: string | undefined;
  readonly refreshToken: string | undefined;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly profileArn: string | undefined;
  readonly provider: string | undefined;
  readonly region: string | undefined;
  readonly startUrl: string | undefined;
  readonly clientId: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly issuerUrl: string | undefined;
  readonly scopes: string | undefined;
}

/** The OIDC client that a Builder ID or Identity Center login was made with. */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Epoch ms. */
  readonly expiresAt: number | undefined;
  readonly region: string | undefined;
}

/** Makes a credential of what a store held, or says what is missing. */
export function storedLogin(
  row: string,
  fields: LoginFields,
  registration: ClientRegistration | undefined,
): StoredLogin {
  if (fields.refreshToken === undefined) {
    return { row, problem: 'It has no refresh token, so it cannot be kept alive. Sign in again there.' };
  }
  // A copy that a terminal or a log cut short; to send it would only look like an attack (protocol §1.3).
  if (/\.\.\.|…/.test(fields.refreshToken)) {
    return { row, problem: 'Its refresh token was cut short when it was copied. Sign in again there.' };
  }
  const isOidc = fields.kind === 'builder-id' || fields.kind === 'identity-center';
  if (isOidc && registration === undefined) {
    return { row, problem: 'Its client registration is missing, so it cannot be refreshed. Sign in again there.' };
  }
  const credential = v.safeParse(credentialSchema, candidate(fields, registration));
  if (!credential.success) {
    const member = v.getDotPath(credential.issues[0]) ?? 'shape';
    return { row, problem: `Its ${member} is missing or not usable. Sign in again there.` };
  }
  if (credential.output.kind === 'api-key') return { row, problem: 'It is an API key, not a login.' };
  return { row, credential: credential.output };
}

/** Whether two stored logins are the same: the same refresh token of the same kind. */
export function isSameLogin(a: StoredLogin, b: StoredLogin): boolean {
  if (!('credential' in a) || !('credential' in b)) return false;
  return a.credential.kind === b.credential.kind && a.credential.refreshToken === b.credential.refreshToken;
}

/** Builder ID signs in at one address; any other belongs to an organisation, and none at all means Builder ID (§1.3). */
export function oidcKindOf(startUrl: string | undefined): 'builder-id' | 'identity-center' {
  return startUrl === undefined || withoutSlash(startUrl) === builderIdStartUrl ? 'builder-id' : 'identity-center';
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** A profile ARN that may tell accounts apart; not the one that all Builder IDs share (protocol §4.4). */
export function ownProfileArn(arn: string | undefined): string | undefined {
  return arn !== undefined && isProfileArn(arn) && arn !== builderIdServiceProfileArn ? arn : undefined;
}

const secretPayload = v.object({ serialized: v.string() });
const serializedClient = v.object({ initiateLoginUri: v.string() });

/** The start URL that a client secret was issued for; the secret is a JWT that carries it (protocol §1.1.1). */
export function startUrlOfSecret(clientSecret: string): string | undefined {
  const payload = Buffer.from(clientSecret.split('.')[1] ?? '', 'base64url').toString('utf8');
  const outer = v.safeParse(secretPayload, parseJsonObject(payload));
  if (!outer.success) return undefined;
  const inner = v.safeParse(serializedClient, parseJsonObject(outer.output.serialized));
  return inner.success && inner.output.initiateLoginUri !== ''
    ? withoutSlash(inner.output.initiateLoginUri)
    : undefined;
}

/** A text that may be absent, null or empty, all of which mean the same in these stores. */
export const optionalText = v.pipe(
  v.nullish(v.string()),
  v.transform((text) => (text === null || text === '' ? undefined : text)),
);

/** Scopes come as one text or as a list; OAuth wants them with spaces between. */
export const scopesText = v.pipe(
  v.nullish(v.union([v.string(), v.array(v.string())])),
  v.transform((scopes) => (Array.isArray(scopes) ? scopes.join(' ') : (scopes ?? ''))),
  v.transform((scopes) => (scopes === '' ? undefined : scopes)),
);

function candidate(fields: LoginFields, registration: ClientRegistration | undefined): unknown {
  const { kind, accessToken, refreshToken, expiresAt } = fields;
  // An access token may be absent where the refresh token is there: it then counts as ended.
  const tokens = {
    kind,
    accessToken: accessToken ?? 'none',
    refreshToken,
    expiresAt: accessToken === undefined ? 0 : expiresAt,
    profileArn: kind === 'builder-id' ? undefined : ownProfileArn(fields.profileArn),
  };
  switch (kind) {
    case 'social':
      return { ...tokens, provider: providerOf(fields.provider) };
    case 'external-idp':
      return {
        ...tokens,
        clientId: fields.clientId,
        tokenEndpoint: fields.tokenEndpoint,
        issuerUrl: fields.issuerUrl,
        scopes: fields.scopes,
      };
    case 'builder-id':
    case 'identity-center':
      return {
        ...tokens,
        clientId: registration?.clientId,
        clientSecret: registration?.clientSecret,
        clientSecretExpiresAt: registration?.expiresAt,
        ssoRegion:
          [fields.region, registration?.region].find((region) => region !== undefined && isRegion(region)) ??
          'us-east-1',
        startUrl: fields.startUrl ?? (kind === 'builder-id' ? builderIdStartUrl : ''),
      };
  }
}

function providerOf(spelled: string | undefined): 'google' | 'github' | undefined {
  const name = spelled?.toLowerCase();
  return name === 'google' || name === 'github' ? name : undefined;
}

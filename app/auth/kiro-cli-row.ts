import * as v from 'valibot';
import { expiryOf } from './expiry.ts';
import { parseJsonObject } from './parse-json-object.ts';
import {
  oidcKindOf,
  optionalText,
  ownProfileArn,
  scopesText,
  storedLogin,
  type ClientRegistration,
  type LoginFields,
  type StoredLogin,
} from './stored-login.ts';

/** One row of `auth_kv` or `state`, as text; `null` when the value was NULL. */
export interface KiroCliRow {
  readonly key: string;
  readonly value: string | null;
}

/** A token row, read but not yet joined with what lies in other rows. */
export interface TokenRow {
  readonly row: string;
  /** Absent when the row has no shape that we know; `problem` then says so. */
  readonly fields?: LoginFields;
  readonly problem?: string;
}

/** Orders token rows: the current program's before those it inherited, kinds that are new to us last (protocol §1.1). */
export function byTokenKey(a: KiroCliRow, b: KiroCliRow): number {
  return rank(a.key) - rank(b.key);
}

/** Reads one token row (protocol §1.1.1) and tells its kind by what is in it, then by its key (§1.3). */
export function parseTokenRow({ key, value }: KiroCliRow): TokenRow {
  if (!tokenKeys.includes(key)) {
    return { row: key, problem: 'It is of a kind that this version of Kiro Pool does not know.' };
  }
  if (value === null) return { row: key, problem: 'The row is empty. Sign in again in kiro-cli.' };
  const parsed = v.safeParse(tokenSchema, parseJsonObject(value));
  if (!parsed.success) {
    const member = v.getDotPath(parsed.issues[0]);
    const problem = member === null ? 'The row is not a JSON object.' : `The row has an unusable ${member}.`;
    return { row: key, problem: `${problem} Sign in again in kiro-cli.` };
  }
  const token = parsed.output;
  return {
    row: key,
    fields: {
      kind: kindOf(key, token),
      accessToken: token.access_token,
      refreshToken: token.refresh_token,
      expiresAt: expiryOf(token.expires_at),
      profileArn: token.profile_arn,
      provider: token.provider,
      region: token.region,
      startUrl: token.start_url,
      clientId: token.client_id,
      tokenEndpoint: token.token_endpoint,
      issuerUrl: token.issuer_url,
      scopes: token.scopes,
    },
  };
}

/**
 * Joins token rows with their client registrations and the one profile ARN that kiro-cli keeps.
 *
 * The ARN belongs to whichever login kiro-cli used last, and nothing in the store says which that was; after a switch of
 * accounts it may be the previous one's (protocol §1.1.1). It is therefore attached only when a single login can own it;
 * otherwise none gets it, and asking Kiro for the profiles of each login decides. A wrong ARN would merge accounts (trap 11).
 */
export function joinRows(
  tokens: readonly TokenRow[],
  registrations: ReadonlyMap<string, ClientRegistration>,
  profileArn: string | undefined,
): StoredLogin[] {
  const arn = ownProfileArn(profileArn);
  const claims = new Set<string>();
  for (const { fields } of tokens) {
    if (fields?.profileArn !== undefined && fields.profileArn === arn) claims.add('a login that names it itself');
    else if (fields !== undefined && mayOwnProfile(fields)) claims.add(`${fields.kind} ${fields.refreshToken ?? ''}`);
  }
  const isOwned = claims.size === 1;
  return tokens.map(({ row, fields, problem }) => {
    if (fields === undefined) return { row, problem: problem ?? 'The row could not be read.' };
    const owns = isOwned && mayOwnProfile(fields);
    const complete = owns ? { ...fields, profileArn: arn } : fields;
    return storedLogin(row, complete, registrationFor(row, fields, registrations));
  });
}

/** The misspelling `odic` is kiro-cli's own. */
const tokenKeys: readonly string[] = [
  'kirocli:social:token',
  'kirocli:odic:token',
  'kirocli:oidc:token',
  'kirocli:external-idp:token',
  'codewhisperer:odic:token',
  'codewhisperer:oidc:token',
];

function rank(key: string): number {
  const index = tokenKeys.indexOf(key);
  return index === -1 ? tokenKeys.length : index;
}

const registrationSchema = v.object({
  client_id: v.pipe(v.string(), v.nonEmpty()),
  client_secret: v.pipe(v.string(), v.nonEmpty()),
  client_secret_expires_at: v.optional(v.unknown()),
  region: v.fallback(optionalText, undefined),
});

/** Reads one device registration (protocol §1.1.1); `undefined` when it is of no use. */
export function parseRegistration(value: string | null): ClientRegistration | undefined {
  const parsed = v.safeParse(registrationSchema, value === null ? undefined : parseJsonObject(value));
  if (!parsed.success) return undefined;
  const { client_id, client_secret, client_secret_expires_at, region } = parsed.output;
  const expiresAt = expiryOf(client_secret_expires_at);
  return {
    clientId: client_id,
    clientSecret: client_secret,
    expiresAt: expiresAt === 0 ? undefined : expiresAt,
    region,
  };
}

const profileSchema = v.object({ arn: v.string() });

/** The ARN in the `api.codewhisperer.profile` row of `state`. */
export function parseStateProfile(value: string | null | undefined): string | undefined {
  const parsed = v.safeParse(profileSchema, typeof value === 'string' ? parseJsonObject(value) : undefined);
  return parsed.success ? parsed.output.arn : undefined;
}

const tokenSchema = v.object({
  access_token: optionalText,
  refresh_token: optionalText,
  expires_at: v.optional(v.unknown()),
  // What only describes the login must not make it unusable.
  profile_arn: v.fallback(optionalText, undefined),
  provider: v.fallback(optionalText, undefined),
  region: v.fallback(optionalText, undefined),
  start_url: v.fallback(optionalText, undefined),
  client_id: v.fallback(optionalText, undefined),
  token_endpoint: v.fallback(optionalText, undefined),
  issuer_url: v.fallback(optionalText, undefined),
  scopes: v.fallback(scopesText, undefined),
});

type TokenValue = v.InferOutput<typeof tokenSchema>;

/** An Identity Center that is federated may end up as an external IdP whatever the user clicked (protocol §3.5). */
function kindOf(key: string, token: TokenValue): LoginFields['kind'] {
  if (key.includes(':external-idp:')) return 'external-idp';
  if (token.token_endpoint !== undefined && token.issuer_url !== undefined) return 'external-idp';
  return key.includes(':social:') ? 'social' : oidcKindOf(token.start_url);
}

/** Social logins carry their own ARN, and Builder IDs have none. */
function mayOwnProfile({ kind, profileArn }: LoginFields): boolean {
  return (kind === 'identity-center' || kind === 'external-idp') && ownProfileArn(profileArn) === undefined;
}

/** A login's own registration, else another one of its region: a client of another region would be refused. */
function registrationFor(
  row: string,
  fields: LoginFields,
  registrations: ReadonlyMap<string, ClientRegistration>,
): ClientRegistration | undefined {
  const own = registrations.get(row.replace(/:token$/, ':device-registration'));
  if (own !== undefined) return own;
  return [...registrations.values()].find(({ region }) => region === undefined || region === (fields.region ?? region));
}

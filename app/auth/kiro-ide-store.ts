import { readFileSync } from 'node:fs';
import { posix, win32, basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { AuthError } from './auth-error.ts';
import { expiryOf } from './expiry.ts';
import { parseJsonObject } from './parse-json-object.ts';
import {
  oidcKindOf,
  optionalText,
  scopesText,
  startUrlOfSecret,
  storedLogin,
  type ClientRegistration,
  type LoginFields,
  type StoredLogin,
} from './stored-login.ts';

/** The files of the Kiro IDE (protocol §1.2). */
export interface KiroIdeStore {
  /** `kiro-auth-token.json`; the client registration lies beside it under its hash. */
  readonly tokenPath: string;
  /** Holds the profile ARN of Identity Center and external IdP logins. */
  readonly profilePath: string;
}

/** Where the Kiro IDE keeps its login on this platform (protocol §1.2). */
export function kiroIdeStore(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): KiroIdeStore {
  const path = platform === 'win32' ? win32 : posix;
  const config = {
    win32: () => env['APPDATA'] || path.join(home, 'AppData', 'Roaming'),
    darwin: () => path.join(home, 'Library', 'Application Support'),
    other: () => env['XDG_CONFIG_HOME'] || path.join(home, '.config'),
  }[platform === 'win32' || platform === 'darwin' ? platform : 'other']();
  return {
    tokenPath: path.join(home, '.aws', 'sso', 'cache', 'kiro-auth-token.json'),
    profilePath: path.join(config, 'Kiro', 'User', 'globalStorage', 'kiro.kiroagent', 'profile.json'),
  };
}

/**
 * Reads the one login that the Kiro IDE keeps (protocol §1.2), without changing anything.
 * @throws AuthError `not-found` without a token file, `unreadable` when it may not be read or is not JSON
 */
export function readKiroIdeStore(store: KiroIdeStore): StoredLogin[] {
  const text = readText(store.tokenPath);
  if (text === undefined) {
    throw new AuthError('not-found', `There is no Kiro IDE login at ${store.tokenPath}.`, 'Sign in with the Kiro IDE.');
  }
  const row = basename(store.tokenPath);
  const parsed = v.safeParse(tokenSchema, parseJsonObject(text));
  if (!parsed.success) {
    throw new AuthError(
      'unreadable',
      `The Kiro IDE login at ${store.tokenPath} does not have the shape of one.`,
      'Sign in with the Kiro IDE again.',
    );
  }
  const token = parsed.output;
  const hash = token.clientIdHash;
  if (hash !== undefined && !isFileStem(hash)) {
    return [{ row, problem: 'Its clientIdHash is not a plain name. Sign in again there.' }];
  }
  const registration =
    hash === undefined ? undefined : readRegistration(join(dirname(store.tokenPath), `${hash}.json`));
  const startUrl = registration === undefined ? undefined : startUrlOfSecret(registration.clientSecret);
  const kind = kindOf(token, startUrl);
  const fields: LoginFields = {
    kind,
    accessToken: token.accessToken,
    refreshToken: token.refreshToken,
    expiresAt: expiryOf(token.expiresAt),
    profileArn: token.profileArn ?? (kind === 'social' ? undefined : readProfileArn(store.profilePath)),
    provider: token.provider,
    region: token.region,
    startUrl: kind === 'identity-center' ? startUrl : undefined,
    clientId: token.clientId,
    tokenEndpoint: token.tokenEndpoint,
    issuerUrl: token.issuerUrl,
    scopes: token.scopes,
  };
  return [storedLogin(row, fields, registration)];
}

const tokenSchema = v.object({
  accessToken: optionalText,
  refreshToken: optionalText,
  expiresAt: v.optional(v.unknown()),
  clientIdHash: optionalText,
  // What only describes the login must not make it unusable.
  authMethod: v.fallback(optionalText, undefined),
  provider: v.fallback(optionalText, undefined),
  profileArn: v.fallback(optionalText, undefined),
  region: v.fallback(optionalText, undefined),
  clientId: v.fallback(optionalText, undefined),
  tokenEndpoint: v.fallback(optionalText, undefined),
  issuerUrl: v.fallback(optionalText, undefined),
  scopes: v.fallback(scopesText, undefined),
});

type TokenFile = v.InferOutput<typeof tokenSchema>;

/** SHA-1 of Builder ID's start URL, the name under which its client registration lies (protocol §1.2). */
const builderIdHash = 'e909a0580879b06ece1202964fbe9dda95ea4ce3';

/** The order of protocol §1.3. `provider` is what the user chose, so it beats the start URL of a shared client. */
function kindOf(token: TokenFile, startUrl: string | undefined): LoginFields['kind'] {
  const provider = token.provider?.toLowerCase();
  if (token.authMethod === 'external_idp') return 'external-idp';
  if (token.tokenEndpoint !== undefined && token.issuerUrl !== undefined) return 'external-idp';
  if (token.authMethod === 'social' || provider === 'google' || provider === 'github') return 'social';
  if (token.clientIdHash === undefined && token.authMethod?.toLowerCase() !== 'idc') return 'social';
  if (provider === 'builderid' || token.clientIdHash === builderIdHash) return 'builder-id';
  if (provider === 'enterprise' || provider === 'internal') return 'identity-center';
  return oidcKindOf(startUrl);
}

/** The hash comes from a file and becomes part of a path. */
function isFileStem(hash: string): boolean {
  return /^[A-Za-z0-9_-]{1,128}$/.test(hash);
}

const registrationSchema = v.object({
  clientId: v.pipe(v.string(), v.nonEmpty()),
  clientSecret: v.pipe(v.string(), v.nonEmpty()),
  expiresAt: v.optional(v.unknown()),
});

function readRegistration(path: string): ClientRegistration | undefined {
  const parsed = v.safeParse(registrationSchema, parseJsonObject(readText(path) ?? ''));
  if (!parsed.success) return undefined;
  const { clientId, clientSecret } = parsed.output;
  const expiresAt = expiryOf(parsed.output.expiresAt);
  return { clientId, clientSecret, expiresAt: expiresAt === 0 ? undefined : expiresAt, region: undefined };
}

const profileSchema = v.object({ arn: v.string() });

function readProfileArn(path: string): string | undefined {
  const parsed = v.safeParse(profileSchema, parseJsonObject(readText(path) ?? ''));
  return parsed.success ? parsed.output.arn : undefined;
}

const fileError = v.object({ code: v.string() });

/** `undefined` when there is no such file. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const error = v.safeParse(fileError, cause);
    if (error.success && (error.output.code === 'ENOENT' || error.output.code === 'ENOTDIR')) return undefined;
    throw new AuthError('unreadable', `${path} could not be read.`, 'Check that this user may read the file.', {
      cause,
    });
  }
}

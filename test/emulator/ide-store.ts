import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatedAccount, Login } from './accounts.ts';

/** Where the files were written. */
export interface IdeStoreFiles {
  readonly token: string;
  readonly registration?: string;
  readonly profile?: string;
}

/** Writes a login as Kiro IDE keeps it below a home folder: token file, client registration, profile (protocol §1.2). */
export function writeIdeStore(homeDir: string, account: EmulatedAccount, login: Login): IdeStoreFiles {
  const cache = join(homeDir, '.aws', 'sso', 'cache');
  const token = put(cache, 'kiro-auth-token.json', tokenFile(login));
  const registration =
    login.clientSecret === undefined || login.startUrl === undefined || login.kind === 'external-idp'
      ? undefined
      : put(cache, `${clientIdHash(login.startUrl)}.json`, {
          clientId: login.clientId,
          clientSecret: login.clientSecret,
          expiresAt: new Date(login.clientSecretExpiresAt ?? 0).toISOString(),
        });
  const folder = join(homeDir, '.config', 'Kiro', 'User', 'globalStorage', 'kiro.kiroagent');
  const profileName = account.profiles.find(({ arn }) => arn === account.profileArn)?.profileName ?? 'KiroProfile';
  const profile =
    login.kind === 'social' || account.profileArn === undefined
      ? undefined
      : put(folder, 'profile.json', { arn: account.profileArn, name: profileName });
  return {
    token,
    ...(registration === undefined ? {} : { registration }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** The name of a registration file: SHA-1 of the start URL as JSON, without trailing slash (protocol §1.2). */
export function clientIdHash(startUrl: string): string {
  return createHash('sha1')
    .update(JSON.stringify({ startUrl: startUrl.replace(/\/+$/, '') }))
    .digest('hex');
}

function tokenFile(login: Login): object {
  const base = {
    accessToken: login.accessToken,
    refreshToken: login.refreshToken,
    expiresAt: new Date(login.expiresAt).toISOString(),
  };
  if (login.kind === 'social') {
    return {
      ...base,
      profileArn: login.profileArn,
      authMethod: 'social',
      provider: login.provider === 'github' ? 'Github' : 'Google',
    };
  }
  if (login.kind === 'external-idp') {
    const { clientId, issuerUrl, tokenEndpoint, scopes = [] } = login;
    const addresses = { clientId, issuerUrl, tokenEndpoint, scopes: scopes.join(' ') };
    return { ...base, authMethod: 'external_idp', provider: 'ExternalIdp', ...addresses };
  }
  const provider = login.kind === 'builder-id' ? 'BuilderId' : 'Enterprise';
  return {
    ...base,
    clientIdHash: clientIdHash(login.startUrl ?? ''),
    authMethod: 'IdC',
    provider,
    region: login.region,
  };
}

function put(folder: string, name: string, value: object): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value, null, 2), { mode: 0o600 });
  return path;
}

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EmulatedAccount, Login } from './accounts.ts';

export { seedFromSql } from './seed-store.ts';

/** One login for a store; `rowKey` overrides the key that fits its kind. */
export interface StoredLogin {
  readonly account: EmulatedAccount;
  readonly login: Login;
  readonly rowKey?: string;
}

/** Builds a kiro-cli `data.sqlite3` from logins (protocol §1.1). `wal` leaves it in WAL mode with a filled `-wal` file. */
export function writeCliStore(
  path: string,
  logins: readonly StoredLogin[],
  options: { readonly wal?: boolean } = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  const database = openCliStore(path);
  let files: { main: Buffer; wal: Buffer } | undefined;
  try {
    if (options.wal === true) database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;');
    for (const stored of logins) putLogin(database, stored);
    if (options.wal === true) files = filesOf(path);
  } finally {
    database.close();
  }
  if (files !== undefined) {
    writeFileSync(path, files.main);
    writeFileSync(`${path}-wal`, files.wal);
  }
  chmodSync(path, 0o600);
}

/** Opens a store, making its tables when they are missing (protocol §1.1). */
export function openCliStore(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec(`
    CREATE TABLE IF NOT EXISTS auth_kv (key TEXT PRIMARY KEY, value TEXT);
    CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB);
    CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, migration_time INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS history (id INTEGER PRIMARY KEY, command TEXT);
    CREATE TABLE IF NOT EXISTS conversations_v2 (key TEXT PRIMARY KEY, value TEXT);`);
  return database;
}

/** Writes one login's rows: token, registration, chosen profile (protocol §1.1.1). */
function putLogin(database: DatabaseSync, stored: StoredLogin): void {
  const { account, login, rowKey = tokenKey(login) } = stored;
  const put = (table: 'auth_kv' | 'state', key: string, value: object): void => {
    database.prepare(`INSERT OR REPLACE INTO ${table} (key, value) VALUES (?, ?)`).run(key, JSON.stringify(value));
  };
  put('auth_kv', rowKey, tokenRow(login));
  if (login.clientSecret !== undefined && login.kind !== 'external-idp') {
    put('auth_kv', rowKey.replace(/:token$/, ':device-registration'), {
      client_id: login.clientId,
      client_secret: login.clientSecret,
      client_secret_expires_at: new Date(login.clientSecretExpiresAt ?? 0).toISOString(),
      region: login.region,
      oauth_flow: 'DeviceCode',
      scopes: login.scopes,
    });
  }
  const profile = account.profiles.find((candidate) => candidate.arn === account.profileArn);
  if (login.kind !== 'social' && profile !== undefined) {
    put('state', 'api.codewhisperer.profile', { arn: profile.arn, profile_name: profile.profileName ?? 'KiroProfile' });
  }
}

/** The `auth_kv` key of a login's kind (protocol §1.1). */
function tokenKey(login: Login): string {
  if (login.kind === 'social') return 'kirocli:social:token';
  return login.kind === 'external-idp' ? 'kirocli:external-idp:token' : 'kirocli:odic:token';
}

/** The token row's value; times have nine fractional digits as the real ones do (protocol §1.1.1). */
function tokenRow(login: Login): object {
  const base = {
    access_token: login.accessToken,
    refresh_token: login.refreshToken,
    expires_at: new Date(login.expiresAt).toISOString().replace('Z', '456789Z'),
  };
  if (login.kind === 'social') return { ...base, provider: login.provider, profile_arn: login.profileArn };
  if (login.kind === 'external-idp') {
    const { clientId, issuerUrl, tokenEndpoint, scopes = [] } = login;
    return {
      ...base,
      client_id: clientId,
      issuer_url: issuerUrl,
      token_endpoint: tokenEndpoint,
      scopes: scopes.join(' '),
    };
  }
  return { ...base, region: login.region, start_url: login.startUrl, oauth_flow: 'DeviceCode', scopes: login.scopes };
}

/** Closing the last connection folds the log into the main file, so both are read before and put back after. */
function filesOf(path: string): { main: Buffer; wal: Buffer } {
  return { main: readFileSync(path), wal: readFileSync(`${path}-wal`) };
}

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BUILDER_ID_START_URL, DEVICE_GRANTS, type AccountSpec, type EmulatedAccount } from './accounts.ts';
import type { Emulator } from './emulator.ts';
import { arrayOf, objectOf, parseJson, stringOf, type JsonObject } from './json.ts';

/** An account that a row of the store now belongs to. */
export interface SeededAccount {
  readonly rowKey: string;
  readonly account: EmulatedAccount;
  readonly refreshToken: string;
}

/**
 * Builds a store from a `cli_db_*.sql` seed and makes its logins live: for every token row an account is added that owns exactly
 * those tokens, with the client and profile of the other rows. A token that another row has already is replaced by a fresh one in
 * the store, and an external IdP's addresses are moved to the emulator. A row without refresh token gets no account.
 */
export function seedFromSql(emulator: Emulator, sqlPath: string, dbPath: string): SeededAccount[] {
  mkdirSync(dirname(dbPath), { recursive: true });
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(dbPath + suffix, { force: true });
  const database = new DatabaseSync(dbPath);
  try {
    database.exec(readFileSync(sqlPath, 'utf8'));
    const rows = tokenRows(database);
    const stateArn = stringOf(valueOf(database, 'state', 'api.codewhisperer.profile')['arn']);
    const hasIdentityCenter = rows.some(({ row }) => kindOf(row) === 'identity-center');
    return rows.map(({ key, row }) => {
      const kind = kindOf(row);
      // The state row belongs to one account only: the Identity Center one where there is such a row.
      const isOwnerOfState = kind === 'identity-center' || (kind === 'external-idp' && !hasIdentityCenter);
      const arn = stringOf(row['profile_arn']) || (isOwnerOfState ? stateArn : '');
      const account = emulator.addAccount(specOf(row, kind, arn, emulator));
      const refreshToken = adopt(emulator, database, key, row, account);
      return { rowKey: key, account, refreshToken };
    });
  } finally {
    database.close();
  }
}

function adopt(
  emulator: Emulator,
  database: DatabaseSync,
  key: string,
  row: JsonObject,
  account: EmulatedAccount,
): string {
  const { families, mint, clients } = emulator.world;
  const own = emulator.world.account(account.id);
  if (own === undefined) throw new Error(`no account ${account.id}`);
  const isTaken =
    families.familyOf(stringOf(row['refresh_token'])) !== undefined ||
    families.knowsAccessToken(stringOf(row['access_token']));
  const isExternal = account.kind === 'external-idp';
  const freshAccess = (): string => (isExternal ? mint.jwt({ email: account.email }) : mint.accessToken());
  const freshRefresh = (): string => (isExternal ? mint.externalRefreshToken() : mint.refreshToken());
  const accessToken = isTaken ? freshAccess() : stringOf(row['access_token']);
  const refreshToken = isTaken ? freshRefresh() : stringOf(row['refresh_token']);
  const expiresAt = Date.parse(stringOf(row['expires_at']).replace(/(\.\d{3})\d+/, '$1'));
  const registration = valueOf(database, 'auth_kv', key.replace(/:token$/, ':device-registration'));
  const clientId = stringOf(row['client_id']) || stringOf(registration['client_id']) || undefined;
  if (stringOf(registration['client_secret']) !== '') {
    clients.adopt({
      clientId: stringOf(registration['client_id']),
      clientSecret: stringOf(registration['client_secret']),
      regions: [stringOf(registration['region']), account.ssoRegion],
      scopes: arrayOf(registration['scopes']).map(stringOf),
      grantTypes: DEVICE_GRANTS,
      issuedAt: emulator.world.now(),
      expiresAt: Date.parse(stringOf(registration['client_secret_expires_at'])),
    });
    own.useClient(stringOf(registration['client_id']));
  }
  families.adopt({ ...own.familySpec(), clientId, isRefreshable: true }, { accessToken, refreshToken, expiresAt });
  const base = `${emulator.url}/idp/${account.tenant ?? ''}`;
  const moved = isExternal ? { issuer_url: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` } : {};
  const value = JSON.stringify({ ...row, access_token: accessToken, refresh_token: refreshToken, ...moved });
  database.prepare('UPDATE auth_kv SET value = ? WHERE key = ?').run(value, key);
  return refreshToken;
}

function specOf(row: JsonObject, kind: AccountSpec['kind'], arn: string, emulator: Emulator): AccountSpec {
  const tenant = /microsoftonline\.com\/([^/]+)\//.exec(stringOf(row['token_endpoint']))?.[1];
  const count = emulator.accounts().length + 1;
  const provider = stringOf(row['provider']).toLowerCase() === 'github' ? 'github' : 'google';
  return {
    kind,
    email: `seeded-${count}@example.com`,
    ...(kind === 'social' ? { provider } : {}),
    ...(kind === 'identity-center' ? { startUrl: stringOf(row['start_url']) } : {}),
    ...(stringOf(row['region']) === '' ? {} : { ssoRegion: stringOf(row['region']) }),
    ...(arn === '' ? {} : { profiles: [{ arn }], apiRegion: arn.split(':')[3] ?? 'us-east-1' }),
    ...(tenant === undefined ? {} : { tenant }),
  };
}

function kindOf(row: JsonObject): AccountSpec['kind'] {
  if (row['token_endpoint'] !== undefined) return 'external-idp';
  if (row['provider'] !== undefined) return 'social';
  const startUrl = stringOf(row['start_url']);
  return startUrl === '' || startUrl === BUILDER_ID_START_URL ? 'builder-id' : 'identity-center';
}

function tokenRows(database: DatabaseSync): { key: string; row: JsonObject }[] {
  return database
    .prepare("SELECT key, value FROM auth_kv WHERE key LIKE '%:token' ORDER BY rowid")
    .all()
    .map(({ key, value }) => ({ key: String(key), row: objectOf(parseJson(String(value))) }))
    .filter(({ row }) => stringOf(row['refresh_token']) !== '');
}

function valueOf(database: DatabaseSync, table: 'auth_kv' | 'state', key: string): JsonObject {
  const found = database.prepare(`SELECT CAST(value AS TEXT) AS value FROM ${table} WHERE key = ?`).get(key);
  return objectOf(parseJson(String(found?.['value'] ?? 'null')));
}

import { openCliStore } from './cli-store.ts';
import { objectOf, parseJson, stringOf, type JsonObject } from './json.ts';

/** The login that our kiro-cli is signed in with. */
export interface ActiveLogin {
  readonly kind: 'social' | 'builder-id' | 'identity-center' | 'external-idp';
  readonly rowKey: string;
  readonly row: JsonObject;
  readonly registration: JsonObject;
  readonly provider: string;
  readonly email: string;
  readonly region: string;
  readonly startUrl: string | undefined;
  readonly profileArn: string | undefined;
  readonly profileName: string | undefined;
}

const TOKEN_KEYS = ['kirocli:odic:token', 'kirocli:social:token', 'kirocli:external-idp:token'];

/** The active login of a store, if any. */
export function readActive(path: string): ActiveLogin | undefined {
  using database = disposable(path);
  const read = (table: 'auth_kv' | 'state', key: string): JsonObject => {
    const found = database.value.prepare(`SELECT CAST(value AS TEXT) AS value FROM ${table} WHERE key = ?`).get(key);
    return objectOf(parseJson(String(found?.['value'] ?? 'null')));
  };
  const rowKey = TOKEN_KEYS.find((key) => stringOf(read('auth_kv', key)['access_token']) !== '');
  if (rowKey === undefined) return undefined;
  const row = read('auth_kv', rowKey);
  const profile = read('state', 'api.codewhisperer.profile');
  const startUrl = stringOf(row['start_url']);
  return {
    rowKey,
    row,
    kind: kindOf(rowKey, startUrl),
    registration: read('auth_kv', rowKey.replace(/:token$/, ':device-registration')),
    provider: stringOf(row['provider']).toLowerCase(),
    email: stringOf(read('state', 'emulated.email')['email']),
    region: stringOf(row['region']) || 'us-east-1',
    startUrl: startUrl || undefined,
    profileArn: stringOf(row['profile_arn']) || stringOf(profile['arn']) || undefined,
    profileName: stringOf(profile['profile_name']) || undefined,
  };
}

/** Removes token, registration and profile rows (protocol §1.4). */
export function removeLogin(path: string): void {
  using database = disposable(path);
  database.value.exec(
    "DELETE FROM auth_kv WHERE key LIKE 'kirocli:%'; DELETE FROM state WHERE key IN ('api.codewhisperer.profile', 'emulated.email');",
  );
}

/** Refreshes the active login and stores the result, keeping unknown members. A rejected login is deleted (protocol §1.4). */
export async function refreshActive(path: string, url: string, login: ActiveLogin): Promise<boolean> {
  const { address, init } = refreshRequest(url, login);
  const response = await fetch(address, { method: 'POST', ...init });
  const answer = objectOf(parseJson(await response.text()));
  if (!response.ok) {
    if (response.status >= 400 && response.status < 500) removeLogin(path);
    return false;
  }
  const seconds = Number(answer['expiresIn'] ?? answer['expires_in'] ?? 3600);
  const value = {
    ...login.row,
    access_token: answer['accessToken'] ?? answer['access_token'],
    refresh_token: answer['refreshToken'] ?? answer['refresh_token'] ?? login.row['refresh_token'],
    expires_at: new Date(Date.now() + seconds * 1000).toISOString(),
  };
  using database = disposable(path);
  database.value.prepare('UPDATE auth_kv SET value = ? WHERE key = ?').run(JSON.stringify(value), login.rowKey);
  return true;
}

function refreshRequest(url: string, login: ActiveLogin): { address: string; init: RequestInit } {
  const refreshToken = stringOf(login.row['refresh_token']);
  const json = (body: object): RequestInit => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (login.kind === 'social') return { address: `${url}/auth.us-east-1/refreshToken`, init: json({ refreshToken }) };
  if (login.kind === 'external-idp') {
    const client_id = stringOf(login.row['client_id']);
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id });
    return { address: stringOf(login.row['token_endpoint']), init: { body } };
  }
  const { client_id: clientId, client_secret: clientSecret } = login.registration;
  const body = { grantType: 'refresh_token', clientId, clientSecret, refreshToken };
  return { address: `${url}/oidc.${login.region}/token`, init: json(body) };
}

function kindOf(rowKey: string, startUrl: string): ActiveLogin['kind'] {
  if (rowKey === 'kirocli:social:token') return 'social';
  if (rowKey === 'kirocli:external-idp:token') return 'external-idp';
  return startUrl === '' || startUrl === 'https://view.awsapps.com/start' ? 'builder-id' : 'identity-center';
}

function disposable(path: string): Disposable & { readonly value: ReturnType<typeof openCliStore> } {
  const value = openCliStore(path);
  return { value, [Symbol.dispose]: () => value.close() };
}

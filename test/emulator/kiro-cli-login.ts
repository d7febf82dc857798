import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCliStore } from './cli-store.ts';
import { arrayOf, objectOf, parseJson, stringOf, type JsonObject } from './json.ts';

const BUILDER_ID = 'https://view.awsapps.com/start';
const SCOPES = ['codewhisperer:completions', 'codewhisperer:analysis', 'codewhisperer:conversations'];
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** What a login was started with. */
export interface SignInOptions {
  readonly url: string;
  readonly storePath: string;
  readonly license: string | undefined;
  readonly startUrl: string | undefined;
  readonly region: string | undefined;
}

/** Asks on the terminal, prints code and address, polls, stores (protocol §1.4). Throws when the login fails. */
export async function signIn(options: SignInOptions): Promise<void> {
  const choice = await ask(options);
  if (choice.method === 'social') await social(options, choice.provider);
  else await oidc(options, choice.startUrl, choice.region);
}

type Choice =
  | { readonly method: 'social'; readonly provider: 'Google' | 'Github' }
  | { readonly method: 'oidc'; readonly startUrl: string; readonly region: string };

async function ask(options: SignInOptions): Promise<Choice> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const prompt = async (question: string, preset: string): Promise<string> =>
      (await terminal.question(question)).trim() || preset;
    const builderId: Choice = { method: 'oidc', startUrl: BUILDER_ID, region: 'us-east-1' };
    if (options.license === 'free') return builderId;
    if (options.license === undefined) {
      const menu =
        'Select login method\n  1) Use with Builder ID\n  2) Use with Google\n  3) Use with GitHub\n  4) Use with your organization\n> ';
      const picked = await prompt(menu, '1');
      if (picked === '2' || picked === '3') return { method: 'social', provider: picked === '2' ? 'Google' : 'Github' };
      if (picked !== '4') return builderId;
    }
    // The prompts still appear, prefilled, when the flags are given (protocol §1.4).
    const startUrl = await prompt(`Enter Start URL (${options.startUrl ?? ''}): `, options.startUrl ?? '');
    const region = await prompt(`Enter Region (${options.region ?? 'us-east-1'}): `, options.region ?? 'us-east-1');
    return { method: 'oidc', startUrl: startUrl.replace(/\/+$/, ''), region };
  } finally {
    terminal.close();
  }
}

async function oidc(options: SignInOptions, startUrl: string, region: string): Promise<void> {
  const base = `${options.url}/oidc.${region}`;
  const grantTypes = [DEVICE_GRANT, 'refresh_token'];
  const client = await post(`${base}/client/register`, {
    clientName: 'Kiro CLI',
    clientType: 'public',
    scopes: SCOPES,
    grantTypes,
  });
  const { clientId, clientSecret } = client.body;
  const device = (await post(`${base}/device_authorization`, { clientId, clientSecret, startUrl })).body;
  if (device['deviceCode'] === undefined) throw new Error(`${stringOf(device['error_description'])}: ${startUrl}`);
  process.stdout.write('Confirm the following code in the browser\n');
  process.stdout.write(
    `Code: ${stringOf(device['userCode'])}\n\nOpen this URL: ${stringOf(device['verificationUriComplete'])}\n`,
  );
  const request = { clientId, clientSecret, grantType: DEVICE_GRANT, deviceCode: device['deviceCode'] };
  const tokens = await poll(`${base}/token`, request, Number(device['interval'] ?? 1) * 1000);
  const common = { region, oauth_flow: 'DeviceCode', scopes: SCOPES };
  const secretExpiresAt = new Date(Number(client.body['clientSecretExpiresAt']) * 1000).toISOString();
  const registration = {
    client_id: clientId,
    client_secret: clientSecret,
    client_secret_expires_at: secretExpiresAt,
    ...common,
  };
  const profile =
    startUrl === BUILDER_ID ? undefined : await firstProfile(options.url, stringOf(tokens['accessToken']));
  store(options.storePath, [
    ['auth_kv', 'kirocli:odic:token', { ...tokenMembers(tokens), start_url: startUrl, ...common }],
    ['auth_kv', 'kirocli:odic:device-registration', registration],
    ...(profile === undefined ? [] : [['state', 'api.codewhisperer.profile', profile] as const]),
  ]);
}

async function social(options: SignInOptions, provider: 'Google' | 'Github'): Promise<void> {
  const base = `${options.url}/auth.us-east-1/oauth/device`;
  const device = (await post(`${base}/authorization`, { clientId: 'kiro-cli', loginProvider: provider })).body;
  if (device['deviceCode'] === undefined) throw new Error(`sign-in with ${provider} failed: ${JSON.stringify(device)}`);
  process.stdout.write(
    `Visit ${stringOf(device['verificationUriComplete'])}\nand confirm the code: ${stringOf(device['userCode'])}\n`,
  );
  const tokens = await poll(
    `${base}/poll`,
    { clientId: 'kiro-cli', deviceCode: device['deviceCode'] },
    Number(device['intervalInMilliseconds'] ?? 5000),
  );
  const usage = await fetch(`${options.url}/q.us-east-1/getUsageLimits?origin=KIRO_CLI&isEmailRequired=true`, {
    headers: { authorization: `Bearer ${stringOf(tokens['accessToken'])}` },
  });
  const email = stringOf(objectOf(objectOf(parseJson(await usage.text()))['userInfo'])['email']);
  const row = { ...tokenMembers(tokens), provider: provider.toLowerCase(), profile_arn: tokens['profileArn'] };
  store(options.storePath, [
    ['auth_kv', 'kirocli:social:token', row],
    ['state', 'emulated.email', { email }],
  ]);
}

/** Polls until somebody decides. */
async function poll(address: string, request: object, intervalMs: number): Promise<JsonObject> {
  let waitMs = intervalMs;
  for (;;) {
    await sleep(waitMs);
    const { ok, body } = await post(address, request);
    if (ok && body['accessToken'] !== undefined) return body;
    const state = stringOf(body['error']) || stringOf(body['status']);
    if (state === 'slow_down') waitMs += 5000;
    else if (state !== 'authorization_pending') throw new Error(`login failed: ${state}`);
  }
}

async function firstProfile(url: string, accessToken: string): Promise<object | undefined> {
  for (const region of ['us-east-1', 'eu-central-1']) {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/q.${region}/ListAvailableProfiles`, { method: 'POST', headers, body: '{}' });
    const [first] = arrayOf(objectOf(parseJson(await response.text()))['profiles']);
    const profile = objectOf(first);
    if (profile['arn'] !== undefined) return { arn: profile['arn'], profile_name: profile['profileName'] };
  }
  return undefined;
}

function tokenMembers(tokens: JsonObject): object {
  const expiresAt = new Date(Date.now() + Number(tokens['expiresIn'] ?? 3600) * 1000);
  return {
    access_token: tokens['accessToken'],
    refresh_token: tokens['refreshToken'],
    expires_at: expiresAt.toISOString(),
  };
}

function store(path: string, rows: readonly (readonly ['auth_kv' | 'state', string, object])[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const database = openCliStore(path);
  try {
    for (const [table, key, value] of rows) {
      database.prepare(`INSERT OR REPLACE INTO ${table} (key, value) VALUES (?, ?)`).run(key, JSON.stringify(value));
    }
  } finally {
    database.close();
  }
}

async function post(address: string, body: object): Promise<{ ok: boolean; body: JsonObject }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  return { ok: response.ok, body: objectOf(parseJson(await response.text())) };
}

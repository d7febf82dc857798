import { BUILDER_ID_START_URL } from './accounts.ts';
import type { OidcClient } from './clients.ts';
import type { Exchange } from './exchange.ts';
import { arrayOf, isObject, parseJson, stringOf, type JsonObject } from './json.ts';
import { takeLoginFault } from './login-fault.ts';
import { lifeSeconds, spendRefreshToken } from './refresh.ts';
import { oauthRefusal, Refusal, unknownOperation } from './refusal.ts';
import type { World } from './world.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const LIFE_MS = 600_000;
const INTERVAL_MS = 1000;

/** AWS SSO-OIDC of one region: registration, device authorization, tokens (protocol §2.2, §3.1). */
export async function oidc(exchange: Exchange, world: World): Promise<void> {
  if (exchange.request.method !== 'POST')
    throw unknownOperation('operation-unknown', `${exchange.request.method ?? ''} ${exchange.path}`);
  switch (exchange.path) {
    case '/client/register':
      return register(exchange, world);
    case '/device_authorization':
      return deviceAuthorization(exchange, world);
    case '/token':
      return token(exchange, world);
    default:
      throw unknownOperation('operation-unknown', exchange.path);
  }
}

async function register(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('RegisterClient');
  const body = await camelBody(exchange, [
    'clientName',
    'clientType',
    'scopes',
    'grantTypes',
    'redirectUris',
    'issuerUrl',
    'entitledApplicationArn',
  ]);
  if (await takeLoginFault(exchange, world)) return;
  if (stringOf(body['clientName']) === '' || body['clientType'] !== 'public') {
    throw oauthRefusal('register-request', 'invalid_request', 'clientName and clientType public are required');
  }
  const grantTypes = arrayOf(body['grantTypes']).map(stringOf);
  const client = world.clients.register({
    region: exchange.region,
    scopes: arrayOf(body['scopes']).map(stringOf),
    grantTypes: grantTypes.length === 0 ? [DEVICE_GRANT, 'refresh_token'] : grantTypes,
  });
  exchange.reply(200, {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    clientIdIssuedAt: Math.floor(client.issuedAt / 1000),
    clientSecretExpiresAt: Math.floor(client.expiresAt / 1000),
  });
}

async function deviceAuthorization(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('StartDeviceAuthorization');
  const body = await camelBody(exchange, ['clientId', 'clientSecret', 'startUrl']);
  if (await takeLoginFault(exchange, world)) return;
  const client = knownClient(exchange, world, body);
  if (!client.grantTypes.includes(DEVICE_GRANT))
    throw oauthRefusal('client-grant', 'unauthorized_client', 'Client lacks the device grant');
  const startUrl = stringOf(body['startUrl']).replace(/\/+$/, '');
  if (!isStartUrlHere(world, startUrl, exchange.region)) {
    throw oauthRefusal('device-start-url', 'invalid_request', 'Invalid start url provided');
  }
  const intervalMs = world.settings.deviceIntervalMs ?? INTERVAL_MS;
  const { clientId } = client;
  const { region } = exchange;
  const login = world.devices.begin({
    flow: 'oidc',
    clientId,
    region,
    startUrl,
    provider: undefined,
    intervalMs,
    lifeMs: LIFE_MS,
  });
  exchange.reply(200, {
    deviceCode: login.deviceCode,
    userCode: login.userCode,
    verificationUri: `${world.url}/account/device`,
    verificationUriComplete: `${world.url}/account/device?user_code=${login.userCode}`,
    expiresIn: LIFE_MS / 1000,
    interval: intervalMs / 1000,
  });
}

async function token(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('CreateToken');
  const body = await camelBody(exchange, [
    'clientId',
    'clientSecret',
    'grantType',
    'refreshToken',
    'deviceCode',
    'code',
    'codeVerifier',
    'redirectUri',
    'scope',
  ]);
  const client = knownClient(exchange, world, body);
  if (body['grantType'] === 'refresh_token') return refresh(exchange, world, client, stringOf(body['refreshToken']));
  if (body['grantType'] === DEVICE_GRANT) return redeemDevice(exchange, world, client, stringOf(body['deviceCode']));
  throw oauthRefusal('token-grant', 'unsupported_grant_type', 'Grant type is not supported');
}

async function refresh(exchange: Exchange, world: World, client: OidcClient, refreshToken: string): Promise<void> {
  exchange.operation('OidcRefresh');
  if (refreshToken === '') throw oauthRefusal('refresh-request', 'invalid_request', 'Invalid request');
  const refuse = (rule: string): Refusal => oauthRefusal(rule, 'invalid_grant', 'Invalid refresh token provided');
  const family = world.families.familyOf(refreshToken);
  if (family !== undefined) exchange.entry.account = family.accountId;
  // A refresh token belongs to the client and the region of its login (protocol §2.2).
  if (family?.clientId !== undefined && family.clientId !== client.clientId) throw refuse('refresh-token-client');
  if (family !== undefined && family.kind !== 'social' && family.region !== exchange.region)
    throw refuse('refresh-token-region');
  if (!client.grantTypes.includes('refresh_token') || family?.isRefreshable === false) {
    throw oauthRefusal('client-grant', 'unauthorized_client', 'Client is not authorized to use this grant type');
  }
  await spendRefreshToken(exchange, world, refreshToken, {
    kinds: ['builder-id', 'identity-center'],
    refuse,
    answer: (tokens) => ({
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      expiresIn: lifeSeconds(tokens, world.now()),
      tokenType: 'Bearer',
    }),
  });
}

async function redeemDevice(exchange: Exchange, world: World, client: OidcClient, deviceCode: string): Promise<void> {
  exchange.operation('OidcDevicePoll');
  if (await takeLoginFault(exchange, world)) return;
  const { outcome, login } = world.devices.poll(deviceCode, client.clientId);
  const account = login?.accountId === undefined ? undefined : world.account(login.accountId);
  if (outcome !== 'approved' || account === undefined) {
    const error = outcome === 'unknown' || outcome === 'approved' ? 'invalid_grant' : outcome;
    throw new Refusal({ rule: `device-${error.replaceAll('_', '-')}`, status: 400, body: { error }, reason: error });
  }
  exchange.operation('OidcDevicePoll', account);
  const { clientId, clientSecret, expiresAt, grantTypes } = client;
  const issued = account.newLogin({
    client: { clientId, clientSecret, expiresAt, canRefresh: grantTypes.includes('refresh_token') },
  });
  const { accessToken, refreshToken } = issued;
  exchange.reply(200, { accessToken, refreshToken, expiresIn: lifeSeconds(issued, world.now()), tokenType: 'Bearer' });
}

function knownClient(exchange: Exchange, world: World, body: JsonObject): OidcClient {
  const client = world.clients.find(stringOf(body['clientId']));
  const isKnown =
    client !== undefined && client.clientSecret === body['clientSecret'] && client.regions.includes(exchange.region);
  if (!isKnown) throw oauthRefusal('client-unknown', 'invalid_client', 'Invalid client provided', 401);
  if (world.now() >= client.expiresAt) throw oauthRefusal('client-expired', 'invalid_client', 'Client is expired');
  return client;
}

function isStartUrlHere(world: World, startUrl: string, region: string): boolean {
  if (startUrl === BUILDER_ID_START_URL) return region === 'us-east-1';
  return world
    .accounts()
    .some(
      ({ kind, startUrl: own, ssoRegion }) => kind === 'identity-center' && own === startUrl && ssoRegion === region,
    );
}

/** JSON with camelCase members, or `invalid_request` (protocol §2.2). */
async function camelBody(exchange: Exchange, allowed: readonly string[]): Promise<JsonObject> {
  const text = (await exchange.body()).toString('utf8');
  const body = exchange.contentType === 'application/json' ? parseJson(text) : undefined;
  if (!isObject(body)) throw oauthRefusal('oidc-encoding', 'invalid_request', 'Invalid request');
  const unknown = Object.keys(body).find((member) => !allowed.includes(member));
  if (unknown !== undefined) throw oauthRefusal('oidc-members', 'invalid_request', 'Invalid request');
  return body;
}

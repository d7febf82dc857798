import type { Exchange } from './exchange.ts';
import { stringOf, type JsonObject } from './json.ts';
import { lifeSeconds, spendRefreshToken } from './refresh.ts';
import { Refusal, socialRefusal, unknownOperation } from './refusal.ts';
import { takeLoginFault } from './login-fault.ts';
import type { World } from './world.ts';

const INTERVAL_MS = 5000;
const LIFE_MS = 300_000;

/** The social sign-in service: refresh (protocol §2.1) and device login (protocol §3.3). */
export async function socialAuth(exchange: Exchange, world: World): Promise<void> {
  if (exchange.request.method !== 'POST')
    throw unknownOperation('operation-unknown', `${exchange.request.method ?? ''} ${exchange.path}`);
  switch (exchange.path) {
    case '/refreshToken':
      return refresh(exchange, world);
    case '/oauth/device/authorization':
      return deviceAuthorization(exchange, world);
    case '/oauth/device/poll':
      return devicePoll(exchange, world);
    default:
      throw unknownOperation('operation-unknown', exchange.path);
  }
}

async function refresh(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('SocialRefresh');
  const refreshToken = stringOf((await socialBody(exchange))['refreshToken']);
  if (refreshToken === '') throw socialRefusal('refresh-request', 400, 'refreshToken is required');
  await spendRefreshToken(exchange, world, refreshToken, {
    kinds: ['social'],
    // A token of another company's sign-in is no credential here at all (protocol §2.4).
    refuse: (rule, family) =>
      family?.kind === 'external-idp'
        ? socialRefusal(rule, 401, 'Bad credentials')
        : socialRefusal(rule, 400, 'Invalid refresh token provided'),
    answer: (tokens, family) => {
      const profileArn = world.account(family.accountId)?.profileArn;
      const { accessToken, refreshToken: next } = tokens;
      return {
        accessToken,
        refreshToken: next,
        expiresIn: lifeSeconds(tokens, world.now()),
        ...(profileArn === undefined ? {} : { profileArn }),
      };
    },
  });
}

async function deviceAuthorization(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('SocialDeviceAuthorization');
  const body = await socialBody(exchange);
  if (await takeLoginFault(exchange, world)) return;
  if (body['clientId'] !== 'kiro-cli') throw socialRefusal('device-client', 400, 'Invalid client');
  const provider = body['loginProvider'];
  if (provider !== 'Google' && provider !== 'Github')
    throw socialRefusal('device-provider', 400, 'Invalid login provider');
  const intervalMs = world.settings.deviceIntervalMs ?? INTERVAL_MS;
  const login = world.devices.begin({
    flow: 'social',
    clientId: 'kiro-cli',
    region: exchange.region,
    startUrl: undefined,
    provider: provider === 'Google' ? 'google' : 'github',
    intervalMs,
    lifeMs: LIFE_MS,
  });
  exchange.reply(200, {
    deviceCode: login.deviceCode,
    userCode: login.userCode,
    verificationUriComplete: `${world.url}/account/device?user_code=${login.userCode}&login_provider=${provider}`,
    intervalInMilliseconds: intervalMs,
    expiresInMilliseconds: LIFE_MS,
  });
}

async function devicePoll(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('SocialDevicePoll');
  const body = await socialBody(exchange);
  if (await takeLoginFault(exchange, world)) return;
  const { outcome, login } = world.devices.poll(stringOf(body['deviceCode']), stringOf(body['clientId']));
  const account = login?.accountId === undefined ? undefined : world.account(login.accountId);
  if (outcome !== 'approved' || account === undefined) {
    const error = outcome === 'unknown' || outcome === 'approved' ? 'invalid_grant' : outcome;
    throw new Refusal({ rule: `device-${error.replaceAll('_', '-')}`, status: 400, body: { error }, reason: error });
  }
  exchange.operation('SocialDevicePoll', account);
  const { accessToken, refreshToken, expiresAt, profileArn } = account.newLogin();
  const expiresIn = lifeSeconds({ accessToken, refreshToken, expiresAt }, world.now());
  exchange.reply(200, { accessToken, refreshToken, expiresIn, ...(profileArn === undefined ? {} : { profileArn }) });
}

async function socialBody(exchange: Exchange): Promise<JsonObject> {
  if (exchange.contentType !== 'application/json') throw socialRefusal('refresh-encoding', 400, 'Invalid request');
  return exchange.jsonBody();
}

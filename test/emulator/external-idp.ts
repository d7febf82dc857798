import type { Exchange } from './exchange.ts';
import { lifeSeconds, spendRefreshToken } from './refresh.ts';
import { oauthRefusal, unknownOperation } from './refusal.ts';
import type { World } from './world.ts';

/** The tenant's own OAuth server under `/idp/<tenant>` (protocol §2.3): token endpoint and discovery document. */
export async function externalIdp(exchange: Exchange, world: World): Promise<void> {
  const [, tenant = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(exchange.path) ?? [];
  if (exchange.request.method === 'GET' && rest === '/v2.0/.well-known/openid-configuration') {
    exchange.operation('OpenIdConfiguration');
    const base = `${world.url}/idp/${tenant}`;
    exchange.reply(200, {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    });
    return;
  }
  if (exchange.request.method !== 'POST' || rest !== '/oauth2/v2.0/token')
    throw unknownOperation('operation-unknown', exchange.path);
  exchange.operation('ExternalRefresh');
  const form = await formBody(exchange);
  if (form.get('grant_type') !== 'refresh_token')
    throw oauthRefusal('token-grant', 'unsupported_grant_type', 'Grant type is not supported');
  const clientId = form.get('client_id') ?? '';
  if (clientId === '')
    throw oauthRefusal('external-client', 'invalid_request', 'The request body must contain client_id');
  // A public client has no secret to show.
  if (form.has('client_secret'))
    throw oauthRefusal('external-secret', 'invalid_client', 'Client is public: no client_secret may be presented', 401);
  const refreshToken = form.get('refresh_token') ?? '';
  const family = world.families.familyOf(refreshToken);
  const isOwnTenant = family === undefined || (family.tenant === tenant && family.clientId === clientId);
  if (!isOwnTenant && family.kind === 'external-idp')
    throw oauthRefusal('refresh-token-client', 'invalid_grant', 'Invalid refresh token provided');
  await spendRefreshToken(exchange, world, refreshToken, {
    kinds: ['external-idp'],
    refuse: (rule) => oauthRefusal(rule, 'invalid_grant', 'Invalid refresh token provided'),
    answer: (tokens) => ({
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      expires_in: lifeSeconds(tokens, world.now()),
      token_type: 'Bearer',
      scope: 'codewhisperer:conversations codewhisperer:completions',
    }),
  });
}

/** Form-encoded, or `invalid_request` (protocol §2.3). */
async function formBody(exchange: Exchange): Promise<URLSearchParams> {
  const text = (await exchange.body()).toString('utf8');
  if (exchange.contentType !== 'application/x-www-form-urlencoded') {
    throw oauthRefusal('external-encoding', 'invalid_request', 'The request must be form-encoded');
  }
  return new URLSearchParams(text);
}

import { endpointUrl, type Endpoints } from '../kiro/endpoints.ts';
import { TransportError, type HttpAnswer, type Transport } from '../kiro/transport.ts';
import { AuthError } from './auth-error.ts';
import type { RotatingCredential } from './credential.ts';
import { refusalOf } from './refusal.ts';
import { parseTokens, withTokens } from './token-answer.ts';
import { checkTokenHost } from './token-host.ts';

/** What a refresh needs from outside. `now` is epoch ms. */
export interface RefreshPorts {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly now: () => number;
}

/**
 * Trades the refresh token of a login for new tokens, once, as its kind demands (protocol §2.1 to §2.3). Refresh tokens
 * rotate: as soon as this resolves the old one is spent, and the caller must have the new credential on disk before
 * anything else. What the answer leaves out (refresh token, profile ARN) stays as it was.
 *
 * There is no retry in here; who calls decides by the code.
 *
 * `signal` counts only until the request is on its way: to hang up later could lose a token that was already rotated.
 * @throws AuthError `rejected`, `retry-later` or `forbidden-host`; never with a token in it
 */
export async function refresh(
  credential: RotatingCredential,
  ports: RefreshPorts,
  signal?: AbortSignal,
): Promise<RotatingCredential> {
  const { url, contentType, body } = requestFor(credential, ports.endpoints);
  signal?.throwIfAborted();
  const answer = await send(ports.transport, url, contentType, body);
  if (answer.status !== 200)
    throw refusalOf(answer, { url, what: `refresh this ${credential.kind} login`, now: ports.now() });
  const tokens = parseTokens(answer.text);
  if (tokens === undefined) throw withoutToken(url);
  return withTokens(credential, tokens, ports.now());
}

/** A token endpoint answers in a second or two. */
const headTimeoutMs = 30_000;

/** Only this region has been seen to serve social logins, whatever the region of the API (protocol §2.1). */
export const socialAuthRegion = 'us-east-1';

interface TokenRequest {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

function requestFor(credential: RotatingCredential, endpoints: Endpoints): TokenRequest {
  const { refreshToken } = credential;
  switch (credential.kind) {
    case 'social':
      return json(`${endpointUrl(endpoints, 'socialAuth', socialAuthRegion)}/refreshToken`, { refreshToken });
    case 'builder-id':
    case 'identity-center':
      // Camel case and JSON; a form or snake case fails (trap 9). The region is that of sign-in, never the API's (trap 8).
      return json(`${endpointUrl(endpoints, 'oidc', credential.ssoRegion)}/token`, {
        grantType: 'refresh_token',
        clientId: credential.clientId,
        clientSecret: credential.clientSecret,
        refreshToken,
      });
    case 'external-idp':
      checkTokenHost(credential.tokenEndpoint, endpoints);
      return form(credential.tokenEndpoint, {
        grant_type: 'refresh_token',
        client_id: credential.clientId,
        refresh_token: refreshToken,
        ...(credential.scopes === undefined ? {} : { scope: withOfflineAccess(credential.scopes) }),
      });
  }
}

function json(url: string, members: Record<string, string>): TokenRequest {
  return { url, contentType: 'application/json', body: JSON.stringify(members) };
}

function form(url: string, fields: Record<string, string>): TokenRequest {
  return { url, contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

/** Without this scope some providers answer with an access token alone. */
function withOfflineAccess(scopes: string): string {
  const list = scopes.split(/\s+/).filter((scope) => scope !== '');
  return list.includes('offline_access') ? list.join(' ') : [...list, 'offline_access'].join(' ');
}

async function send(transport: Transport, url: string, contentType: string, body: string): Promise<HttpAnswer> {
  try {
    return await transport.send({ method: 'POST', url, headers: { 'content-type': contentType }, body, headTimeoutMs });
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw new AuthError(
      'retry-later',
      `The login could not be refreshed: ${cause.message}.`,
      'Check the network, the proxy setting and the firewall; the login itself is as good as before.',
      { cause },
    );
  }
}

/** A page of a captive portal or a broken gateway also comes as 200; the login may be fine. */
function withoutToken(url: string): AuthError {
  return new AuthError(
    'retry-later',
    `${new URL(url).host} answered the refresh with 200 but without an access token.`,
    'Try again in a minute; if it stays so, check whether a proxy or a sign-in page of the network answers instead.',
  );
}

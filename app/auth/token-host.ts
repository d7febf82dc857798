import { isLoopbackUrl, type Endpoints } from '../kiro/endpoints.ts';
import { AuthError } from './auth-error.ts';

/**
 * Checks that a refresh token may be sent to this token endpoint of an external identity provider. Its URL comes from a
 * file, so only the hosts of the providers that Kiro federates with are allowed, over HTTPS on the usual port
 * (protocol §2.3). Loopback is allowed only while `endpoints.replaced` (DESIGN §8).
 * @throws AuthError `forbidden-host`, before anything is sent
 */
export function checkTokenHost(tokenEndpoint: string, endpoints: Endpoints): void {
  if (isAllowed(tokenEndpoint) || (endpoints.replaced && isLoopbackUrl(tokenEndpoint))) return;
  const host = URL.canParse(tokenEndpoint) ? new URL(tokenEndpoint).host : 'an address that is no URL';
  throw new AuthError(
    'forbidden-host',
    `This login wants its refresh token sent to ${host}, which is not a known identity provider over HTTPS.`,
    'Sign in again with kiro-cli. If your organisation really signs in there, report the host name.',
  );
}

const hosts = new Set(['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn']);
/** With the leading dot, so that `evil-okta.com` is none of them. */
const suffixes = ['.okta.com', '.oktapreview.com', '.okta-emea.com'];

function isAllowed(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false;
  return hosts.has(hostname) || suffixes.some((suffix) => hostname.endsWith(suffix));
}

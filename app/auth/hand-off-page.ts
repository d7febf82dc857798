import { isLoopbackUrl, type Endpoints } from '../kiro/endpoints.ts';
import { AuthError } from './auth-error.ts';
import { builderIdStartUrl } from './credential.ts';
import type { HandOffTarget } from './hand-off-request.ts';

/** The page to open and the code to compare there. */
export interface SignInPage {
  readonly url: string;
  readonly userCode: string;
}

/**
 * Finds page and code in what kiro-cli printed (protocol §1.4). A code without a page is `code` alone: some versions print no
 * address (kirodotdev/Kiro#10975), and `pageFor` then makes it.
 * @throws AuthError `forbidden-host` when the page is not one of Kiro or AWS
 */
export function findSignInPage(lines: readonly string[], endpoints: Endpoints): Partial<SignInPage> {
  const urls = lines.flatMap((line) =>
    Array.from(line.matchAll(/https?:\/\/[^\s"'<>]+/g), ([url]) => ({ url: url.replace(/[.,;:)\]]+$/, ''), line })),
  );
  // Other addresses may be on the screen too, of a change log for example.
  const page =
    urls.find(({ url }) => codeIn(url) !== undefined) ?? urls.find(({ line }) => /open this url|visit/i.test(line));
  const printed = lines.map((line) => /\bcode:?\s+([A-Z0-9]{4}-[A-Z0-9]{4})\b/i.exec(line)?.[1]).find((code) => code);
  const userCode = (printed ?? (page === undefined ? undefined : codeIn(page.url)))?.toUpperCase();
  return {
    ...(page === undefined ? {} : { url: checkPage(page.url, endpoints) }),
    ...(userCode === undefined ? {} : { userCode }),
  };
}

/** The page where a code of this kind is confirmed (protocol §3.1 step 2, §3.3). */
export function pageFor(target: HandOffTarget, userCode: string): string {
  if (target.kind === 'google' || target.kind === 'github') {
    const provider = target.kind === 'google' ? 'Google' : 'Github';
    return `https://app.kiro.dev/account/device?user_code=${userCode}&login_provider=${provider}`;
  }
  const startUrl = target.kind === 'identity-center' ? target.startUrl.replace(/\/+$/, '') : builderIdStartUrl;
  return `${startUrl}/#/device?user_code=${userCode}`;
}

/** Which provider a page of a social login names. */
export function providerIn(url: string): string | undefined {
  return /[?&]login_provider=([A-Za-z]+)/.exec(url)?.[1]?.toLowerCase();
}

/** It is opened in the user's browser, so it must be a page of Kiro or AWS. @throws AuthError `forbidden-host` */
export function checkPage(url: string, endpoints: Endpoints): string {
  if (isOfKiro(url) || (endpoints.replaced && isLoopbackUrl(url))) return url;
  throw new AuthError(
    'forbidden-host',
    `kiro-cli named a sign-in page at ${URL.canParse(url) ? new URL(url).host : 'an address that is no URL'}, which is not one of Kiro or AWS.`,
    'Check that kiro-cli is the real one. If your organisation really signs in there, sign in with kiro-cli itself and sync from it.',
  );
}

const domains = ['kiro.dev', 'awsapps.com', 'amazonaws.com'];

function isOfKiro(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false;
  // With the dot, so that `evil-kiro.dev` is none of them; `amazonaws.com` itself signs nobody in.
  return hostname === 'kiro.dev' || domains.some((domain) => hostname.endsWith(`.${domain}`));
}

/** In the query, or behind the `#` where the pages of AWS have theirs. */
function codeIn(url: string): string | undefined {
  return /[?&]user_code=([A-Za-z0-9]{4}-[A-Za-z0-9]{4})(?![A-Za-z0-9-])/.exec(url)?.[1];
}

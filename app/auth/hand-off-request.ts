import { isRegion } from '../kiro/endpoints.ts';
import { AuthError } from './auth-error.ts';

/** Which login kiro-cli is to make. */
export type HandOffTarget =
  | { readonly kind: 'builder-id' | 'google' | 'github' }
  | { readonly kind: 'identity-center'; readonly startUrl: string; readonly region: string };

/**
 * What the user chose. `whatAboutPrevious` says what becomes of the login that kiro-cli has: `refuse` does nothing if there
 * is one; `put-back` makes kiro-cli afterwards what it was, signed in or signed out, so that the new login is ours alone;
 * `keep-new` leaves the new login in kiro-cli, which then shares it with us until it is forked.
 */
export type HandOffRequest = HandOffTarget & {
  readonly whatAboutPrevious: 'refuse' | 'put-back' | 'keep-new';
};

/**
 * The arguments of `kiro-cli login` (protocol §1.4). Nothing preselects Google or GitHub, so those are chosen in its menu.
 * Always the device flow: the other one opens a browser itself, and its address cannot be shown.
 * @throws AuthError `rejected` when the start URL or the region could not be one
 */
export function loginArguments(target: HandOffTarget): string[] {
  if (target.kind === 'builder-id') return ['login', '--license', 'free', '--use-device-flow'];
  if (target.kind !== 'identity-center') return ['login', '--use-device-flow'];
  const { startUrl, region } = target;
  if (!isStartUrl(startUrl) || !isRegion(region)) {
    throw new AuthError(
      'rejected',
      'The start URL or the region of the organisation is not of the right form.',
      'The start URL is an https address such as https://d-1234567890.awsapps.com/start, the region such as eu-west-1.',
    );
  }
  const organisation = ['--license', 'pro', '--identity-provider', startUrl, '--region', region];
  return ['login', ...organisation, '--use-device-flow'];
}

/** It is typed into a terminal, so it must hold no key but printable ones. */
function isStartUrl(text: string): boolean {
  if (text.length > 300 || !/^https:\/\/[\x21-\x7E]+$/.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

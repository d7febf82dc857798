import { BUILDER_ID_SERVICE_ARN, SOCIAL_CONSTANT_ARN, type Account } from '../accounts.ts';
import { badRequest, notAuthorized } from '../refusal.ts';

const ARN = /^arn:[a-z0-9-]+:codewhisperer:[a-z0-9-]+:\d{12}:profile\/[A-Za-z0-9-]+$/;

/** Which profile a call may name, by kind and host (protocol §4.4). `arn` is what the call names, if anything. */
export function profileRule(account: Account, host: string, region: string, arn: string | undefined): void {
  if (account.kind === 'api-key') {
    if (arn !== undefined) throw badRequest('profile-arn-forbidden', 'an API key sends no profileArn');
    return;
  }
  if (arn === undefined) {
    if (account.kind === 'identity-center' || account.kind === 'external-idp') {
      throw notAuthorized('profile-arn-missing', `${account.kind} without profileArn`);
    }
    if (host === 'runtime') {
      throw badRequest(
        'profile-arn-missing',
        `${account.kind} on runtime`,
        null,
        'profileArn is required for this request.',
      );
    }
    return;
  }
  if (!ARN.test(arn) || arn.length > 256) throw badRequest('profile-arn-pattern', 'profileArn does not look like one');
  const constants =
    account.kind === 'social' ? [SOCIAL_CONSTANT_ARN] : account.kind === 'builder-id' ? [BUILDER_ID_SERVICE_ARN] : [];
  const own = account.profiles.map((profile) => profile.arn);
  if (![...own, ...constants].includes(arn))
    throw notAuthorized('profile-arn-foreign', 'the profile belongs to another account');
  if (arn.split(':')[3] !== region) throw notAuthorized('profile-arn-region', `the profile is not of ${region}`);
}

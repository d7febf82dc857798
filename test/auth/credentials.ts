import type { RotatingCredential } from '../../app/auth/credential.ts';

/** Friday noon; the times of the credentials below are around it. */
export const noon = Date.parse('2026-11-20T12:00:00Z');
export const minuteMs = 60_000;

const tokens = { accessToken: 'aoa-secret-access-1', refreshToken: 'aor-secret-refresh-1', expiresAt: noon - 1 };
const client = { clientId: 'exampleClientId', clientSecret: 'secret-of-the-client' };

/** One login of each kind that rotates, expired at noon. */
export const logins = {
  social: {
    kind: 'social',
    ...tokens,
    profileArn: 'arn:aws:codewhisperer:us-east-1:699475941385:profile/EXAMPLESOC12',
    provider: 'google',
  },
  'builder-id': {
    kind: 'builder-id',
    ...tokens,
    ...client,
    ssoRegion: 'us-east-1',
    startUrl: 'https://view.awsapps.com/start',
  },
  'identity-center': {
    kind: 'identity-center',
    ...tokens,
    ...client,
    ssoRegion: 'eu-west-1',
    startUrl: 'https://d-1234567890.awsapps.com/start',
    profileArn: 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/EXAMPLEIDC12',
  },
  'external-idp': {
    kind: 'external-idp',
    ...tokens,
    clientId: '00000000-1111-2222-3333-444444444444',
    tokenEndpoint: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token',
    scopes: 'api://app/codewhisperer:conversations offline_access',
  },
} as const satisfies Record<string, RotatingCredential>;

export const secretsOfLogins = ['aoa-secret-access-1', 'aor-secret-refresh-1', 'secret-of-the-client'];

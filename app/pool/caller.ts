import { bearerOf, tokenTypeOf, type Credential } from '../auth/credential.ts';
import type { Caller, CallerProfile } from '../kiro/caller.ts';
import { apiRegionFor } from '../kiro/endpoints.ts';

/** In whose name Kiro is called with this credential. @param key the account's id */
export function callerOf(key: string, credential: Credential): Caller {
  return {
    key,
    bearer: bearerOf(credential),
    tokenType: tokenTypeOf(credential.kind),
    region: apiRegionFor({
      profileArn: profileArnOf(credential),
      apiRegion: credential.apiRegion,
      ssoRegion: 'ssoRegion' in credential ? credential.ssoRegion : undefined,
    }),
    profile: profileOf(credential),
  };
}

/** The profile that an account's calls are charged to; an API key carries its own. */
export function profileArnOf(credential: Credential): string | undefined {
  return credential.kind === 'api-key' ? undefined : credential.profileArn;
}

function profileOf(credential: Credential): CallerProfile {
  if (credential.kind === 'api-key') return { type: 'api-key' };
  if (credential.profileArn !== undefined) return { type: 'own', arn: credential.profileArn };
  return credential.kind === 'builder-id' ? { type: 'builder-id' } : { type: 'unknown' };
}

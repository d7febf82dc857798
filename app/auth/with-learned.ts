import type { RotatingCredential } from './credential.ts';

/**
 * A refreshed credential together with what was learned of the login while the refresh ran (profile, region of the API),
 * which is on disk only.
 */
export function withLearned(fresh: RotatingCredential, onDisk: RotatingCredential): RotatingCredential {
  const profileArn = fresh.profileArn ?? onDisk.profileArn;
  const apiRegion = onDisk.apiRegion ?? fresh.apiRegion;
  return {
    ...fresh,
    ...(profileArn === undefined ? {} : { profileArn }),
    ...(apiRegion === undefined ? {} : { apiRegion }),
  };
}

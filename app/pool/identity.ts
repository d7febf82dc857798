import { plainLine } from '../conversation/plain-line.ts';
import { extraHeadroom, type UsageLimits } from '../kiro/usage-limits.ts';
import type { Account, LoginSource, Provenance } from './account.ts';
import { profileArnOf } from './caller.ts';

/** A new account for a login whose owner is not known yet: its label only describes it (DESIGN §4). */
export function newAccount(
  credential: Account['credential'],
  more: { id: string; provenance: Provenance; source: LoginSource | undefined; now: number },
): Account {
  const region =
    'ssoRegion' in credential
      ? credential.ssoRegion
      : (profileArnOf(credential)?.split(':')[3] ?? credential.apiRegion ?? 'us-east-1');
  return {
    id: more.id,
    label: `${credential.kind}-${region}`,
    isVerified: false,
    provenance: more.provenance,
    ...(more.source === undefined ? {} : { source: more.source }),
    credential,
    state: { name: 'ready' },
    addedAt: more.now,
  };
}

/**
 * Whether two accounts are the same person's same subscription (DESIGN §4). The user id decides where Kiro told it for both;
 * else the address does. A profile ARN alone does not: social logins share theirs. Where both have a profile of their own,
 * it has to be the same one, since each profile is billed by itself.
 */
export function isSameAccount(a: Account, b: Account): boolean {
  if (a.credential.kind !== b.credential.kind) return false;
  const arns = [profileArnOf(a.credential), profileArnOf(b.credential)];
  if (arns[0] !== undefined && arns[1] !== undefined && arns[0] !== arns[1]) return false;
  if (a.userId !== undefined && b.userId !== undefined) return a.userId === b.userId;
  return a.email !== undefined && a.email === b.email;
}

/** The older account with the newer one's login: it keeps its id, its place and the label that the user gave it. */
export function withLogin(older: Account, newer: Account): Account {
  const { overage: _, ...login } = newer;
  return {
    ...login,
    id: older.id,
    label: older.isVerified ? older.label : newer.label,
    addedAt: older.addedAt,
    // What may be spent is the user's word about the account, whatever login it has.
    ...(older.overage === undefined ? {} : { overage: older.overage }),
    // A pause was the user's own wish; everything else ends with a new sign-in.
    state: older.state.name === 'disabled' ? older.state : newer.state,
  };
}

/** The account with what Kiro told about it. A label that was only a description becomes the owner's address. */
export function withUsage(account: Account, limits: UsageLimits, now: number): Account {
  const isRevealed = !account.isVerified && limits.email !== undefined;
  return {
    ...account,
    label: isRevealed ? plainLine(limits.email ?? account.label).slice(0, 60) : account.label,
    isVerified: account.isVerified || limits.email !== undefined || limits.userId !== undefined,
    ...(limits.email === undefined ? {} : { email: limits.email }),
    ...(limits.userId === undefined ? {} : { userId: limits.userId }),
    ...(limits.plan === undefined ? {} : { plan: limits.plan }),
    credits: {
      used: limits.used,
      limit: limits.limit,
      isUnlimited: limits.isUnlimited,
      extra: extraHeadroom(limits),
      extras: limits.extras.map(({ name, used, limit, endsAt }) => ({
        name,
        used,
        limit,
        ...(endsAt === undefined ? {} : { endsAt }),
      })),
      overage: {
        isOn: limits.overage.isOn,
        credits: limits.overage.credits,
        charges: limits.overage.charges,
        ...(limits.overage.currency === undefined ? {} : { currency: limits.overage.currency }),
      },
      ...(limits.resetAt === undefined ? {} : { resetAt: limits.resetAt }),
      at: now,
    },
  };
}

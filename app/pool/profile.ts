import type { Credential } from '../auth/credential.ts';
import type { Profile } from '../kiro/control-plane.ts';
import { accountOf, type AccountStore } from './account-store.ts';

export interface ProfilePorts {
  readonly accounts: AccountStore;
  /** Asks Kiro, in every region. */
  readonly profiles: (id: string) => Promise<readonly Profile[]>;
}

/** An account was to be charged to a profile that its login does not have; it goes on with the one that it has. */
export class UnknownProfile extends Error {
  override readonly name = 'UnknownProfile';
}

/** Identity Center and external IdP logins are charged to a profile, and nothing works without one (protocol §4.4). */
export function needsProfile(credential: Credential): boolean {
  return credential.kind === 'identity-center' || credential.kind === 'external-idp';
}

/**
 * Sees to it that an account that needs a profile has one: the one that the user wants, the one it has, or the only one that
 * Kiro lists. Each profile is billed by itself, so a choice among several is the user's (protocol §6.3): the account is parked
 * until it was made.
 * @param wanted the ARN that the user chose
 * @returns the profiles that the user is to choose from; none when there is nothing to choose
 * @throws KiroError or AuthError when Kiro does not tell; UnknownProfile
 */
export async function settleProfile(
  id: string,
  wanted: string | undefined,
  ports: ProfilePorts,
): Promise<readonly Profile[]> {
  const { credential, source, label } = accountOf(ports.accounts, id);
  if (!needsProfile(credential) || credential.kind === 'api-key') return [];
  if (credential.profileArn !== undefined && (wanted === undefined || wanted === credential.profileArn)) return [];
  const profiles = await ports.profiles(id);
  const chosen = wanted === undefined ? onlyOf(profiles) : profiles.find(({ arn }) => arn === wanted);
  if (chosen) {
    await setProfile(id, chosen.arn, ports.accounts);
    return [];
  }
  const how = source ? 'Import it again with --profile and' : `Choose with: kiro-pool accounts profile "${label}" and`;
  const reason = reasonOf(profiles, wanted, how);
  // A slip of the pen must not end what works.
  if (credential.profileArn !== undefined) throw new UnknownProfile(reason);
  await ports.accounts.update(id, (account) => ({ ...account, state: { name: 'parked', reason } }));
  return profiles;
}

/**
 * After Kiro refused an account's calls: asks once which profile it has now.
 * @returns whether it has another one than before, with which a second try makes sense
 */
export async function resolveProfile(id: string, ports: ProfilePorts): Promise<boolean> {
  const { credential } = accountOf(ports.accounts, id);
  if (!needsProfile(credential) || credential.kind === 'api-key') return false;
  const only = onlyOf(await ports.profiles(id).catch(() => []));
  if (!only || only.arn === credential.profileArn) return false;
  await setProfile(id, only.arn, ports.accounts);
  return true;
}

function setProfile(id: string, profileArn: string, accounts: AccountStore): Promise<void> {
  // The credential as it is now: it may have been refreshed while Kiro was asked.
  return accounts.update(id, (account) =>
    account.credential.kind === 'api-key' ? account : { ...account, credential: { ...account.credential, profileArn } },
  );
}

function onlyOf(profiles: readonly Profile[]): Profile | undefined {
  return profiles.length === 1 ? profiles[0] : undefined;
}

function reasonOf(profiles: readonly Profile[], wanted: string | undefined, how: string): string {
  if (profiles.length === 0) return 'This login has no Kiro profile. Ask your administrator for a subscription.';
  const names = profiles.map(({ arn, name }) => `${name ?? 'unnamed'} (${arn})`).join(', ');
  if (wanted !== undefined) return `This login has no profile ${wanted}. It has: ${names}.`;
  return `This login has several profiles: ${names}. ${how} the ARN to charge.`;
}

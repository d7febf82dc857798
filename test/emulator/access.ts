import type { Account } from './accounts.ts';
import type { Exchange } from './exchange.ts';
import { invalidBearer, serviceRefusal } from './refusal.ts';
import type { World } from './world.ts';

/** The two API regions (protocol §4.1). */
export const API_REGIONS = ['us-east-1', 'eu-central-1'];

/**
 * Who calls: checks the bearer, the TokenType header and the region (protocol §2.7, §4.3). `anyRegion` is for listing profiles,
 * which is how a client finds its region (protocol §6.3).
 */
export function authenticate(exchange: Exchange, world: World, anyRegion = false): Account {
  const isManagement = exchange.host === 'management';
  const bearer = /^Bearer (\S+)$/.exec(exchange.header('authorization'))?.[1];
  if (bearer === undefined) throw invalidBearer('authorization-missing', isManagement, 'no bearer token');
  const account = world.authenticate(bearer);
  if (account === undefined) throw invalidBearer('token-invalid', isManagement, 'unknown, expired or revoked token');
  exchange.entry.account = account.id;
  tokenType(exchange.header('tokentype').toUpperCase(), account, isManagement);
  const regions = [account.apiRegion, ...account.profiles.map((profile) => profile.arn.split(':')[3])];
  if (!anyRegion && !regions.includes(exchange.region)) {
    throw invalidBearer(
      'token-region',
      isManagement,
      `${account.id} lives in ${account.apiRegion}, not ${exchange.region}`,
    );
  }
  if (account.isSuspended) {
    const message = `Your User ID (${account.userId}) temporarily is suspended. We detected unusual user activity.`;
    const refusal = { rule: 'suspended', status: 403, errorType: 'AccessDeniedException', message };
    throw serviceRefusal({ ...refusal, reason: 'TEMPORARILY_SUSPENDED' });
  }
  return account;
}

/** The profile that a call names: in its body, its query or its header. */
export function namedProfile(exchange: Exchange, inBody: unknown): string | undefined {
  if (typeof inBody === 'string' && inBody !== '') return inBody;
  const elsewhere = exchange.query.get('profileArn') ?? exchange.header('x-amzn-kiro-profile-arn');
  return elsewhere === '' ? undefined : elsewhere;
}

/** External IdP and API keys must say what they are; the others say nothing, IdC may say SSO_OIDC (protocol §2.7). */
function tokenType(sent: string, account: Account, isManagement: boolean): void {
  const allowed: Record<Account['kind'], readonly string[]> = {
    social: [''],
    'builder-id': [''],
    'identity-center': ['', 'SSO_OIDC'],
    'external-idp': ['EXTERNAL_IDP'],
    'api-key': ['API_KEY'],
  };
  if (!allowed[account.kind].includes(sent)) {
    throw invalidBearer('token-type', isManagement, `${account.kind} with TokenType ${sent === '' ? 'missing' : sent}`);
  }
}

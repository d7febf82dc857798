import { AuthError } from '../auth/auth-error.ts';
import type { Credential } from '../auth/credential.ts';
import { apiRegions } from '../kiro/endpoints.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { UsageLimits } from '../kiro/usage-limits.ts';
import { newAccount } from './identity.ts';
import { uniqueLabel } from './recognition.ts';
import { resultOf, type ImportResult, type OnboardingPorts } from './settling.ts';

type ApiKeyCredential = Extract<Credential, { kind: 'api-key' }>;

/** What Kiro's keys look like (protocol §1.5). */
const keyShape = /^ksk_[\w-]{8,512}$/;

/**
 * Takes an API key into the pool (DESIGN §4.4), after Kiro has said once that it is one: a wrong key is never kept. The same
 * key again, or another key of the same person, updates the account.
 * @throws AuthError `rejected` for a wrong key; KiroError when Kiro could not tell
 */
export async function addApiKey(text: string, ports: OnboardingPorts): Promise<ImportResult> {
  const apiKey = text.trim();
  if (!keyShape.test(apiKey)) throw noKey();
  const { credential, limits } = await placeKey(apiKey, ports.pool);
  const { accounts, pool } = ports;
  const known = accounts
    .list()
    .find((account) => account.credential.kind === 'api-key' && account.credential.apiKey === apiKey);
  if (known) {
    await accounts.update(known.id, (account) => ({ ...account, credential }));
    pool.link.forget(known.id);
    pool.apply(known.id, { type: 'signed-in' });
    return resultOf(await pool.learnUsage(known.id, limits), 'updated', 'This key is in the pool already.');
  }
  const about = { id: ports.newAccountId(), provenance: 'own', source: undefined, now: ports.now() } as const;
  const account = newAccount(credential, about);
  await accounts.put({ ...account, label: uniqueLabel(account, accounts.list()) });
  const learnt = await pool.learnUsage(account.id, limits);
  if (learnt.id !== account.id) {
    return resultOf(learnt, 'updated', 'Its account was in the pool already and has this key now.');
  }
  return resultOf(
    learnt,
    'added',
    'reason' in learnt.state ? learnt.state.reason : 'The key works and is in the pool.',
  );
}

/** The region that knows the key. Nothing in a key tells it, so each is asked in turn. */
async function placeKey(
  apiKey: string,
  pool: OnboardingPorts['pool'],
): Promise<{ credential: ApiKeyCredential; limits: UsageLimits }> {
  let doubt: KiroError | undefined;
  for (const apiRegion of apiRegions) {
    const credential: ApiKeyCredential = { kind: 'api-key', apiKey, apiRegion };
    try {
      return { credential, limits: await pool.link.usageOf(credential) };
    } catch (error) {
      if (!(error instanceof KiroError)) throw error;
      // A warning is no reason to knock at the next door (DESIGN promise 2).
      if (error.class === 'suspended') throw error;
      if (!isRefusal(error)) doubt ??= error;
    }
  }
  if (doubt) throw doubt;
  throw new AuthError(
    'rejected',
    'Kiro does not accept this API key in any region. Nothing was stored.',
    'Check that it is whole and not revoked; an administrator may have to allow API keys.',
  );
}

/** Whether Kiro judged the key, rather than failed to answer. */
function isRefusal({ class: name }: KiroError): boolean {
  return name === 'token-invalid' || name === 'not-authorized' || name === 'profile-required';
}

function noKey(): AuthError {
  return new AuthError(
    'unreadable',
    'This is not an API key of Kiro: those begin with ksk_, and eight or more letters and digits follow.',
    'Make one at Kiro, and hand it over on standard input: kiro-pool accounts add-key < file',
  );
}

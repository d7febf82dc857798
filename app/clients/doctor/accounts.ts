import type { AccountSummary } from '../../pool/account-summary.ts';
import { failed, ok, warning, type Check } from './check.ts';

export interface AccountPorts {
  readonly accounts: () => readonly AccountSummary[];
  /** Asks Kiro for an account's usage. Rejects when it cannot. */
  readonly probe: (id: string) => Promise<unknown>;
  readonly modelCount: () => Promise<number>;
}

/** Whether there are accounts, whether Kiro takes their logins, and whether it lists models for them. */
export async function checkAccounts(ports: AccountPorts): Promise<Check[]> {
  const accounts = ports.accounts();
  const logins = await Promise.all(accounts.map((account) => checkLogin(account, ports)));
  return [checkReady(accounts), ...logins, await checkModels(accounts, ports)];
}

function checkReady(accounts: readonly AccountSummary[]): Check {
  if (accounts.length === 0) {
    return failed('Accounts', 'There is no account in the pool.', 'Add one: kiro-pool accounts import --from kiro-cli');
  }
  const ready = accounts.filter(({ state }) => state.name === 'ready').length;
  const detail = `${ready} of ${accounts.length} can serve.`;
  if (ready > 0) return ok('Accounts', detail);
  return failed('Accounts', detail, 'See why: kiro-pool accounts list');
}

async function checkLogin(account: AccountSummary, { probe }: AccountPorts): Promise<Check> {
  const name = `Account ${account.label}`;
  const { name: state, reason } = account.state;
  if (state === 'needs-sign-in') return failed(name, reason ?? 'It needs a sign-in.', signInAgain(account));
  // A locked account is left alone until the user has cleared it, and that is a decision: no button takes it.
  if (state === 'parked') {
    const fix = `Sort it out with Kiro, then: kiro-pool accounts clear "${account.label}"`;
    return failed(name, reason ?? 'It is parked.', fix);
  }
  if (state === 'disabled') return ok(name, 'It is paused, and was not asked.');
  try {
    await probe(account.id);
    return ok(name, 'Kiro takes its login.');
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'Kiro did not answer.';
    return failed(name, detail, `Check the network; if it stays so: ${signInAgain(account)}`);
  }
}

/** A login of our own was never kiro-cli's: signing in there would mend nothing. */
function signInAgain({ kind, provenance }: AccountSummary): string {
  if (kind === 'api-key') return 'Make a new API key at Kiro, then: kiro-pool accounts add-key';
  if (provenance !== 'own')
    return 'Sign in again with kiro-cli and import it: kiro-pool accounts import --from kiro-cli';
  switch (kind) {
    case 'social':
      return 'Sign in to it again in the app, or: kiro-pool accounts login --kind google (or github)';
    case 'builder-id':
    case 'identity-center':
      return `Sign in to it again in the app, or: kiro-pool accounts login --kind ${kind}`;
    case 'external-idp':
      return 'Sign in to it again in the app.';
  }
}

async function checkModels(accounts: readonly AccountSummary[], { modelCount }: AccountPorts): Promise<Check> {
  if (accounts.length === 0) return warning('Models', 'Without an account there are no models.', 'Add an account.');
  const count = await modelCount();
  if (count > 0) return ok('Models', `${count} models can be used.`);
  return failed('Models', 'Kiro listed no models.', 'Check the network, then try again.');
}

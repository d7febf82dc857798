import type { AccountSummary } from '../pool/account-summary.ts';

/** What is wrong, and what mends it; `fix` is null when nothing is. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly fix: string | null;
  /** What `doctor.fix` can do about it, and what its button says; null when only a person can. */
  readonly action: string | null;
  readonly actionLabel: string | null;
}

export interface DoctorPorts {
  readonly accounts: () => readonly AccountSummary[];
  /** Asks Kiro for an account's usage. Rejects when it cannot. */
  readonly probe: (id: string) => Promise<unknown>;
  readonly modelCount: () => Promise<number>;
  readonly secretBox: 'os-keychain' | 'key-file' | 'environment-key' | 'weak';
  /** Base URL of the endpoint, undefined while it does not listen. */
  readonly url: string | undefined;
  readonly fetchHealth: (url: string) => Promise<boolean>;
  /** Files that were set aside, settings that are not in force. */
  readonly problems: readonly string[];
  readonly now: () => number;
  /** The time on Kiro's side in epoch ms, from an answer's `date` header; undefined when none came. */
  readonly remoteTime: () => Promise<number | undefined>;
}

/** Looks at everything that has to work, and says in words what does not and what to do about it. */
export async function runDoctor(ports: DoctorPorts): Promise<Check[]> {
  const accounts = ports.accounts();
  const logins = await Promise.all(accounts.map((account) => checkLogin(account, ports)));
  return [
    checkAccounts(accounts),
    ...logins,
    await checkModels(accounts, ports),
    checkSecretBox(ports.secretBox),
    await checkEndpoint(ports),
    await checkClock(ports),
    ...ports.problems.map((problem) =>
      warning('Data folder', problem, 'Look at the file named; nothing was thrown away.'),
    ),
  ];
}

function checkAccounts(accounts: readonly AccountSummary[]): Check {
  if (accounts.length === 0) {
    return failed('Accounts', 'There is no account in the pool.', 'Add one: kiro-pool accounts import --from kiro-cli');
  }
  const ready = accounts.filter(({ state }) => state.name === 'ready').length;
  const detail = `${ready} of ${accounts.length} can serve.`;
  if (ready > 0) return ok('Accounts', detail);
  return failed('Accounts', detail, 'See why: kiro-pool accounts list');
}

async function checkLogin(account: AccountSummary, { probe }: DoctorPorts): Promise<Check> {
  const name = `Account ${account.label}`;
  if (account.state.name === 'needs-sign-in') {
    return failed(
      name,
      account.state.reason ?? 'It needs a sign-in.',
      'Sign in again with kiro-cli, then import it again.',
    );
  }
  // A locked account is left alone until the user has cleared it.
  if (account.state.name === 'parked') {
    return failed(
      name,
      account.state.reason ?? 'It is parked.',
      `Sort it out with Kiro, then: kiro-pool accounts clear "${account.label}"`,
    );
  }
  try {
    await probe(account.id);
    return ok(name, 'Kiro takes its login.');
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'Kiro did not answer.';
    return failed(name, detail, 'Check the network; if it stays so, sign in again and import it again.');
  }
}

async function checkModels(accounts: readonly AccountSummary[], { modelCount }: DoctorPorts): Promise<Check> {
  if (accounts.length === 0) return warning('Models', 'Without an account there are no models.', 'Add an account.');
  const count = await modelCount();
  if (count > 0) return ok('Models', `${count} models can be used.`);
  return failed('Models', 'Kiro listed no models.', 'Check the network, then try again.');
}

function checkSecretBox(strength: DoctorPorts['secretBox']): Check {
  const name = 'Key store';
  switch (strength) {
    case 'os-keychain':
      return ok(name, "Logins are sealed with the system's keychain.");
    case 'environment-key':
      return ok(name, 'Logins are sealed with the key in KIRO_POOL_MASTER_KEY.');
    case 'key-file':
      return warning(
        name,
        'Logins are sealed with the key file in the data folder: whoever can read the folder can open them.',
        'Keep the key elsewhere: set KIRO_POOL_MASTER_KEY.',
      );
    case 'weak':
      return warning(
        name,
        'This desktop has no keychain: logins are sealed with a key that everybody knows.',
        'Set up a keyring.',
      );
  }
}

async function checkEndpoint({ url, fetchHealth }: DoctorPorts): Promise<Check> {
  if (url === undefined) return warning('Endpoint', 'It does not listen.', 'Start it: kiro-pool serve');
  if (await fetchHealth(url)) return ok('Endpoint', `It answers at ${url}.`);
  return failed(
    'Endpoint',
    `${url} does not answer.`,
    'Look for a firewall or a proxy that takes loopback (NO_PROXY=127.0.0.1).',
  );
}

const worrySkewMs = 5 * 60_000;

async function checkClock({ now, remoteTime }: DoctorPorts): Promise<Check> {
  const remote = await remoteTime();
  if (remote === undefined)
    return warning('Clock', 'Kiro could not be reached to compare clocks.', 'Check the network.');
  const skew = Math.abs(now() - remote);
  if (skew < worrySkewMs) return ok('Clock', 'It agrees with the one at Kiro.');
  const minutes = Math.round(skew / 60_000);
  return failed(
    'Clock',
    `It is ${minutes} minutes off, so that tokens seem to end too early or too late.`,
    'Set the clock.',
  );
}

function ok(name: string, detail: string): Check {
  return { name, status: 'ok', detail, fix: null, action: null, actionLabel: null };
}

function warning(name: string, detail: string, fix: string): Check {
  return { name, status: 'warning', detail, fix, action: null, actionLabel: null };
}

function failed(name: string, detail: string, fix: string): Check {
  return { name, status: 'failed', detail, fix, action: null, actionLabel: null };
}

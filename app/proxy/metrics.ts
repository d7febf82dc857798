import type { AccountSummary } from '../pool/account-summary.ts';
import type { RequestRecord } from './exchange.ts';

/** Counts what the endpoint has done since it was opened, for `GET /metrics` in the text form of Prometheus. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #credits = new Map<string, number>();
  #inputTokens = 0;
  #outputTokens = 0;

  count({ outcome, account, credits, inputTokens, outputTokens }: RequestRecord): void {
    add(this.#requests, outcome, 1);
    if (account !== undefined && credits !== undefined) add(this.#credits, account, credits);
    this.#inputTokens += inputTokens ?? 0;
    this.#outputTokens += outputTokens ?? 0;
  }

  /** @param inFlight turns that are being served, those that wait for an account among them */
  text(accounts: readonly AccountSummary[], inFlight: number): string {
    const states = new Map(STATES.map((state) => [state, 0]));
    for (const { state } of accounts) add(states, state.name, 1);
    const ofAccount = (value: (account: AccountSummary) => number | null | undefined): Sample[] =>
      accounts.flatMap((account) => {
        const number = value(account);
        return number === null || number === undefined ? [] : [[{ account: account.label }, number]];
      });
    return [
      family(
        'requests_total',
        'counter',
        'Requests that reached the pool, by how they ended.',
        samplesOf('outcome', this.#requests),
      ),
      family('requests_in_flight', 'gauge', 'Requests that are being answered.', [[{}, inFlight]]),
      family('tokens_total', 'counter', 'Tokens, by estimate in so far as Kiro reported none.', [
        [{ direction: 'input' }, this.#inputTokens],
        [{ direction: 'output' }, this.#outputTokens],
      ]),
      family(
        'credits_total',
        'counter',
        'Credits that Kiro charged.',
        ofAccount(({ id }) => this.#credits.get(id) ?? 0),
      ),
      family('accounts', 'gauge', 'Accounts, by state.', samplesOf('state', states)),
      family(
        'account_in_flight',
        'gauge',
        'Requests that an account is serving.',
        ofAccount(({ inFlight: own }) => own),
      ),
      family(
        'account_credits_used',
        'gauge',
        "Credits used of an account's plan.",
        ofAccount(({ credits }) => credits?.used),
      ),
      family(
        'account_credits_limit',
        'gauge',
        "Credits of an account's plan.",
        ofAccount(({ credits }) => credits?.limit),
      ),
    ].join('');
  }
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** All of them, so that a state without accounts reads 0. */
const STATES: readonly AccountSummary['state']['name'][] = [
  'ready',
  'cooling',
  'exhausted',
  'parked',
  'needs-sign-in',
  'disabled',
];

function add<Key>(counts: Map<Key, number>, key: Key, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

function samplesOf(label: string, counts: ReadonlyMap<string, number>): Sample[] {
  return [...counts].map(([value, count]) => [{ [label]: value }, count]);
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `kiro_pool_${name}${labelText(labels)} ${value}\n`);
  return `# HELP kiro_pool_${name} ${help}\n# TYPE kiro_pool_${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

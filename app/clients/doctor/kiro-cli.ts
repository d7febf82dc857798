import type { AccountSummary } from '../../pool/account-summary.ts';
import { ok, warning, type Check } from './check.ts';

/** A login that another program keeps on this machine. */
export interface ForeignLogin {
  readonly from: 'kiro-cli' | 'kiro-ide';
  readonly kind: string | null;
  /** The account of the pool that was taken from there; null when there is none. */
  readonly account: string | null;
  /** Why it cannot be taken; null when it can. */
  readonly problem: string | null;
}

export const importAgain = 'kiro-cli.import';

/**
 * Whether kiro-cli's store can be read, and whether it has a new login of the kind that an account has lost. Kiro is not asked
 * whose it is: that would spend the store's token.
 */
export function checkKiroCli(logins: readonly ForeignLogin[], accounts: readonly AccountSummary[]): Check[] {
  const own = logins.filter(({ from }) => from === 'kiro-cli');
  const fresh = own.filter(({ account, problem }) => account === null && problem === null);
  const waiting = accounts.find(
    ({ kind, state }) => state.name === 'needs-sign-in' && fresh.some((login) => login.kind === kind),
  );
  if (waiting) {
    return [
      warning(
        'kiro-cli',
        `kiro-cli has a new login; it may be the one that ${waiting.label} needs.`,
        'Take it: kiro-pool accounts import --from kiro-cli',
        { action: importAgain, label: 'Import it' },
      ),
    ];
  }
  const problem = own.find((login) => login.problem !== null)?.problem;
  if (typeof problem === 'string') {
    return [warning('kiro-cli', problem, 'Sign in with kiro-cli, or choose another way in.')];
  }
  return own.length === 0 ? [] : [ok('kiro-cli', 'Its store can be read.')];
}

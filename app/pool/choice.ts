import type { Account } from './account.ts';
import { stateAt, type AccountState } from './account-state.ts';

/** Why an account was, or was not, chosen for a request: one line for each account, in words (DESIGN promise 5). */
export interface ConsideredAccount {
  readonly account: string;
  readonly label: string;
  readonly chosen: boolean;
  readonly reason: string;
}

export interface Choice {
  readonly account: Account | undefined;
  readonly considered: readonly ConsideredAccount[];
}

export interface ChoiceContext {
  readonly now: number;
  /** Accounts that this request has tried in vain, and why. */
  readonly tried: ReadonlyMap<string, string>;
  /** The account that served last; it is kept until it cannot serve. */
  readonly current: string | undefined;
  /** Why the account cannot serve the model now; undefined when it can, or when that is not known. */
  readonly modelObstacle: (account: Account) => string | undefined;
}

/** Chooses the account for one send: the one that served last while it can, else the first that can. Pure. */
export function chooseAccount(accounts: readonly Account[], context: ChoiceContext): Choice {
  const obstacles = new Map(accounts.map((account) => [account.id, obstacleOf(account, context)]));
  const able = accounts.filter((account) => obstacles.get(account.id) === undefined);
  const chosen = able.find((account) => account.id === context.current) ?? able[0];
  const considered = accounts.map((account) => ({
    account: account.id,
    label: account.label,
    chosen: account === chosen,
    reason: obstacles.get(account.id) ?? reasonOf(account, chosen, context),
  }));
  return { account: chosen, considered };
}

function obstacleOf(account: Account, { now, tried, modelObstacle }: ChoiceContext): string | undefined {
  return tried.get(account.id) ?? describeObstacle(stateAt(account.state, now)) ?? modelObstacle(account);
}

/** Whether only the user can bring the account back: nothing is asked of Kiro in its name until then. */
export function isHeld({ name }: AccountState): boolean {
  return name === 'parked' || name === 'needs-sign-in' || name === 'disabled';
}

/** Why an account in this state cannot serve, in words; undefined when it can. */
export function describeObstacle(state: AccountState): string | undefined {
  switch (state.name) {
    case 'ready':
      return undefined;
    case 'cooling':
      return `cooling down until ${time(state.until)}: ${state.reason}`;
    case 'exhausted':
      return `used up until ${time(state.until)}: ${state.reason}`;
    case 'parked':
      return `parked until you clear it: ${state.reason}`;
    case 'needs-sign-in':
      return `needs a new sign-in: ${state.reason}`;
    case 'disabled':
      return `paused: ${state.reason}`;
  }
}

function reasonOf(account: Account, chosen: Account | undefined, { current }: ChoiceContext): string {
  if (account !== chosen) return 'ready; another account is kept while it can serve';
  return account.id === current ? 'served last and can still serve' : 'the first that can serve';
}

function time(at: number): string {
  return new Date(at).toISOString();
}

import type { Account } from './account.ts';
import { stateAt, type AccountState } from './account-state.ts';
import { pick, type Candidate, type Strategy, type StrategyContext } from './strategy.ts';

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

export interface ChoiceContext extends StrategyContext {
  readonly strategy: Strategy;
  /** The only account that may serve, when the user pinned one. */
  readonly pinned: string | undefined;
  /** Accounts that this request has tried in vain, and why. */
  readonly tried: ReadonlyMap<string, string>;
  /** Why the account cannot serve the model now; undefined when it can, or when that is not known. */
  readonly modelObstacle: (account: Account) => string | undefined;
  /** What the strategies weigh of an account. */
  readonly candidate: (account: Account) => Candidate;
}

/** Chooses the account for one send: among those that can serve, by the strategy; a pin overrides all. Pure. */
export function chooseAccount(accounts: readonly Account[], context: ChoiceContext): Choice {
  const obstacles = new Map(accounts.map((account) => [account.id, obstacleOf(account, context)]));
  const able = accounts.filter((account) => obstacles.get(account.id) === undefined);
  const candidates = new Map(withinPlan(able.map(context.candidate)).map((each) => [each.account.id, each]));
  for (const { id } of able)
    if (!candidates.has(id)) obstacles.set(id, 'beyond its plan, while another account is not');
  const picked = pick(context.strategy, [...candidates.values()], context);
  const chosen = picked?.candidate.account;
  const reason = context.pinned === undefined ? (picked?.reason ?? '') : 'you pinned it';
  const moved = movedFrom(accounts, obstacles, chosen, context);
  const against = (account: Account): string => {
    const candidate = candidates.get(account.id);
    return candidate && picked ? picked.against(candidate) : '';
  };
  // A stream keeps them as long as it runs: of many accounts, most have the same reason.
  const reasons = new Map<string, string>();
  const once = (text: string): string => reasons.get(text) ?? (reasons.set(text, text), text);
  const considered = accounts.map((account) => ({
    account: account.id,
    label: account.label,
    chosen: account === chosen,
    reason: once(
      obstacles.get(account.id) ?? (account === chosen ? `${reason}${moved}` : `could serve too; ${against(account)}`),
    ),
  }));
  return { account: chosen, considered };
}

/** What the user allowed to cost more is for when nothing else is left. */
function withinPlan(candidates: readonly Candidate[]): readonly Candidate[] {
  const within = candidates.filter(({ isBeyondPlan }) => !isBeyondPlan);
  return within.length > 0 ? within : candidates;
}

function obstacleOf(account: Account, context: ChoiceContext): string | undefined {
  const { now, tried, modelObstacle, pinned } = context;
  if (pinned !== undefined && pinned !== account.id) return 'another account is pinned';
  return tried.get(account.id) ?? describeObstacle(stateAt(account.state, now)) ?? modelObstacle(account);
}

/** A session that has to leave its account loses Kiro's prefix cache, so that is always said. */
function movedFrom(
  accounts: readonly Account[],
  obstacles: ReadonlyMap<string, string | undefined>,
  chosen: Account | undefined,
  { sessionAccount, strategy, pinned }: ChoiceContext,
): string {
  if (sessionAccount === undefined || chosen === undefined || chosen.id === sessionAccount) return '';
  const before = accounts.find(({ id }) => id === sessionAccount);
  if (!before) return '; the account of its session was removed';
  const obstacle = obstacles.get(sessionAccount);
  if (obstacle !== undefined) return `; its session moved here from "${before.label}", which is ${obstacle}`;
  // The other strategies do not look at sessions, and have said why.
  const isBusy = pinned === undefined && (strategy === 'hybrid' || strategy === 'drain');
  return isBusy ? `; "${before.label}", where its session is, is busy` : '';
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
      return `in need of a new sign-in: ${state.reason}`;
    case 'disabled':
      return `paused: ${state.reason}`;
  }
}

function time(at: number): string {
  return new Date(at).toISOString();
}

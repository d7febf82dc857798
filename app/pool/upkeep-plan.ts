import type { Account } from './account.ts';
import { stateAt } from './account-state.ts';
import { isHeld } from './choice.ts';

/** One thing to do for an idle account, and when. */
export interface UpkeepTask {
  readonly account: string;
  /** `look`: ask for catalogue, plan and credits, which refreshes the login on the way. `refresh`: the login alone. */
  readonly what: 'look' | 'refresh';
  /** Epoch ms. */
  readonly at: number;
}

export interface UpkeepContext {
  readonly now: number;
  /** When the plan before this one was made; undefined for the first. */
  readonly lastTickAt: number | undefined;
  /** When each account was last looked at, in vain too. */
  readonly lookedAt: ReadonlyMap<string, number>;
  /** Accounts whose last task still runs. */
  readonly busy: ReadonlySet<string>;
}

/** How often a plan is made. */
export const tickMs = 60_000;
/** A tick that comes this late means that the machine slept. */
export const lateMs = 2 * tickMs;
/** Between the beginnings of two tasks, so that many accounts do not look like one burst. */
const spacingMs = 2_000;
/** The network comes back a little later than the machine. */
const wakeDelayMs = 10_000;
/** From then on the keeper of logins agrees to a refresh (protocol §2.6). */
const aheadMs = 5 * 60_000;
const lookEveryMs = 30 * 60_000;
/** Credits that are used up come back when they are reset or bought. */
const lookEveryExhaustedMs = 60 * 60_000;

/**
 * What to do for idle accounts until the next tick: refresh logins that end soon or have ended, and look at accounts now and
 * then. Pure. Never for an account that only the user can bring back: until then Kiro is not asked in its name (DESIGN promise
 * 2). What does not fit into this tick is for the next one, which takes those first that waited the longest.
 */
export function planUpkeep(accounts: readonly Account[], context: UpkeepContext): UpkeepTask[] {
  const { now, lastTickAt, busy } = context;
  const hasSlept = lastTickAt !== undefined && now - lastTickAt > lateMs;
  const start = now + (hasSlept ? wakeDelayMs : 0);
  return accounts
    .filter(({ id, state }) => !busy.has(id) && !isHeld(state))
    .flatMap((account) => dueOf(account, context) ?? [])
    .toSorted((a, b) => a.dueAt - b.dueAt)
    .map(({ account, what }, index) => ({ account, what, at: start + index * spacingMs }))
    .filter(({ at }) => at <= now + tickMs - spacingMs);
}

interface Due {
  readonly account: string;
  readonly what: UpkeepTask['what'];
  readonly dueAt: number;
}

function dueOf(account: Account, { now, lookedAt }: UpkeepContext): Due | undefined {
  const { id, credential } = account;
  const state = stateAt(account.state, now);
  const lookedBefore = lookedAt.get(id);
  // A look in the future was before the clock was set back.
  const isLookKnown = lookedBefore !== undefined && lookedBefore <= now;
  const every = state.name === 'exhausted' ? lookEveryExhaustedMs : lookEveryMs;
  const lookDueAt = isLookKnown ? lookedBefore + every : 0;
  // Kiro asked for fewer requests; its credits can wait until it wants more.
  if (state.name !== 'cooling' && lookDueAt <= now) return { account: id, what: 'look', dueAt: lookDueAt };
  if (credential.kind === 'api-key') return undefined;
  const refreshDueAt = credential.expiresAt - aheadMs;
  return refreshDueAt <= now ? { account: id, what: 'refresh', dueAt: refreshDueAt } : undefined;
}

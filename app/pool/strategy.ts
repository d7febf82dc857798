import type { Account } from './account.ts';

/**
 * How an account is chosen among those that can serve (DESIGN §5):
 *
 * - `sticky`: the one that served last, while it can; else the first in the order of addition.
 * - `round-robin`: the one that was used the longest ago.
 * - `hybrid`: a session stays on its account; a new one gets the account with the best score (`hybridScore`).
 * - `drain`: the one whose credits are reset first, so that none go to waste; a session stays where it is.
 */
export const strategies = ['hybrid', 'sticky', 'round-robin', 'drain'] as const;
export type Strategy = (typeof strategies)[number];

/** What each strategy does, in one line for people. */
export const strategyMeanings: Readonly<Record<Strategy, string>> = {
  sticky: 'keeps to the account that served last, while it can',
  'round-robin': 'takes the account that was used the longest ago',
  hybrid: 'keeps a session on its account; a new one gets the account with most to spare and least to do',
  drain: 'uses up first what is reset first; a session stays on its account',
};

/** What may be chosen from, in the order that it is shown. */
export function strategyChoices(): { name: Strategy; meaning: string }[] {
  return strategies.map((name) => ({ name, meaning: strategyMeanings[name] }));
}

/** An account that can serve, with what the strategies weigh. */
export interface Candidate {
  readonly account: Account;
  /** Credits left of plan, trial and bonuses; Infinity without a limit, undefined when Kiro has not told. */
  readonly left: number | undefined;
  /** The next request would be charged as overage, which the user allows. */
  readonly isBeyondPlan: boolean;
  /** When its credits are reset, in epoch ms. */
  readonly resetAt: number | undefined;
  readonly inFlight: number;
  /** Failures of the last ten minutes. */
  readonly recentFailures: number;
  /** Grows with each choice: the least was chosen the longest ago; 0 for never. */
  readonly lastTurn: number;
}

export interface StrategyContext {
  readonly now: number;
  /** Requests that one account may serve at a time. */
  readonly concurrency: number;
  /** The account that the session is on. */
  readonly sessionAccount: string | undefined;
  /** The session is only guessed from how the conversation begins, so several may look like one. */
  readonly isSessionGuessed: boolean;
  /** The account that served last. */
  readonly current: string | undefined;
}

/** An account and why it was taken, in words. */
export interface Pick {
  readonly candidate: Candidate;
  readonly reason: string;
  /** Why another one that could serve was not taken, in words. */
  readonly against: (candidate: Candidate) => string;
}

/** Chooses among those that can serve, one that need not be waited for first. Pure. Undefined when there is none. */
export function pick(strategy: Strategy, candidates: readonly Candidate[], context: StrategyContext): Pick | undefined {
  const [first] = candidates;
  if (!first) return undefined;
  const isFree = ({ inFlight }: Candidate): boolean => inFlight < context.concurrency;
  const free = candidates.filter(isFree);
  const stays = strategy === 'hybrid' || strategy === 'drain' ? staying(candidates, context) : undefined;
  // Work that begins alike, such as ten agents with one task, must not queue for one account while the others are idle.
  const mayStay = stays && (isFree(stays.candidate) || !context.isSessionGuessed || free.length === 0);
  if (mayStay) return stays;
  return pickNew(strategy, free.length > 0 ? free : candidates, candidates, context);
}

function pickNew(
  strategy: Strategy,
  open: readonly Candidate[],
  all: readonly Candidate[],
  context: StrategyContext,
): Pick | undefined {
  const [first] = open;
  if (!first) return undefined;
  switch (strategy) {
    case 'sticky': {
      const current = all.find(({ account }) => account.id === context.current);
      if (current)
        return simple(current, 'sticky: it served last and can still serve', 'sticky keeps the one that served last');
      return simple(first, 'sticky: the first that can serve', 'sticky takes the first that can serve');
    }
    case 'round-robin':
      return simple(leastRecent(open, first), 'round-robin: it was used the longest ago', 'it was used later');
    case 'hybrid':
      return bestScore(open, context, first);
    case 'drain':
      return firstReset(open, first);
  }
}

/**
 * The score of `hybrid`: `3·headroom + 1·waste − 2·load − 2·failures`, each from 0 to 1.
 *
 * - headroom: credits left, as a share of the most that any candidate has left; 0.5 when not known
 * - waste: how near the reset is (1 now, 0 in 30 days), times the headroom: what would be lost
 * - load: requests in flight, as a share of what the account may serve at a time
 * - failures: of the last ten minutes, three or more counting as 1
 */
export function hybridScore(candidate: Candidate, mostLeft: number, context: StrategyContext): number {
  const headroom = headroomShare(candidate.left, mostLeft);
  const daysToReset = candidate.resetAt === undefined ? 30 : Math.max(0, candidate.resetAt - context.now) / 86_400_000;
  const waste = headroom * (1 - Math.min(daysToReset, 30) / 30);
  const load = Math.min(1, candidate.inFlight / context.concurrency);
  const failures = Math.min(1, candidate.recentFailures / 3);
  return 3 * headroom + waste - 2 * load - 2 * failures;
}

function headroomShare(left: number | undefined, mostLeft: number): number {
  if (left === undefined) return 0.5;
  if (left === Number.POSITIVE_INFINITY) return 1;
  return mostLeft > 0 ? Math.max(0, Math.min(1, left / mostLeft)) : 0;
}

function staying(candidates: readonly Candidate[], { sessionAccount }: StrategyContext): Pick | undefined {
  const candidate = candidates.find(({ account }) => account.id === sessionAccount);
  return candidate && simple(candidate, 'its session is on this account', 'the session is on another account');
}

function bestScore(candidates: readonly Candidate[], context: StrategyContext, first: Candidate): Pick {
  const finite = candidates.flatMap(({ left }) => (left !== undefined && Number.isFinite(left) ? [left] : []));
  const mostLeft = Math.max(0, ...finite);
  const scores = new Map(candidates.map((each) => [each, hybridScore(each, mostLeft, context)]));
  const scoreOf = (each: Candidate): number => scores.get(each) ?? Number.NEGATIVE_INFINITY;
  let best = first;
  for (const candidate of candidates) {
    const isTieWon = scoreOf(candidate) === scoreOf(best) && candidate.lastTurn < best.lastTurn;
    if (scoreOf(candidate) > scoreOf(best) || isTieWon) best = candidate;
  }
  return {
    candidate: best,
    reason: `hybrid: the best score, ${scoreOf(best).toFixed(2)}`,
    against: (candidate) => {
      const score = scores.get(candidate);
      return score === undefined ? 'it is busy' : `its score is ${score.toFixed(2)}`;
    },
  };
}

function firstReset(candidates: readonly Candidate[], first: Candidate): Pick {
  let best = first;
  for (const candidate of candidates) if (resetOf(candidate) < resetOf(best)) best = candidate;
  return simple(best, 'drain: its credits are reset first', 'its credits are reset later');
}

function resetOf({ resetAt }: Candidate): number {
  return resetAt ?? Number.POSITIVE_INFINITY;
}

function leastRecent(candidates: readonly Candidate[], first: Candidate): Candidate {
  let best = first;
  for (const candidate of candidates) if (candidate.lastTurn < best.lastTurn) best = candidate;
  return best;
}

function simple(candidate: Candidate, reason: string, against: string): Pick {
  return { candidate, reason, against: () => against };
}

import type { KiroError } from '../kiro/kiro-error.ts';
import type { AccountEvent } from './account-state.ts';

/** What the pool does about an answer that is no answer: the last column of protocol §7.3. */
export interface Verdict {
  /** What it means for the account; undefined when it is not the account's fault. */
  readonly event: AccountEvent | undefined;
  readonly next: NextStep;
}

export type NextStep =
  /** Tell the client; another account would say the same. */
  | 'give-up'
  | 'other-account'
  /** The same again after a pause, twice; then another account, once. */
  | 'retry'
  /** Without replayed reasoning, once. */
  | 'without-reasoning'
  /** Under a new conversation id, once. */
  | 'new-conversation'
  /** The model is overloaded for everybody here: cool it, and give up. */
  | 'cool-model'
  /** Kiro warned this account: stop, and do not move the request (DESIGN promise 2). */
  | 'stop';

export interface VerdictContext {
  readonly now: number;
  /** When the account's credits are reset, if Kiro told. */
  readonly resetAt: number | undefined;
}

/** Says what an error means, for the account and for the request. Pure. */
export function verdictOf(error: KiroError, { now, resetAt }: VerdictContext): Verdict {
  switch (error.class) {
    case 'token-invalid':
      // The token was renewed and refused again (kiro-link.ts): only a new sign-in can help.
      return {
        event: { type: 'login-rejected', message: `Kiro refuses this login: ${error.message}` },
        next: 'other-account',
      };
    case 'suspended':
      return { event: { type: 'suspended', message: error.message }, next: 'stop' };
    case 'not-authorized':
    case 'profile-required':
      return { event: { type: 'not-entitled', message: error.message }, next: 'other-account' };
    case 'edge-blocked':
      return { event: { type: 'edge-blocked' }, next: 'other-account' };
    case 'rate-limited':
      return { event: { type: 'rate-limited', retryAfterMs: error.retryAfterMs }, next: 'other-account' };
    case 'quota-monthly':
      return quota(quotaEndsAt(resetAt, now), "This plan's credits are used up.");
    case 'quota-overage':
      return quota(quotaEndsAt(resetAt, now), 'The overage limit is used up.');
    case 'quota-daily':
      return quota(nextUtcDay(now), "Today's requests are used up.");
    case 'model-overloaded':
      return { event: undefined, next: 'cool-model' };
    case 'model-unavailable':
      return { event: undefined, next: 'other-account' };
    case 'transient':
    case 'empty-answer':
    case 'broken-stream':
    case 'network':
      return { event: undefined, next: 'retry' };
    case 'reasoning-signature':
      return { event: undefined, next: 'without-reasoning' };
    case 'conversation-limit':
      return { event: undefined, next: 'new-conversation' };
    case 'feature-not-supported':
    case 'wrong-host':
      return { event: undefined, next: 'other-account' };
    case 'context-overflow':
    case 'bad-request':
      // One bad prompt must never cost an account anything, nor be tried on the next one (trap 1).
      return { event: undefined, next: 'give-up' };
  }
}

function quota(resetAt: number, reason: string): Verdict {
  return { event: { type: 'quota-spent', resetAt, reason }, next: 'other-account' };
}

/** When a plan's credits come back: when Kiro said so, else as the next month begins. */
export function quotaEndsAt(resetAt: number | undefined, now: number): number {
  return resetAt !== undefined && resetAt > now ? resetAt : nextUtcMonth(now);
}

/** When the UTC day ends. */
export function nextUtcDay(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
}

function nextUtcMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

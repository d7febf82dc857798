import * as v from 'valibot';
import { asSentence } from './sentence.ts';

/** Whether an account may serve, and if not why and until when (DESIGN §5). Reasons are sentences for the user. */
export type AccountState = v.InferOutput<typeof accountStateSchema>;

const reason = v.pipe(v.string(), v.nonEmpty());

export const accountStateSchema = v.variant('name', [
  v.object({ name: v.literal('ready') }),
  /** Ends by itself at `until`; `strikes` counts the coolings since the last good answer, and doubles the next one. */
  v.object({ name: v.literal('cooling'), until: v.number(), reason, strikes: v.number() }),
  /** Credits are used up; ends when they are reset. */
  v.object({ name: v.literal('exhausted'), until: v.number(), reason }),
  /** Kiro warned us or cannot place the account: only the user ends it. */
  v.object({ name: v.literal('parked'), reason }),
  v.object({ name: v.literal('needs-sign-in'), reason }),
  v.object({ name: v.literal('disabled'), reason }),
]);

/** What happened to an account, as far as it bears on whether it may serve. Times are epoch ms, spans ms. */
export type AccountEvent =
  | { readonly type: 'served' }
  | { readonly type: 'rate-limited'; readonly retryAfterMs: number | undefined }
  | { readonly type: 'edge-blocked' }
  | { readonly type: 'quota-spent'; readonly resetAt: number; readonly reason: string }
  | { readonly type: 'suspended'; readonly message: string }
  | { readonly type: 'not-entitled'; readonly message: string }
  | { readonly type: 'login-rejected'; readonly message: string }
  | { readonly type: 'signed-in' }
  /** Kiro shows more credits than it did before. */
  | { readonly type: 'credits-added' }
  /** The user says that the account may serve again. */
  | { readonly type: 'cleared' }
  /** The user pauses the account, or ends the pause. */
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' };

const firstCoolingMs = 60_000;
const longestCoolingMs = 15 * 60_000;
const edgeBlockMs = 5 * 60_000;

/** The account state machine: pure, and total, so that every event has a meaning in every state. */
export function nextState(state: AccountState, event: AccountEvent, now: number): AccountState {
  // A pause and a missing sign-in have ends of their own; everything else the user may end by hand.
  if (event.type === 'cleared') {
    return state.name === 'disabled' || state.name === 'needs-sign-in' ? state : { name: 'ready' };
  }
  if (event.type === 'resumed') return state.name === 'disabled' ? { name: 'ready' } : state;
  // A pause must not make anybody forget what else is wrong with the account.
  if (event.type === 'paused') {
    return state.name === 'parked' || state.name === 'needs-sign-in'
      ? state
      : { name: 'disabled', reason: 'You paused it.' };
  }
  // What a person has to end is not ended, nor softened, by an answer that was still under way.
  const isHeld = state.name === 'parked' || state.name === 'disabled';
  if (isHeld && event.type !== 'suspended') return state;
  switch (event.type) {
    case 'served':
      // An answer that was under way when another one was refused says nothing about the refusal.
      return state.name === 'needs-sign-in' || isRunning(state, now) ? state : { name: 'ready' };
    case 'signed-in':
      return { name: 'ready' };
    case 'credits-added':
      return state.name === 'exhausted' ? { name: 'ready' } : state;
    case 'rate-limited': {
      if (state.name === 'needs-sign-in' || isRunning(state, now)) return state;
      const strikes = state.name === 'cooling' ? state.strikes + 1 : 1;
      const doubled = Math.min(firstCoolingMs * 2 ** (strikes - 1), longestCoolingMs);
      const until = now + Math.max(doubled, event.retryAfterMs ?? 0);
      return { name: 'cooling', until, strikes, reason: 'Kiro asked for fewer requests.' };
    }
    case 'edge-blocked': {
      if (state.name === 'needs-sign-in' || isRunning(state, now)) return state;
      const strikes = state.name === 'cooling' ? state.strikes : 0;
      const reason = "Kiro's edge blocked requests from this machine's address.";
      return { name: 'cooling', until: now + edgeBlockMs, strikes, reason };
    }
    case 'quota-spent':
      return state.name === 'needs-sign-in' ? state : { name: 'exhausted', until: event.resetAt, reason: event.reason };
    case 'suspended':
      return { name: 'parked', reason: `Kiro locked this account: ${asSentence(event.message)}` };
    case 'not-entitled':
      return { name: 'parked', reason: `Kiro does not let this account make calls: ${asSentence(event.message)}` };
    case 'login-rejected':
      return { name: 'needs-sign-in', reason: asSentence(event.message) };
  }
}

/** The state as it is at a moment: what ends by itself has ended once its time has come. */
export function stateAt(state: AccountState, now: number): AccountState {
  const hasEnded = (state.name === 'cooling' || state.name === 'exhausted') && state.until <= now;
  return hasEnded ? { name: 'ready' } : state;
}

/** Concurrent requests are all refused at once; that is one strike, not one for each. */
function isRunning(state: AccountState, now: number): boolean {
  return (state.name === 'cooling' || state.name === 'exhausted') && state.until > now;
}

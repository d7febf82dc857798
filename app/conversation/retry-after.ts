import type { TurnError, TurnErrorCode } from './turn-error.ts';

/**
 * The header that says when to come back, for errors that another time may mend. Always in whole seconds: without it some
 * clients give up at once, and dates or milliseconds are not understood (clients.md §6.3).
 */
export function retryAfterHeader(error: TurnError): Readonly<Record<string, string>> {
  const usual = USUAL_SECONDS[error.code];
  if (usual === undefined) return {};
  return { 'retry-after': String(secondsOf(error.retryAfterMs) ?? usual) };
}

/** For when the error itself does not know. */
const USUAL_SECONDS: Readonly<Partial<Record<TurnErrorCode, number>>> = {
  'all-exhausted': 60,
  'all-cooling': 5,
  'model-overloaded': 5,
  'upstream-unreachable': 2,
  paused: 30,
  'shutting-down': 2,
};

/** Rounded up, so that the wait is over when the client comes back; where it is long, the client comes back to be told again. */
function secondsOf(ms: number | undefined): number | undefined {
  if (ms === undefined || !Number.isFinite(ms)) return undefined;
  return Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil(ms / 1_000)));
}

/** Credits come back in a month, but a timer of more than 24.8 days fires at once: a client would ask without a pause. */
const LONGEST_SECONDS = 3_600;

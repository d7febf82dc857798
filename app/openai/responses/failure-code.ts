import type { TurnErrorCode } from '../../conversation/turn-error.ts';

/**
 * The code of `response.failed`. Codex compacts when it reads `context_length_exceeded`, waits at `rate_limit_exceeded`, gives up
 * at `insufficient_quota` and at `invalid_prompt`, whose message it shows, and tries again at any other.
 */
export function failureCode(code: TurnErrorCode): string {
  return CODES[code] ?? 'server_error';
}

const CODES: Readonly<Partial<Record<TurnErrorCode, string>>> = {
  'context-overflow': 'context_length_exceeded',
  'all-cooling': 'rate_limit_exceeded',
  'all-exhausted': 'insufficient_quota',
  'account-parked': 'invalid_prompt',
};

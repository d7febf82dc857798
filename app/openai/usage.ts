import type { TokenCounts } from '../conversation/token-estimate.ts';
import type { TurnUsage } from '../conversation/turn-event.ts';

/** `usage` of OpenAI chat completions, with three members of our own at the end. */
export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  /** Only when the service told: an unknown cache is not an empty one (DESIGN promise 6). */
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
  /** Credits charged for this turn, as Kiro reported them. */
  readonly credits?: number;
  /** How full the context window is, in percent 0-100, as Kiro reported it. */
  readonly context_percent?: number;
  /** True when the token counts are not the service's own. */
  readonly estimated: boolean;
}

/** @param usage what Kiro reported beside the tokens */
export function chatUsage(usage: TurnUsage, tokens: TokenCounts): ChatUsage {
  return {
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.input + tokens.output,
    ...(tokens.cachedInput !== undefined && { prompt_tokens_details: { cached_tokens: tokens.cachedInput } }),
    completion_tokens_details: { reasoning_tokens: tokens.reasoning },
    ...(usage.credits !== undefined && { credits: usage.credits }),
    ...(usage.contextPercent !== undefined && { context_percent: usage.contextPercent }),
    estimated: tokens.isEstimate,
  };
}

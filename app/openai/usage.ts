import type { Conversation } from '../conversation/conversation.ts';
import type { OutputMeter } from '../conversation/output-meter.ts';
import { tokensOf } from '../conversation/token-estimate.ts';
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

/** @param meter has seen the whole answer; its share of reasoning is an estimate in any case */
export function chatUsage(usage: TurnUsage, meter: OutputMeter, conversation: Conversation): ChatUsage {
  const tokens = tokensOf(usage, meter.tokens, conversation);
  return {
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.input + tokens.output,
    ...(tokens.cachedInput !== undefined && { prompt_tokens_details: { cached_tokens: tokens.cachedInput } }),
    completion_tokens_details: { reasoning_tokens: Math.min(meter.reasoningTokens, tokens.output) },
    ...(usage.credits !== undefined && { credits: usage.credits }),
    ...(usage.contextPercent !== undefined && { context_percent: usage.contextPercent }),
    estimated: tokens.isEstimate,
  };
}

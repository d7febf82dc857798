import type { TokenCounts } from '../conversation/token-estimate.ts';

/** `usage` of a message. Null stands for what is not known: an unknown cache is not an empty one (DESIGN promise 6). */
export interface MessageUsage extends DeltaUsage {
  readonly cache_creation: null;
  readonly inference_geo: null;
  readonly service_tier: null;
  readonly speed: null;
}

/** `usage` of `message_delta`. */
export interface DeltaUsage {
  readonly cache_creation_input_tokens: null;
  readonly cache_read_input_tokens: number | null;
  /** Without what was read from the cache. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number } | null;
  /** Null when the web was not searched. */
  readonly server_tool_use: { readonly web_search_requests: number; readonly web_fetch_requests: 0 } | null;
}

/** An estimate, in so far as Kiro reported no counts: Anthropic's form has no mark for that. */
export function deltaUsage(tokens: TokenCounts, searches: number): DeltaUsage {
  return {
    cache_creation_input_tokens: null,
    cache_read_input_tokens: tokens.cachedInput ?? null,
    input_tokens: Math.max(0, tokens.input - (tokens.cachedInput ?? 0)),
    output_tokens: tokens.output,
    output_tokens_details: { thinking_tokens: tokens.reasoning },
    server_tool_use: searches > 0 ? { web_search_requests: searches, web_fetch_requests: 0 } : null,
  };
}

export function messageUsage(tokens: TokenCounts, searches: number): MessageUsage {
  return { ...unknown, ...deltaUsage(tokens, searches) };
}

/** Before the answer: the question's estimate is all there is. */
export function openingUsage(inputTokens: number): MessageUsage {
  const tokens = { input: inputTokens, output: 0, reasoning: 0, isEstimate: true };
  return { ...messageUsage(tokens, 0), output_tokens_details: null };
}

const unknown = { cache_creation: null, inference_geo: null, service_tier: null, speed: null } as const;

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts';
import type { WholeTurn } from '../../conversation/gathered-turn.ts';
import type { TokenCounts } from '../../conversation/token-estimate.ts';
import type { EndReason } from '../../conversation/turn-event.ts';
import {
  callItem,
  itemId,
  messageItem,
  reasoningItem,
  searchItem,
  type ItemForm,
  type OutputItem,
} from './output-items.ts';

/** The object `response`. */
export interface ResponseObject extends ResponseEcho {
  readonly id: string;
  readonly object: 'response';
  /** In seconds since 1970, as is `completed_at`. */
  readonly created_at: number;
  readonly completed_at: number | null;
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: 'max_output_tokens' | 'content_filter' } | null;
  readonly output: readonly OutputItem[];
  readonly usage: ResponseUsage;
}

/** What a response repeats of its request; what was not asked for has OpenAI's default. */
export interface ResponseEcho {
  readonly background: false;
  readonly frequency_penalty: number;
  readonly instructions: string | null;
  readonly max_output_tokens: number | null;
  readonly max_tool_calls: number | null;
  readonly metadata: JsonObject;
  readonly model: string;
  readonly parallel_tool_calls: boolean;
  readonly presence_penalty: number;
  readonly previous_response_id: string | null;
  readonly prompt_cache_key: string | null;
  readonly reasoning: JsonObject;
  readonly safety_identifier: string | null;
  readonly service_tier: 'default';
  readonly store: boolean;
  readonly temperature: number;
  readonly text: JsonObject;
  readonly tool_choice: JsonValue;
  readonly tools: readonly JsonObject[];
  readonly top_logprobs: number;
  readonly top_p: number;
  readonly truncation: 'disabled';
  readonly user?: string;
}

/** OpenAI's form has no mark for an estimate, and none for a cache that is not known: it is told as 0. */
export interface ResponseUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: 0 };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

/** What does not change while a response comes to be. */
export interface ResponseHead {
  /** 32 hex digits, of which its id and those of its items are made. */
  readonly answerId: string;
  /** In ms since 1970. */
  readonly createdAt: number;
  readonly echo: ResponseEcho;
}

export type ResponseState = Pick<ResponseObject, 'status' | 'output' | 'usage'> &
  Partial<Pick<ResponseObject, 'error' | 'incomplete_details' | 'completed_at'>>;

export function responseId(answerId: string): string {
  return `resp_${answerId}`;
}

export function responseOf({ answerId, createdAt, echo }: ResponseHead, state: ResponseState): ResponseObject {
  return {
    id: responseId(answerId),
    object: 'response',
    created_at: Math.floor(createdAt / 1_000),
    completed_at: null,
    error: null,
    incomplete_details: null,
    ...echo,
    ...state,
  };
}

/** How a response ended. @param now in ms since 1970 */
export function endState(
  reason: EndReason,
  now: number,
): Pick<ResponseObject, 'status' | 'incomplete_details' | 'completed_at'> {
  const why = INCOMPLETE[reason];
  return why === undefined
    ? { status: 'completed', incomplete_details: null, completed_at: Math.floor(now / 1_000) }
    : { status: 'incomplete', incomplete_details: { reason: why }, completed_at: null };
}

const INCOMPLETE: Readonly<Record<EndReason, 'max_output_tokens' | 'content_filter' | undefined>> = {
  stop: undefined,
  tools: undefined,
  length: 'max_output_tokens',
  filtered: 'content_filter',
};

export function responseUsage({ input, output, reasoning, cachedInput }: TokenCounts): ResponseUsage {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cachedInput ?? 0, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

/** A whole turn as the answer to a client that does not stream. @param now in ms since 1970 */
export function responseOfTurn(turn: WholeTurn, head: ResponseHead, form: ItemForm, now: number): ResponseObject {
  const end = endState(turn.reason, now);
  const output = turn.parts.map((part, index): OutputItem => {
    const wasCut = end.status === 'incomplete' && index === turn.parts.length - 1;
    const status = wasCut ? 'incomplete' : 'completed';
    switch (part.type) {
      case 'text':
        return messageItem(itemId('message', head.answerId, index), status, part.text);
      case 'reasoning': {
        const { text, proof } = part;
        const id = itemId('reasoning', head.answerId, index);
        return reasoningItem(id, proof ? 'completed' : status, { text, proof }, form);
      }
      case 'tool-call': {
        const { type } = form.called.called(part.name);
        const id = itemId(type === 'custom' ? 'custom_tool_call' : 'function_call', head.answerId, index);
        return callItem(id, 'completed', part, form);
      }
      case 'web-search':
        return searchItem(itemId('web_search_call', head.answerId, index), part.query, part.outcome, form);
    }
  });
  return responseOf(head, { ...end, output, usage: responseUsage(turn.tokens) });
}

import * as v from 'valibot';
import type { JsonObject, JsonValue, ToolChoice } from '../../conversation/conversation.ts';
import { fields, jsonObject, list, number, parseBody, text } from '../../conversation/request-schema.ts';
import type { ResponseEcho } from './response.ts';
import { isOfferedKind } from './tools.ts';

/**
 * What a response repeats of its request: what was asked for, or OpenAI's default. Of the tools it tells those that the model
 * was offered, and `truncation` is always off, for Kiro Pool cuts nothing out of a conversation.
 * @param body a request that was checked
 */
export function echoOf(
  body: unknown,
  asked: { readonly toolChoice: ToolChoice; readonly store: boolean },
): ResponseEcho {
  const request = parseBody(echoed, body);
  const choice = request.tool_choice ?? 'auto';
  return {
    background: false,
    frequency_penalty: 0,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    metadata: request.metadata ?? {},
    model: request.model,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    presence_penalty: 0,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: null, summary: null, ...request.reasoning },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: 'default',
    store: asked.store,
    temperature: request.temperature ?? 1,
    text: { ...request.text, format: request.text?.['format'] ?? { type: 'text' } },
    // The choice of a tool that is not the client's was left to the model.
    tool_choice: asked.toolChoice.type === 'auto' && !isAllowedTools(choice) ? 'auto' : choice,
    tools: (request.tools ?? []).filter(isOfferedKind).map(withAllMembers),
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: 'disabled',
    ...(request.user && { user: request.user }),
  };
}

const echoed = fields({
  instructions: v.nullish(text),
  max_output_tokens: v.nullish(number),
  max_tool_calls: v.nullish(number),
  metadata: v.nullish(jsonObject),
  model: text,
  parallel_tool_calls: v.nullish(v.boolean()),
  previous_response_id: v.nullish(text),
  prompt_cache_key: v.nullish(text),
  reasoning: v.nullish(jsonObject),
  safety_identifier: v.nullish(text),
  temperature: v.nullish(number),
  text: v.nullish(jsonObject),
  tool_choice: v.nullish(v.custom<JsonValue>((choice) => choice !== undefined)),
  tools: v.nullish(list(jsonObject)),
  top_p: v.nullish(number),
  user: v.nullish(text),
});

function isAllowedTools(choice: JsonValue): boolean {
  return typeof choice === 'object' && choice !== null && 'type' in choice && choice['type'] === 'allowed_tools';
}

/** A function that a response tells of has members that its client may have left out. */
function withAllMembers(tool: JsonObject): JsonObject {
  return tool['type'] === 'function' ? { description: null, parameters: null, strict: null, ...tool } : tool;
}

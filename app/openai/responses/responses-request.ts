/**
 * OpenAI's responses. In: request bodies, checked and made into conversations, with what is kept of earlier ones put in its
 * place. Out: turn events as the events of a response, or as one whole.
 */

import * as v from 'valibot';
import type { Conversation, JsonObject } from '../../conversation/conversation.ts';
import { turnsOf } from '../../conversation/instructed.ts';
import {
  fields,
  flag,
  integer,
  invalidRequest,
  jsonObject,
  list,
  number,
  oneOf,
  parseBody,
  positiveInteger,
  refuse,
  text,
} from '../../conversation/request-schema.ts';
import { textFormat } from '../answer-format.ts';
import { effort } from '../effort.ts';
import { modelName } from '../model-name.ts';
import { earlierItems, resolved } from './earlier-items.ts';
import { echoOf } from './echo.ts';
import { inputItems, itemsOfText } from './input-items.ts';
import { messagesOf } from './messages-of.ts';
import type { ItemForm } from './output-items.ts';
import type { ResponseMemory } from './response-memory.ts';
import type { ResponseEcho } from './response.ts';
import { offeredTools, toolChoice, tools } from './tools.ts';

/** A checked request for `POST /v1/responses`. */
export interface ResponsesRequest {
  readonly conversation: Conversation;
  readonly stream: boolean;
  /** What keeps a session's requests together: `prompt_cache_key`, else a user's name. */
  readonly sessionHint?: string;
  /** What was left out. */
  readonly warnings: readonly string[];
  readonly form: ItemForm;
  readonly echo: ResponseEcho;
  /** The conversation in items, as the next request may refer to it; the first `inherited` of them are from earlier ones. */
  readonly items: readonly JsonObject[];
  readonly inherited: number;
}

/**
 * Turns a request body of OpenAI's responses into a conversation (DESIGN §6). Unknown members are dropped; known ones that Kiro
 * has no use for, such as `temperature`, are checked for their type and dropped.
 * @param body as JSON.parse gave it
 * @param memory what is kept of earlier answers
 * @throws {TurnError} `invalid-request` with the member at fault as `param`; `response-not-found`
 */
export function parseResponsesRequest(body: unknown, memory: ResponseMemory): ResponsesRequest {
  const request = parseBody(responsesRequest, body);
  const { model } = request;
  const earlier = earlierItems(memory, request.previous_response_id);
  const own = resolved(typeof request.input === 'string' ? itemsOfText(request.input) : (request.input ?? []), memory);
  const { input, tools } = parseBody(innerMembers, { input: own, tools: request.tools ?? [] });
  const pieces = [...parseBody(inputItems, earlier), ...input];
  if (pieces.length === 0) throw invalidRequest('input', 'must hold at least one item');
  const { called, warnings, ...offered } = offeredTools(tools, request.tool_choice ?? { choice: { type: 'auto' } });
  const instructions = request.instructions ? [{ role: 'system', text: request.instructions } as const] : [];
  const sessionHint = request.prompt_cache_key || request.safety_identifier || request.user;
  return {
    conversation: {
      model,
      ...turnsOf([...instructions, ...messagesOf(pieces, model)]),
      ...offered,
      ...(request.parallel_tool_calls === false && { oneCallAtATime: true }),
      responseFormat: request.text?.format ?? { type: 'text' },
      stop: [],
      ...(request.reasoning?.effort && { effort: request.reasoning.effort }),
      ...(request.max_output_tokens && { maxOutputTokens: request.max_output_tokens }),
    },
    stream: request.stream ?? false,
    ...(sessionHint && { sessionHint }),
    warnings,
    form: {
      model,
      called,
      showsSummary: Boolean(request.reasoning?.summary ?? request.reasoning?.generate_summary),
      showsSources: request.include?.includes('web_search_call.action.sources') ?? false,
      showsProof: request.include?.includes('reasoning.encrypted_content') ?? false,
    },
    echo: echoOf(body, { toolChoice: offered.toolChoice, store: request.store ?? true }),
    items: [...earlier, ...own],
    inherited: earlier.length,
  };
}

/** What is looked into once references to earlier items are replaced. */
const innerMembers = fields({ input: inputItems, tools });

const input: v.GenericSchema<unknown, string | readonly JsonObject[]> = v.lazy((value) =>
  Array.isArray(value) ? list(jsonObject) : v.string('must be a string or an array of items'),
);

const responsesRequest = fields({
  model: modelName,
  input: v.nullish(input),
  instructions: v.nullish(text),
  previous_response_id: v.nullish(text),
  tools: v.nullish(list(jsonObject)),
  tool_choice: v.nullish(toolChoice),
  parallel_tool_calls: v.nullish(flag),
  stream: v.nullish(flag),
  max_output_tokens: v.nullish(positiveInteger),
  reasoning: v.nullish(
    fields({ effort: v.nullish(effort), summary: v.nullish(text), generate_summary: v.nullish(text) }),
  ),
  text: v.nullish(fields({ format: v.nullish(textFormat), verbosity: v.nullish(oneOf(['low', 'medium', 'high'])) })),
  include: v.nullish(list(text)),
  prompt_cache_key: v.nullish(text),
  safety_identifier: v.nullish(text),
  user: v.nullish(text),
  background: v.nullish(
    v.pipe(flag, v.value(false, 'must be false: Kiro Pool answers while the client waits, and keeps no jobs')),
  ),
  conversation: refuse('is not supported: send the conversation as input, or previous_response_id'),
  prompt: refuse('is not supported: Kiro Pool keeps no templates; send instructions and input'),
  store: v.nullish(flag),
  // Kiro has none of these: their types are checked so that a client's slip is found, then they are dropped.
  metadata: v.nullish(jsonObject),
  temperature: v.nullish(number),
  top_p: v.nullish(number),
  top_logprobs: v.nullish(integer),
  max_tool_calls: v.nullish(integer),
  service_tier: v.nullish(text),
  truncation: v.nullish(oneOf(['auto', 'disabled'])),
});

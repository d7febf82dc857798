/**
 * OpenAI's side of the house. In: request bodies, checked here and made into conversations. Out: turn events written as
 * OpenAI's streams, answers, errors and model lists. Knows neither Kiro nor HTTP.
 */

import * as v from 'valibot';
import type { Conversation } from '../conversation/conversation.ts';
import { turnsOf } from '../conversation/instructed.ts';
import { anySearch } from '../conversation/web-search.ts';
import { effort } from './effort.ts';
import { messages } from './messages.ts';
import { modelName } from './model-name.ts';
import { chatFormat } from './answer-format.ts';
import {
  fields,
  filledText,
  flag,
  integer,
  jsonObject,
  list,
  number,
  parseBody,
  positiveInteger,
  refuse,
  text,
} from '../conversation/request-schema.ts';
import { offeredTools, toolChoice, tools } from './tools.ts';

/** A checked request for `POST /v1/chat/completions`. */
export interface ChatRequest {
  readonly conversation: Conversation;
  readonly stream: boolean;
  /** The stream is to end with a chunk of usage. */
  readonly includeUsage: boolean;
  /** What keeps a session's requests together: `prompt_cache_key`, else `user`. */
  readonly sessionHint?: string;
}

/**
 * Turns a request body of OpenAI chat completions into a conversation (DESIGN §6). Unknown members are dropped; known ones
 * that Kiro has no use for, such as `temperature`, are checked for their type and dropped.
 * @param body as JSON.parse gave it
 * @throws {TurnError} `invalid-request` with the member at fault as `param`
 */
export function parseChatRequest(body: unknown): ChatRequest {
  const request = parseBody(chatRequest, body);
  const { system, turns } = turnsOf(request.messages);
  const offered = offeredTools(request.tools ?? [], request.tool_choice ?? { choice: { type: 'auto' } });
  const asked = request.reasoning_effort ?? request.reasoning?.effort;
  const maxOutputTokens = request.max_completion_tokens ?? request.max_tokens;
  const sessionHint = request.prompt_cache_key || request.user;
  return {
    conversation: {
      model: request.model,
      system,
      turns,
      ...offered,
      ...(request.web_search_options && { webSearch: anySearch }),
      ...(request.parallel_tool_calls === false && { oneCallAtATime: true }),
      responseFormat: request.response_format ?? { type: 'text' },
      stop: request.stop ?? [],
      ...(asked && { effort: asked }),
      ...(maxOutputTokens && { maxOutputTokens }),
    },
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    ...(sessionHint && { sessionHint }),
  };
}

const stopList = v.pipe(list(filledText), v.maxLength(4, 'must hold at most 4 sequences'));

const lonelyStop = v.pipe(
  v.string('must be a string or an array of strings'),
  v.minLength(1, 'must not be empty'),
  v.transform((sequence) => [sequence]),
);

const stop: v.GenericSchema<unknown, readonly string[]> = v.lazy((input) =>
  Array.isArray(input) ? stopList : lonelyStop,
);

const chatRequest = fields({
  model: modelName,
  messages,
  tools: v.nullish(tools),
  tool_choice: v.nullish(toolChoice),
  stream: v.nullish(flag),
  stream_options: v.nullish(fields({ include_usage: v.nullish(flag) })),
  max_completion_tokens: v.nullish(positiveInteger),
  max_tokens: v.nullish(positiveInteger),
  stop: v.nullish(stop),
  response_format: v.nullish(chatFormat),
  reasoning_effort: v.nullish(effort),
  reasoning: v.nullish(fields({ effort: v.nullish(effort) })),
  prompt_cache_key: v.nullish(text),
  user: v.nullish(text),
  web_search_options: v.nullish(fields({})),
  n: v.nullish(v.pipe(integer, v.value(1, 'must be 1: Kiro gives one answer a request'))),
  functions: refuse('is the old form and not supported: send tools'),
  function_call: refuse('is the old form and not supported: send tool_choice'),
  modalities: v.nullish(list(v.pipe(text, v.value('text', 'must be "text": Kiro answers in nothing else')))),
  // Kiro has none of these: their types are checked so that a client's slip is found, then they are dropped.
  temperature: v.nullish(number),
  top_p: v.nullish(number),
  frequency_penalty: v.nullish(number),
  presence_penalty: v.nullish(number),
  seed: v.nullish(integer),
  logprobs: v.nullish(flag),
  top_logprobs: v.nullish(integer),
  logit_bias: v.nullish(jsonObject),
  parallel_tool_calls: v.nullish(flag),
  store: v.nullish(flag),
  metadata: v.nullish(jsonObject),
  service_tier: v.nullish(text),
  safety_identifier: v.nullish(text),
  verbosity: v.nullish(text),
});

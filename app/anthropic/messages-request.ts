/**
 * Anthropic's side of the house. In: request bodies, checked here and made into conversations. Out: turn events written as
 * Anthropic's streams, answers and errors. Knows neither Kiro nor HTTP.
 */

import * as v from 'valibot';
import type { Conversation, ResponseFormat } from '../conversation/conversation.ts';
import { turnsOf } from '../conversation/instructed.ts';
import {
  byKind,
  fields,
  filledText,
  flag,
  integer,
  jsonObject,
  list,
  number,
  oneOf,
  parseBody,
  positiveInteger,
  text,
} from '../conversation/request-schema.ts';
import { instructions } from './content-blocks.ts';
import { messages } from './messages.ts';
import { sessionOf } from './session.ts';
import { thinking, type ShownReasoning } from './thinking.ts';
import { offeredTools, toolChoice, tools } from './tools.ts';

/** A checked request for `POST /v1/messages`. */
export interface MessagesRequest {
  readonly conversation: Conversation;
  readonly stream: boolean;
  readonly shownReasoning: ShownReasoning;
  readonly sessionHint?: string;
  /** What was left out. */
  readonly warnings: readonly string[];
}

/**
 * Turns a request body of Anthropic's messages into a conversation (DESIGN §6). Unknown members and betas are dropped; known
 * ones that Kiro has no use for, such as `temperature`, are checked for their type and dropped.
 * @param body as JSON.parse gave it
 * @throws {TurnError} `invalid-request` with the member at fault as `param`
 */
export function parseMessagesRequest(body: unknown): MessagesRequest {
  const request = parseBody(messagesRequest, body);
  const hint = request.metadata?.user_id ? sessionOf(request.metadata.user_id) : undefined;
  const { conversation, warnings } = conversationOf(request);
  return {
    conversation: { ...conversation, maxOutputTokens: request.max_tokens },
    stream: request.stream ?? false,
    shownReasoning: request.thinking?.shown ?? 'nothing',
    ...(hint !== undefined && { sessionHint: hint }),
    warnings,
  };
}

/** Turns a request body of `POST /v1/messages/count_tokens` into a conversation. @throws {TurnError} `invalid-request` */
export function parseCountRequest(body: unknown): Conversation {
  return conversationOf(parseBody(countRequest, body)).conversation;
}

function conversationOf(request: v.InferOutput<typeof countRequest>): {
  conversation: Conversation;
  warnings: readonly string[];
} {
  const leading = request.system ? [{ role: 'system', text: request.system } as const] : [];
  const { warnings, ...offered } = offeredTools(
    request.tools ?? [],
    request.tool_choice ?? { choice: { type: 'auto' }, isSerial: false },
  );
  const thinking = request.thinking?.effort;
  // Switched off is off; else the dial says more than a budget.
  const effort = thinking === 'none' ? thinking : (request.output_config?.effort ?? thinking);
  return {
    conversation: {
      model: request.model,
      ...turnsOf([...leading, ...request.messages]),
      ...offered,
      responseFormat: request.output_config?.format ?? request.output_format ?? { type: 'text' },
      stop: request.stop_sequences ?? [],
      ...(effort && { effort }),
    },
    warnings,
  };
}

const format = byKind<ResponseFormat>('type', {
  json_schema: v.pipe(
    fields({ schema: jsonObject }),
    v.transform(({ schema }): ResponseFormat => ({ type: 'json-schema', name: 'output_config.format', schema })),
  ),
});

const shared = {
  // It is kept in the history and shown, so it has to be a name.
  model: v.pipe(filledText, v.maxLength(256, 'must have at most 256 characters')),
  messages,
  system: v.nullish(instructions),
  tools: v.nullish(tools),
  tool_choice: v.nullish(toolChoice),
  thinking: v.nullish(thinking),
  output_config: v.nullish(
    fields({ effort: v.nullish(oneOf(['low', 'medium', 'high', 'xhigh', 'max'])), format: v.nullish(format) }),
  ),
  // What `output_config.format` was called in its beta.
  output_format: v.nullish(format),
  stop_sequences: v.nullish(list(filledText)),
};

const countRequest = fields(shared);

const messagesRequest = fields({
  ...shared,
  max_tokens: positiveInteger,
  stream: v.nullish(flag),
  metadata: v.nullish(fields({ user_id: v.nullish(text) })),
  // Kiro has none of these: their types are checked so that a client's slip is found, then they are dropped.
  temperature: v.nullish(number),
  top_p: v.nullish(number),
  top_k: v.nullish(integer),
  service_tier: v.nullish(text),
});

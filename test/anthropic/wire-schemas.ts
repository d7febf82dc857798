import type Anthropic from '@anthropic-ai/sdk';
import * as v from 'valibot';

/*
 * What our answers may hold: all that the SDK's types demand and nothing that they do not know. The types are checked when this
 * compiles, the answers when the tests run.
 */

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const stopReason = v.picklist(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'refusal']);

const details = v.nullable(exactly<Anthropic.OutputTokensDetails>()(v.strictObject({ thinking_tokens: count })));

const deltaCounts = {
  cache_creation_input_tokens: v.null(),
  cache_read_input_tokens: v.nullable(count),
  input_tokens: count,
  output_tokens: count,
  output_tokens_details: details,
  server_tool_use: v.nullable(
    exactly<Anthropic.ServerToolUsage>()(v.strictObject({ web_search_requests: count, web_fetch_requests: count })),
  ),
};

const usage = exactly<Anthropic.Usage>()(
  v.strictObject({
    ...deltaCounts,
    cache_creation: v.null(),
    inference_geo: v.null(),
    service_tier: v.null(),
    speed: v.null(),
  }),
);

const direct = v.strictObject({ type: v.literal('direct') });

const foundPage = exactly<Anthropic.WebSearchResultBlock>()(
  v.strictObject({
    type: v.literal('web_search_result'),
    title: v.string(),
    url: v.string(),
    encrypted_content: v.string(),
    page_age: v.nullable(v.string()),
  }),
);

const searchError = exactly<Anthropic.WebSearchToolResultErrorObject>()(
  v.strictObject({
    type: v.literal('web_search_tool_result_error'),
    error_code: v.picklist(['unavailable', 'invalid_tool_input', 'max_uses_exceeded']),
  }),
);

const block = v.variant('type', [
  exactly<Anthropic.ServerToolUseBlock>()(
    v.strictObject({
      type: v.literal('server_tool_use'),
      id: v.pipe(v.string(), v.regex(/^srvtoolu_[\w-]+$/)),
      name: v.literal('web_search'),
      input: v.strictObject({ query: v.optional(v.string()) }),
      caller: direct,
    }),
  ),
  exactly<Anthropic.WebSearchToolResultBlock>()(
    v.strictObject({
      type: v.literal('web_search_tool_result'),
      tool_use_id: v.pipe(v.string(), v.regex(/^srvtoolu_[\w-]+$/)),
      content: v.union([v.array(foundPage), searchError]),
      caller: direct,
    }),
  ),
  exactly<Anthropic.TextBlock>()(v.strictObject({ type: v.literal('text'), text: v.string(), citations: v.null() })),
  exactly<Anthropic.ThinkingBlock>()(
    v.strictObject({ type: v.literal('thinking'), thinking: v.string(), signature: v.string() }),
  ),
  exactly<Anthropic.RedactedThinkingBlock>()(
    v.strictObject({ type: v.literal('redacted_thinking'), data: v.pipe(v.string(), v.minLength(1)) }),
  ),
  exactly<Anthropic.ToolUseBlock, 'toolset_name'>()(
    v.strictObject({
      type: v.literal('tool_use'),
      id: v.pipe(v.string(), v.minLength(1)),
      name: v.pipe(v.string(), v.minLength(1)),
      input: v.record(v.string(), v.unknown()),
      caller: direct,
    }),
  ),
]);

export type Block = v.InferOutput<typeof block>;

/** The object `message`. */
export const message = exactly<Anthropic.Message>()(
  v.strictObject({
    id: v.pipe(v.string(), v.regex(/^msg_\w+$/)),
    type: v.literal('message'),
    role: v.literal('assistant'),
    model: v.string(),
    container: v.null(),
    content: v.array(block),
    diagnostics: v.null(),
    stop_details: v.null(),
    stop_reason: v.nullable(stopReason),
    stop_sequence: v.nullable(v.string()),
    usage: usage,
  }),
);

const delta = v.variant('type', [
  exactly<Anthropic.TextDelta>()(v.strictObject({ type: v.literal('text_delta'), text: filled() })),
  exactly<Anthropic.ThinkingDelta>()(v.strictObject({ type: v.literal('thinking_delta'), thinking: filled() })),
  exactly<Anthropic.SignatureDelta>()(v.strictObject({ type: v.literal('signature_delta'), signature: filled() })),
  exactly<Anthropic.InputJSONDelta>()(v.strictObject({ type: v.literal('input_json_delta'), partial_json: filled() })),
]);

/** An error, as an answer and as an event. */
export const errorObject = exactly<Anthropic.ErrorResponse>()(
  v.strictObject({
    type: v.literal('error'),
    error: v.strictObject({
      type: v.picklist([
        'invalid_request_error',
        'authentication_error',
        'permission_error',
        'not_found_error',
        'rate_limit_error',
        'overloaded_error',
        'api_error',
      ]),
      message: filled(),
    }),
    request_id: v.pipe(v.string(), v.regex(/^req_\w+$/)),
  }),
);

/** What the data of an event may be. */
const index = count;

export const streamEvent = v.variant('type', [
  exactly<Anthropic.RawMessageStartEvent>()(v.strictObject({ type: v.literal('message_start'), message })),
  exactly<Anthropic.RawContentBlockStartEvent>()(
    v.strictObject({ type: v.literal('content_block_start'), index, content_block: block }),
  ),
  exactly<Anthropic.RawContentBlockDeltaEvent>()(
    v.strictObject({ type: v.literal('content_block_delta'), index, delta }),
  ),
  exactly<Anthropic.RawContentBlockStopEvent>()(v.strictObject({ type: v.literal('content_block_stop'), index })),
  exactly<Anthropic.RawMessageDeltaEvent>()(
    v.strictObject({
      type: v.literal('message_delta'),
      delta: exactly<Anthropic.RawMessageDeltaEvent.Delta>()(
        v.strictObject({
          container: v.null(),
          stop_details: v.null(),
          stop_reason: stopReason,
          stop_sequence: v.nullable(v.string()),
        }),
      ),
      usage: exactly<Anthropic.MessageDeltaUsage>()(v.strictObject(deltaCounts)),
    }),
  ),
  exactly<Anthropic.RawMessageStopEvent>()(v.strictObject({ type: v.literal('message_stop') })),
  // Not among the SDK's types, which swallows it, but in Anthropic's documentation.
  v.strictObject({ type: v.literal('ping') }),
  errorObject,
]);

function filled() {
  return v.pipe(v.string(), v.minLength(1));
}

/**
 * A schema whose values are a T of the SDK's, with no member that T does not have.
 * @typeParam Left members of T that are left out
 */
export function exactly<T, Left extends keyof T = never>() {
  return <S extends v.GenericSchema<unknown, Omit<T, Left>>>(
    schema: S & (Exclude<keyof v.InferOutput<S>, keyof T> extends never ? unknown : never),
  ): S => schema;
}

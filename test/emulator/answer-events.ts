import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer, AnswerToolCall } from './brain-types.ts';
import { reasoningFamily } from './catalogue.ts';
import { event, type StreamEvent } from './frames.ts';

/** Everything besides the answer that decides what a stream looks like. */
export interface StreamShape {
  readonly host: string;
  readonly binding: 'rest' | 'rpc';
  /** The concrete model, also when `auto` was asked for. */
  readonly model: string;
  readonly conversationId: string;
  readonly contextUsagePercentage: number;
  readonly credits: number;
  readonly reasoning: 'summarized' | 'omitted' | 'none';
  /** Issues the signature for a reasoning text (protocol §9.1). */
  readonly sign: (text: string) => string;
}

/** Answer → events in the typical order of protocol §5.5. */
export function answerEvents(answer: Answer, shape: StreamShape): StreamEvent[] {
  const family = reasoningFamily(shape.model);
  const calls = answer.toolCalls ?? [];
  return [
    ...(shape.binding === 'rpc' ? [event('initial-response', {})] : []),
    event('messageMetadataEvent', { conversationId: shape.conversationId, utteranceId: randomUUID() }),
    ...(family === 'claude' ? claudeReasoning(answer, shape) : []),
    ...textEvents(answer.text, shape.model),
    ...calls.flatMap((call, index) => toolEvents(call, answer.truncateToolCall === true && index === calls.length - 1)),
    // GPT sends its opaque blob last, after text and tools (protocol §9.1).
    ...(family === 'gpt' ? [event('reasoningContentEvent', { signature: answer.signature ?? shape.sign('') })] : []),
    ...closingEvents(answer, shape),
  ];
}

/** Cuts a text into fragments of a few words, without ever losing or adding a character. */
function fragments(text: string): string[] {
  return text.match(/\s*\S+(?:\s+\S+)?\s*/g) ?? (text === '' ? [] : [text]);
}

function claudeReasoning(answer: Answer, shape: StreamShape): StreamEvent[] {
  if (answer.reasoning === undefined) return [];
  // A signature without text stands for omitted reasoning (protocol §9.1).
  const text = shape.reasoning === 'omitted' ? '' : answer.reasoning;
  const signature = answer.signature ?? shape.sign(text);
  return [
    ...fragments(text).map((part) => event('reasoningContentEvent', { text: part })),
    event('reasoningContentEvent', { signature }),
  ];
}

function textEvents(text: string | readonly string[] | undefined, modelId: string): StreamEvent[] {
  if (text === undefined) return [];
  const parts = typeof text === 'string' ? fragments(text) : text;
  return parts.map((content, index) =>
    event('assistantResponseEvent', index === 0 ? { content, modelId } : { content }),
  );
}

/** Start, fragments of the JSON text, end (protocol §5.4). */
function toolEvents(call: AnswerToolCall, isTruncated: boolean): StreamEvent[] {
  const base = { toolUseId: call.toolUseId ?? `tooluse_${randomBytes(16).toString('base64url')}`, name: call.name };
  const json = Object.keys(call.input).length === 0 ? '' : JSON.stringify(call.input);
  const sent = isTruncated ? json.slice(0, Math.ceil(json.length * 0.6)) : json;
  const size = Math.max(5, Math.ceil(sent.length / 40));
  const parts: string[] = [];
  for (let from = 0; from < sent.length;) {
    let to = from + size;
    // A surrogate pair is never cut: JSON in UTF-8 could not carry half of it.
    if (/[\uD800-\uDBFF]/.test(sent.charAt(to - 1))) to += 1;
    parts.push(sent.slice(from, to));
    from = to;
  }
  return [
    event('toolUseEvent', base),
    ...parts.map((input) => event('toolUseEvent', { ...base, input })),
    ...(isTruncated ? [] : [event('toolUseEvent', { ...base, input: '', stop: true })]),
  ];
}

function closingEvents(answer: Answer, shape: StreamShape): StreamEvent[] {
  const hasCalls = (answer.toolCalls ?? []).length > 0;
  const natural = answer.truncateToolCall === true ? 'MAX_TOKENS' : hasCalls ? 'TOOL_USE' : 'END_TURN';
  const stopReason = answer.stopReason === undefined ? natural : answer.stopReason;
  return [
    event('contextUsageEvent', {
      contextUsagePercentage: answer.contextUsagePercentage ?? shape.contextUsagePercentage,
    }),
    event('meteringEvent', { usage: shape.credits, unit: 'credit', unitPlural: 'credits' }),
    // Only the runtime hosts say why they stopped (protocol §5.3).
    ...(shape.host === 'runtime' && stopReason !== null ? [event('metadataEvent', { stopReason })] : []),
  ];
}

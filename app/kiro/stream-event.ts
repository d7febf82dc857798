import * as v from 'valibot';
import type { Frame } from './event-stream.ts';
import { KiroError, errorFromFrame } from './kiro-error.ts';

/** The members of Kiro's response stream that mean something to us (protocol §5.3). */
export type StreamEvent =
  | { readonly type: 'text'; readonly text: string; readonly model: string | undefined }
  | {
      readonly type: 'reasoning';
      readonly text: string | undefined;
      readonly signature: string | undefined;
      readonly redacted: string | undefined;
    }
  | {
      readonly type: 'tool';
      readonly id: string;
      readonly name: string;
      /** A fragment of JSON text; empty when the event had none. */
      readonly input: string;
      readonly stop: boolean;
    }
  | { readonly type: 'context'; readonly percent: number }
  | { readonly type: 'metering'; readonly credits: number }
  | { readonly type: 'metadata'; readonly stopReason: string | undefined; readonly tokens: TokenUsage | undefined }
  | { readonly type: 'code-reference' };

export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number | undefined;
}

/**
 * Reads one frame. Returns undefined for events that are unknown or of no use: new ones must never break us.
 * @throws KiroError for exception and error frames, and for a payload that is not what its type promises
 */
export function readStreamEvent(frame: Frame): StreamEvent | undefined {
  if (frame.messageType !== 'event') {
    throw errorFromFrame(frame.type, frame.payload.toString('utf8'), frame.errorMessage);
  }
  // The type is the other side's word: `constructor` must not find what every object has.
  return Object.hasOwn(readers, frame.type) ? readers[frame.type]?.(parsePayload(frame)) : undefined;
}

type Reader = (payload: Readonly<Record<string, unknown>>) => StreamEvent | undefined;

/** By `:event-type`, never by the look of the payload, which may quote anything (protocol §5.2). */
const readers: Readonly<Record<string, Reader>> = {
  // The two frequent ones are checked by hand: a schema library would double the cost of a stream.
  assistantResponseEvent(payload) {
    const { content = '', modelId } = payload;
    if (typeof content !== 'string') throw malformed('assistantResponseEvent');
    return { type: 'text', text: content, model: typeof modelId === 'string' ? modelId : undefined };
  },
  toolUseEvent(payload) {
    const { toolUseId, name, input, stop } = payload;
    if (typeof toolUseId !== 'string' || toolUseId === '' || typeof name !== 'string') throw malformed('toolUseEvent');
    return { type: 'tool', id: toolUseId, name, input: toolInput(input), stop: stop === true };
  },
  reasoningContentEvent: (payload) => {
    const { text, signature, redactedContent } = parse(reasoningContent, payload, 'reasoningContentEvent');
    return { type: 'reasoning', text, signature, redacted: redactedContent };
  },
  // Figures come after the answer: one that is missing or of a new shape must not break what was already said.
  contextUsageEvent({ contextUsagePercentage: percent }) {
    return typeof percent === 'number' ? { type: 'context', percent } : undefined;
  },
  meteringEvent({ usage: credits }) {
    return typeof credits === 'number' ? { type: 'metering', credits } : undefined;
  },
  metadataEvent(payload) {
    const { stopReason, tokenUsage } = parse(metadata, payload, 'metadataEvent');
    return { type: 'metadata', stopReason, tokens: tokenUsage ? tokensOf(tokenUsage) : undefined };
  },
  codeReferenceEvent: () => ({ type: 'code-reference' }),
  invalidStateEvent(payload) {
    const { message } = payload;
    throw new KiroError('broken-stream', typeof message === 'string' ? message : 'Kiro reported an invalid state');
  },
};

const optionalText = v.fallback(v.optional(v.string()), undefined);
const count = v.pipe(v.number(), v.minValue(0));
const reasoningContent = v.object({ text: optionalText, signature: optionalText, redactedContent: optionalText });
const tokenUsage = v.object({
  uncachedInputTokens: count,
  cacheReadInputTokens: v.nullish(count),
  cacheWriteInputTokens: v.nullish(count),
  outputTokens: count,
});
const metadata = v.object({ stopReason: optionalText, tokenUsage: v.fallback(v.optional(tokenUsage), undefined) });

/** Protocol §10.1: what was read from or written to the cache is input too; an absent counter means unknown. */
function tokensOf(usage: v.InferOutput<typeof tokenUsage>): TokenUsage {
  const read = usage.cacheReadInputTokens ?? undefined;
  return {
    input: usage.uncachedInputTokens + (read ?? 0) + (usage.cacheWriteInputTokens ?? 0),
    output: usage.outputTokens,
    cachedInput: read,
  };
}

/** Text fragments are the rule; an object is the whole input at once, and an empty one means nothing (protocol §5.4). */
function toolInput(input: unknown): string {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null || Object.keys(input).length === 0) return '';
  return JSON.stringify(input);
}

function parsePayload(frame: Frame): Readonly<Record<string, unknown>> {
  let payload: unknown;
  try {
    payload = frame.payload.length === 0 ? {} : JSON.parse(frame.payload.toString('utf8'));
  } catch {
    throw malformed(frame.type);
  }
  if (!isRecord(payload)) throw malformed(frame.type);
  return payload;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, payload: unknown, type: string): T {
  const parsed = v.safeParse(schema, payload);
  if (!parsed.success) throw malformed(type);
  return parsed.output;
}

/** Says nothing of the content, which is the user's. */
function malformed(type: string): KiroError {
  return new KiroError('broken-stream', `Kiro sent a ${type} that does not have its shape`);
}

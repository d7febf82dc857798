import * as v from 'valibot';
import type { AssistantTurn, ReasoningProof, ToolCall, UserTurn } from '../conversation/conversation.ts';
import type { Message } from '../conversation/instructed.ts';
import { byKind, fields, filledText, jsonObject, list, text } from '../conversation/request-schema.ts';
import { instructions, userContent } from './content-blocks.ts';

/** `messages` of Anthropic's API, with instructions in the middle too. */
export const messages: v.GenericSchema<unknown, readonly Message[]> = v.lazy(() => messageList);

/** One block of an earlier answer, as far as it matters to Kiro. */
type AnswerBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly call: ToolCall }
  | { readonly type: 'proof'; readonly proof: ReasoningProof }
  | { readonly type: 'nothing' };

const textBlock = v.pipe(
  fields({ text }),
  v.transform((block): AnswerBlock => ({ type: 'text', text: block.text })),
);

/**
 * Thinking that came without its text cannot be told from a foreign signature, and such without a signature proves nothing:
 * what the pool remembers of the turn stands in for both.
 */
const thinkingBlock = v.pipe(
  fields({ thinking: v.nullish(text, ''), signature: v.nullish(text, '') }),
  v.transform(({ thinking, signature }): AnswerBlock =>
    thinking === '' || signature === ''
      ? { type: 'nothing' }
      : { type: 'proof', proof: { type: 'signed', text: thinking, signature } },
  ),
);

const redactedBlock = v.pipe(
  fields({ data: filledText }),
  v.transform(({ data }): AnswerBlock => ({ type: 'proof', proof: { type: 'redacted', data } })),
);

const toolUseBlock = v.pipe(
  fields({ id: filledText, name: filledText, input: v.nullish(jsonObject, {}) }),
  v.transform(({ id, name, input }): AnswerBlock => ({ type: 'call', call: { id, name, input } })),
);

const knownBlock = byKind<AnswerBlock>('type', {
  text: textBlock,
  thinking: thinkingBlock,
  redacted_thinking: redactedBlock,
  tool_use: toolUseBlock,
});

const strangeBlock = v.pipe(
  fields({ type: filledText }),
  v.transform((): AnswerBlock => ({ type: 'nothing' })),
);

/** An answer of another service may hold what its own tools did, which means nothing to Kiro. */
const answerBlock = v.lazy((input) => (isOfStrangeKind(input) ? strangeBlock : knownBlock));

function isOfStrangeKind(block: unknown): boolean {
  if (typeof block !== 'object' || block === null || !('type' in block) || typeof block.type !== 'string') return false;
  return !KNOWN.has(block.type);
}

const KNOWN: ReadonlySet<string> = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']);

const answerContent: v.GenericSchema<unknown, readonly AnswerBlock[]> = v.lazy((input) =>
  Array.isArray(input) ? list(answerBlock) : lonelyText,
);

const lonelyText = v.pipe(
  v.string('must be a string or an array of blocks'),
  v.transform((words): AnswerBlock[] => [{ type: 'text', text: words }]),
);

const userMessage = v.pipe(
  fields({ content: userContent }),
  v.transform(({ content }): UserTurn => ({ role: 'user', parts: content })),
);

const assistantMessage = v.pipe(
  fields({ content: answerContent }),
  v.transform(({ content }): AssistantTurn => {
    const proof = content.findLast((block) => block.type === 'proof')?.proof;
    return {
      role: 'assistant',
      text: content.flatMap((block) => (block.type === 'text' && block.text !== '' ? block.text : [])).join('\n\n'),
      toolCalls: content.flatMap((block) => (block.type === 'call' ? block.call : [])),
      ...(proof && { reasoning: proof }),
    };
  }),
);

const systemMessage = v.pipe(
  fields({ content: instructions }),
  v.transform(({ content }): Message => ({ role: 'system', text: content })),
);

const messageList = v.pipe(
  list(byKind<Message>('role', { user: userMessage, assistant: assistantMessage, system: systemMessage })),
  v.minLength(1, 'must hold at least one message'),
);

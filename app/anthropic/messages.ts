import * as v from 'valibot';
import type { AssistantTurn, ReasoningProof, ToolCall, ToolResultPart } from '../conversation/conversation.ts';
import type { Message } from '../conversation/instructed.ts';
import { byKind, fields, filledText, jsonObject, list, text } from '../conversation/request-schema.ts';
import { instructions, userContent } from './content-blocks.ts';
import { searchResult, searchUse } from './search-blocks.ts';

/** `messages` of Anthropic's API, with instructions in the middle too. */
export const messages: v.GenericSchema<unknown, readonly Message[]> = v.lazy(() => messageList);

/** One block of an earlier answer, as far as it matters to Kiro. */
type AnswerBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly call: ToolCall }
  | { readonly type: 'proof'; readonly proof: ReasoningProof }
  | { readonly type: 'found'; readonly result: ToolResultPart }
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

const searchUseBlock = v.pipe(
  searchUse,
  v.transform((call): AnswerBlock => ({ type: 'call', call })),
);

const searchResultBlock = v.pipe(
  searchResult,
  v.transform((result): AnswerBlock => ({ type: 'found', result })),
);

const KINDS = {
  text: textBlock,
  thinking: thinkingBlock,
  redacted_thinking: redactedBlock,
  tool_use: toolUseBlock,
  web_search_tool_result: searchResultBlock,
};

const knownBlock = byKind<AnswerBlock>('type', KINDS);

const searchBlock = byKind<AnswerBlock>('type', { server_tool_use: searchUseBlock });

const strangeBlock = v.pipe(
  fields({ type: filledText }),
  v.transform((): AnswerBlock => ({ type: 'nothing' })),
);

/** An answer of another service may hold what its own tools did, which means nothing to Kiro. */
const answerBlock = v.lazy((input) => {
  if (isSearch(input)) return searchBlock;
  return isOfStrangeKind(input) ? strangeBlock : knownBlock;
});

function isSearch(block: unknown): boolean {
  return v.is(v.object({ type: v.literal('server_tool_use'), name: v.literal('web_search') }), block);
}

function isOfStrangeKind(block: unknown): boolean {
  if (typeof block !== 'object' || block === null || !('type' in block) || typeof block.type !== 'string') return false;
  return !Object.hasOwn(KINDS, block.type);
}

const answerContent: v.GenericSchema<unknown, readonly AnswerBlock[]> = v.lazy((input) =>
  Array.isArray(input) ? list(answerBlock) : lonelyText,
);

const lonelyText = v.pipe(
  v.string('must be a string or an array of blocks'),
  v.transform((words): AnswerBlock[] => [{ type: 'text', text: words }]),
);

const userMessage = v.pipe(
  fields({ content: userContent }),
  v.transform(({ content }): readonly Message[] => [{ role: 'user', parts: content }]),
);

const assistantMessage = v.pipe(
  fields({ content: answerContent }),
  v.transform(({ content }): readonly Message[] => turnsIn(content)),
);

/** One answer, or several with what was found in between when the web was searched for it. */
function turnsIn(blocks: readonly AnswerBlock[]): Message[] {
  const turns: Message[] = [];
  let said: AnswerBlock[] = [];
  for (const [index, block] of blocks.entries()) {
    if (block.type !== 'found') {
      said.push(block);
      continue;
    }
    if (said.length > 0) turns.push(answerOf(said));
    said = [];
    const found = turns.at(-1)?.role === 'user' && blocks[index - 1]?.type === 'found';
    const last = found ? turns.pop() : undefined;
    turns.push({ role: 'user', parts: [...(last?.role === 'user' ? last.parts : []), block.result] });
  }
  if (said.length > 0) turns.push(answerOf(said));
  return turns;
}

function answerOf(blocks: readonly AnswerBlock[]): AssistantTurn {
  const proof = blocks.findLast((block) => block.type === 'proof')?.proof;
  return {
    role: 'assistant',
    text: blocks.flatMap((block) => (block.type === 'text' && block.text !== '' ? block.text : [])).join('\n\n'),
    toolCalls: blocks.flatMap((block) => (block.type === 'call' ? block.call : [])),
    ...(proof && { reasoning: proof }),
  };
}

const systemMessage = v.pipe(
  fields({ content: instructions }),
  v.transform(({ content }): readonly Message[] => [{ role: 'system', text: content }]),
);

const messageList = v.pipe(
  list(byKind<readonly Message[]>('role', { user: userMessage, assistant: assistantMessage, system: systemMessage })),
  v.minLength(1, 'must hold at least one message'),
  v.transform((parsed) => parsed.flat()),
);

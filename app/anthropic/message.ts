import type { JsonObject, JsonValue } from '../conversation/conversation.ts';
import type { GatheredPart, GatheredSearch, WholeTurn } from '../conversation/gathered-turn.ts';
import { searchResultBlock, searchUseBlock, type SearchResultBlock, type ServerToolUseBlock } from './search-blocks.ts';
import { stopReason, type StopReason } from './stop-reason.ts';
import type { ShownReasoning } from './thinking.ts';
import { messageUsage, type MessageUsage } from './usage.ts';

/** The object `message`. Members that are always null belong to what Kiro has not. */
export interface Message {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  /** The model as the client named it. */
  readonly model: string;
  readonly container: null;
  readonly content: ContentBlock[];
  readonly diagnostics: null;
  readonly stop_details: null;
  readonly stop_reason: StopReason | null;
  readonly stop_sequence: string | null;
  readonly usage: MessageUsage;
}

export type ContentBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock
  | SearchResultBlock;

export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
  readonly citations: null;
}

export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly thinking: string;
  readonly signature: string;
}

export interface RedactedThinkingBlock {
  readonly type: 'redacted_thinking';
  readonly data: string;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly caller: { readonly type: 'direct' };
}

/** A message without content, as it opens a stream. */
export function emptyMessage(id: string, model: string, usage: MessageUsage): Message {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    container: null,
    content: [],
    diagnostics: null,
    stop_details: null,
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

/** A whole turn as the answer to a client that does not stream. */
export function messageOf(
  turn: WholeTurn,
  { id, model, shownReasoning }: { id: string; model: string; shownReasoning: ShownReasoning },
): Message {
  return {
    ...emptyMessage(id, model, messageUsage(turn.tokens, searchesIn(turn.parts))),
    content: blocksOf(turn.parts, shownReasoning),
    stop_reason: stopReason(turn.reason, turn.stopSequence),
    stop_sequence: turn.stopSequence ?? null,
  };
}

function searchesIn(parts: readonly GatheredPart[]): number {
  return parts.filter(({ type }) => type === 'web-search').length;
}

function blocksOf(parts: readonly GatheredPart[], shown: ShownReasoning): ContentBlock[] {
  const blocks: ContentBlock[] = [];
  for (const part of parts) {
    if (part.type === 'web-search') {
      blocks.push(searchUseBlock(part.id, part.query), searchResultBlock(part.id, part.outcome));
      continue;
    }
    const block = blockOf(part, shown);
    const last = blocks.at(-1);
    // Reasoning that is not shown does not part a text in two.
    if (block?.type === 'text' && last?.type === 'text')
      blocks.splice(-1, 1, { ...last, text: last.text + block.text });
    else if (block) blocks.push(block);
  }
  return blocks;
}

function blockOf(part: Exclude<GatheredPart, GatheredSearch>, shown: ShownReasoning): ContentBlock | undefined {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, citations: null };
    case 'tool-call':
      return toolUseBlock(part.id, part.name, inputOf(part.json));
    case 'reasoning':
      if (shown === 'nothing') return undefined;
      if (part.proof?.type === 'redacted') return { type: 'redacted_thinking', data: part.proof.data };
      if (part.text === '') return undefined;
      return {
        type: 'thinking',
        thinking: shown === 'whole' ? part.text : '',
        signature: part.proof?.type === 'signed' ? part.proof.signature : '',
      };
  }
}

export function toolUseBlock(id: string, name: string, input: JsonObject): ToolUseBlock {
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } };
}

/** Arguments that came whole are an object; should they ever be none, the call is told without. */
function inputOf(json: string): JsonObject {
  try {
    const input: JsonValue = JSON.parse(json);
    return isObject(input) ? input : {};
  } catch {
    return {};
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

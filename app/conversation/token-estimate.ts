import type { Conversation, Turn, UserPart } from './conversation.ts';
import type { TurnUsage } from './turn-event.ts';

/**
 * Token counts without a tokenizer. Kiro names none for its models and reports no counts in practice (protocol §10.1), so
 * a count is a rate by script: 3.5 UTF-16 units a token for ASCII, 2 for other alphabets, 4/3 for CJK and emoji. Meant to
 * be rather too high than too low, so that clients compact in time.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(unitsOf(text) / UNITS_PER_TOKEN);
}

/** Whole units let fragments add up to the same count however a text is cut. */
export const UNITS_PER_TOKEN = 28;

/** The weight of a text in units of 1/28 token. */
export function unitsOf(text: string): number {
  let units = 0;
  for (let index = 0; index < text.length; index += 1) units += unitsOfCode(text.charCodeAt(index));
  return units;
}

/** The weight of one UTF-16 unit, in units of 1/28 token. */
export function unitsOfCode(code: number): number {
  if (code < 0x80) return 8;
  return code < 0x2e80 ? 14 : 21;
}

/** Estimated size of a request in tokens, without the service's own hidden prompt of about 4,100. */
export function estimateConversation(conversation: Conversation): number {
  let units = sampledUnits(conversation.system);
  let tokens = 0;
  for (const tool of conversation.tools) {
    units += unitsOf(tool.name) + sampledUnits(tool.description) + sampledUnits(JSON.stringify(tool.inputSchema));
  }
  for (const turn of conversation.turns) {
    tokens += TOKENS_PER_TURN;
    units += unitsOfTurn(turn);
    if (turn.role === 'user') tokens += TOKENS_PER_IMAGE * imagesIn(turn.parts) + documentTokens(turn.parts);
  }
  return tokens + Math.ceil(units / UNITS_PER_TOKEN);
}

/** The tokens of one turn, for a client's `usage`. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  /** The part of `output` that is reasoning; an estimate in any case. */
  readonly reasoning: number;
  readonly cachedInput?: number;
  /** False only when the service itself reported the other counts. */
  readonly isEstimate: boolean;
}

/**
 * The best known counts of a turn, in protocol §10.1's order of trust: the service's own, then the context window's fill
 * less the answer, then an estimate of the conversation.
 * @param answer estimates of the whole answer and of its reasoning, see output-meter.ts
 */
export function tokensOf(
  usage: TurnUsage,
  answer: { readonly tokens: number; readonly reasoningTokens: number },
  conversation: Conversation,
): TokenCounts {
  const output = usage.tokens?.output ?? answer.tokens;
  const reasoning = Math.min(answer.reasoningTokens, output);
  if (usage.tokens) return { ...usage.tokens, reasoning, isEstimate: false };
  const { contextPercent, contextTokens } = usage;
  if (contextPercent !== undefined && contextTokens !== undefined) {
    const total = Math.round((contextPercent / 100) * contextTokens);
    return { input: Math.max(0, total - output), output, reasoning, isEstimate: true };
  }
  return { input: estimateConversation(conversation), output, reasoning, isEstimate: true };
}

/** Measured overhead of one history entry (protocol §10.1). */
const TOKENS_PER_TURN = 27;

/** A picture of about 1,000 x 1,000 at width times height / 750; its true size is not read. */
const TOKENS_PER_IMAGE = 1_300;

/** A PDF without pictures has about 20 bytes a token; it is not read here. */
const BASE64_UNITS_PER_DOCUMENT_TOKEN = 27;

/** Longer texts are weighed by a sample of this many units, so that a request of megabytes holds up no other stream. */
const SAMPLE_LENGTH = 16_384;

function sampledUnits(text: string): number {
  if (text.length <= SAMPLE_LENGTH) return unitsOf(text);
  const step = text.length / SAMPLE_LENGTH;
  let units = 0;
  for (let index = 0; index < SAMPLE_LENGTH; index += 1)
    units += unitsOfCode(text.charCodeAt(Math.floor(index * step)));
  return Math.round(units * step);
}

function unitsOfTurn(turn: Turn): number {
  let units = 0;
  if (turn.role === 'user') {
    for (const part of turn.parts) if ('text' in part) units += sampledUnits(part.text);
    return units;
  }
  units += sampledUnits(turn.text);
  for (const call of turn.toolCalls) units += unitsOf(call.name) + sampledUnits(JSON.stringify(call.input));
  if (turn.reasoning?.type === 'signed') units += sampledUnits(turn.reasoning.text);
  return units;
}

function imagesIn(parts: readonly UserPart[]): number {
  let images = 0;
  for (const part of parts) {
    if (part.type === 'image') images += 1;
    if (part.type === 'tool-result') images += part.images.length;
  }
  return images;
}

function documentTokens(parts: readonly UserPart[]): number {
  let tokens = 0;
  for (const part of parts) {
    if (part.type === 'document') tokens += Math.ceil(part.base64.length / BASE64_UNITS_PER_DOCUMENT_TOKEN);
  }
  return tokens;
}

import { createHash } from 'node:crypto';
import type { AssistantTurn, Conversation, ReasoningProof, Turn } from './conversation.ts';
import { TextDigest } from './text-digest.ts';

/** What an answer is known again by, so that it need not be kept itself. */
export interface AnswerMark {
  readonly callIds: readonly string[];
  /** Of a `TextDigest`. Counts when there are no calls. */
  readonly textDigest: string;
}

/**
 * Keeps the reasoning of past answers for clients that do not send it back (OpenAI chat has no member for it), so that it
 * can be replayed with the turn it belongs to. Without the replay a model stops reasoning after its first tool call
 * (protocol §9.3).
 *
 * Bounded: the least recently used proofs go first once `maxBytes` of proof text are held. Lost with the process, which
 * costs some reasoning but never an answer.
 */
export class ReasoningMemory {
  readonly #proofs = new Map<string, { readonly proof: ReasoningProof; readonly bytes: number }>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = 32 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Remembers the proof of an answer that is now complete.
   * @param model the model that signed it: a proof is worthless to another one
   * @param turns the conversation that the answer continued
   */
  remember(model: string, turns: readonly Turn[], answer: AnswerMark, proof: ReasoningProof): void {
    const key = keyOf(model, lastUserText(turns, turns.length), answer);
    const bytes = sizeOf(proof);
    this.#drop(key);
    this.#proofs.set(key, { proof, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#proofs.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  /** Returns the conversation with the proof added to every assistant turn that has none and for which one is known. */
  recall(conversation: Conversation, model: string): Conversation {
    if (this.#proofs.size === 0) return conversation;
    const turns = conversation.turns.map((turn, index) => {
      if (turn.role === 'user' || turn.reasoning) return turn;
      const key = keyOf(model, lastUserText(conversation.turns, index), markOf(turn));
      const known = this.#proofs.get(key);
      if (!known) return turn;
      this.#proofs.delete(key);
      this.#proofs.set(key, known);
      return { ...turn, reasoning: known.proof };
    });
    return { ...conversation, turns };
  }

  #drop(key: string): void {
    const known = this.#proofs.get(key);
    if (!known) return;
    this.#bytes -= known.bytes;
    this.#proofs.delete(key);
  }
}

/** The same conversation without any reasoning, for when the service refuses a signature. */
export function withoutReasoning(conversation: Conversation): Conversation {
  return {
    ...conversation,
    turns: conversation.turns.map((turn) => {
      if (turn.role === 'user') return turn;
      const { reasoning: _, ...rest } = turn;
      return rest;
    }),
  };
}

/**
 * An answer is known again by its tool calls' ids, which the service makes unique; an answer in text alone by that text and
 * the question before it. Clients trim text, so the ends do not count.
 */
function keyOf(model: string, question: string, { callIds, textDigest }: AnswerMark): string {
  const hash = createHash('sha256').update(model);
  if (callIds.length > 0) for (const id of callIds) hash.update('\0').update(id);
  else hash.update('\0\0').update(question).update('\0').update(textDigest);
  return hash.digest('base64');
}

function markOf({ text, toolCalls }: AssistantTurn): AnswerMark {
  return {
    callIds: toolCalls.map(({ id }) => id),
    textDigest: toolCalls.length > 0 ? '' : new TextDigest().add(text).end(),
  };
}

function lastUserText(turns: readonly Turn[], before: number): string {
  for (let index = before - 1; index >= 0; index -= 1) {
    const turn = turns[index];
    if (turn?.role === 'user') return turn.parts.map((part) => ('text' in part ? part.text : '')).join('\n');
  }
  return '';
}

function sizeOf(proof: ReasoningProof): number {
  switch (proof.type) {
    case 'signed':
      return proof.text.length + proof.signature.length;
    case 'opaque':
      return proof.signature.length;
    case 'redacted':
      return proof.data.length;
  }
}

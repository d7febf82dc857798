import type { AssistantTurn, ReasoningProof, ToolCall } from '../../conversation/conversation.ts';
import type { Message } from '../../conversation/instructed.ts';
import type { InputPiece } from './input-items.ts';
import { openProof } from './reasoning-seal.ts';

/**
 * Puts the pieces of a conversation together: what the assistant said, called and thought in a row is one turn of its, as it was
 * when it answered. Of several proofs the last is the turn's.
 * @param model as the client names it
 */
export function messagesOf(pieces: readonly InputPiece[], model: string): readonly Message[] {
  const messages: Message[] = [];
  let answer = new AnswerDraft();
  for (const piece of pieces) {
    if (piece.type === 'message' && piece.message.role !== 'assistant') {
      messages.push(...answer.turns(), piece.message);
      answer = new AnswerDraft();
    } else answer.add(piece, model);
  }
  return [...messages, ...answer.turns()];
}

class AnswerDraft {
  readonly #texts: string[] = [];
  readonly #calls: ToolCall[] = [];
  #proof: ReasoningProof | undefined;

  add(piece: InputPiece, model: string): void {
    if (piece.type === 'message' && piece.message.role === 'assistant' && piece.message.text !== '') {
      this.#texts.push(piece.message.text);
    } else if (piece.type === 'call') this.#calls.push(piece.call);
    else if (piece.type === 'sealed') this.#proof = openProof(piece.sealed, model) ?? this.#proof;
  }

  turns(): AssistantTurn[] {
    if (this.#texts.length === 0 && this.#calls.length === 0) return [];
    return [
      {
        role: 'assistant',
        text: this.#texts.join('\n\n'),
        toolCalls: this.#calls,
        ...(this.#proof && { reasoning: this.#proof }),
      },
    ];
  }
}

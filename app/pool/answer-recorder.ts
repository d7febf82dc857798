import type { ReasoningProof } from '../conversation/conversation.ts';
import type { AnswerMark } from '../conversation/reasoning-memory.ts';
import { TextDigest } from '../conversation/text-digest.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';

/** Notes of the events of a turn what replaying its reasoning needs (protocol §9.3), and nothing that grows with its text. */
export class AnswerRecorder {
  readonly #text = new TextDigest();
  readonly #callIds: string[] = [];
  #proof: ReasoningProof | undefined;

  add(events: readonly TurnEvent[]): void {
    for (const event of events) {
      if (event.type === 'text') this.#text.add(event.text);
      else if (event.type === 'tool-start') this.#callIds.push(event.id);
      else if (event.type === 'reasoning-proof') this.#proof = event.proof;
    }
  }

  /** The proof and the answer that it belongs to, when there was one. To be called once, at the end. */
  end(): { readonly mark: AnswerMark; readonly proof: ReasoningProof } | undefined {
    if (!this.#proof) return undefined;
    return { mark: { callIds: this.#callIds, textDigest: this.#text.end() }, proof: this.#proof };
  }
}

import type { AssistantTurn, JsonObject, ReasoningProof, ToolCall } from '../conversation/conversation.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';

/** Puts the events of a turn together again, as far as replaying its reasoning needs it (protocol §9.3). */
export class AnswerRecorder {
  readonly #texts: string[] = [];
  readonly #calls: ToolCall[] = [];
  #proof: ReasoningProof | undefined;

  add(events: readonly TurnEvent[]): void {
    for (const event of events) {
      if (event.type === 'text') this.#texts.push(event.text);
      else if (event.type === 'tool-start') this.#calls.push({ id: event.id, name: event.name, input: noInput });
      else if (event.type === 'reasoning-proof') this.#proof = event.proof;
    }
  }

  /** The proof and the turn that it belongs to, when there was one. Calls have their ids and names, not their input. */
  get answer(): { readonly turn: AssistantTurn; readonly proof: ReasoningProof } | undefined {
    if (!this.#proof) return undefined;
    return { turn: { role: 'assistant', text: this.#texts.join(''), toolCalls: this.#calls }, proof: this.#proof };
  }
}

const noInput: JsonObject = {};

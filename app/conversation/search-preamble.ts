import type { TurnEvent } from './turn-event.ts';
import type { TurnFilter } from './turn-filter.ts';

/**
 * Keeps what a model says before it searches the web out of an answer that is to be JSON: "I will look it up." in front makes the
 * whole none. Whether a search follows is not known before the end, so the text waits until then, or until a call of a tool that
 * the client runs, beside which a format is not asked for. What no other text follows was the answer.
 */
export class SearchPreamble implements TurnFilter {
  #held: TurnEvent[] = [];
  #hasSearched = false;
  #isOpen = false;
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  push(events: readonly TurnEvent[]): TurnEvent[] {
    return events.flatMap((event) => this.#take(event));
  }

  #take(event: TurnEvent): readonly TurnEvent[] {
    switch (event.type) {
      case 'text': {
        if (this.#isOpen) return [event];
        if (this.#hasSearched && event.text.trim() !== '') {
          this.#hasSearched = false;
          this.#held = [];
        }
        this.#held.push(event);
        return [];
      }
      case 'web-search':
        this.#hasSearched = true;
        return [event];
      case 'tool-start':
        return [...this.#release(), event];
      case 'end':
        this.#isDone = true;
        return [...this.#release(), event];
      case 'reasoning':
      case 'reasoning-proof':
      case 'tool-input':
      case 'tool-end':
        return [event];
    }
  }

  #release(): readonly TurnEvent[] {
    const held = this.#held;
    this.#held = [];
    this.#isOpen = true;
    return held;
  }
}

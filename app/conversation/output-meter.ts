import { UNITS_PER_TOKEN, unitsOf } from './token-estimate.ts';
import type { TurnEvent } from './turn-event.ts';

/**
 * Estimates the tokens of an answer while it streams: text, reasoning, tool names and arguments (protocol §10.1). The
 * count does not depend on how the answer is cut into events.
 */
export class OutputMeter {
  #units = 0;
  #reasoningUnits = 0;

  add(event: TurnEvent): void {
    switch (event.type) {
      case 'text':
        this.#units += unitsOf(event.text);
        break;
      case 'reasoning':
        this.#reasoningUnits += unitsOf(event.text);
        break;
      case 'tool-start':
        this.#units += unitsOf(event.name);
        break;
      case 'tool-input':
        this.#units += unitsOf(event.json);
        break;
      case 'reasoning-proof':
      case 'tool-end':
      case 'web-search':
      case 'end':
        break;
    }
  }

  /** Tokens of the whole answer, reasoning included. */
  get tokens(): number {
    return Math.ceil((this.#units + this.#reasoningUnits) / UNITS_PER_TOKEN);
  }

  get reasoningTokens(): number {
    return Math.ceil(this.#reasoningUnits / UNITS_PER_TOKEN);
  }
}

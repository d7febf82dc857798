import { UNITS_PER_TOKEN, unitsOfCode } from './token-estimate.ts';
import type { EndReason, TurnEvent } from './turn-event.ts';
import type { TurnFilter } from './turn-filter.ts';

/**
 * Ends an answer at the client's token limit, for models that cannot be told one (protocol §4.9). Text and reasoning count
 * by estimate (token-estimate.ts); tool calls are exempt, since half a call is of no use.
 *
 * Beyond the limit the turn ends at once with reason `length`. When tools were offered it is drained instead, without text
 * or reasoning, because a call may still come; it then ends with `length` unless the upstream's own reason says more than
 * `stop`, such as `tools` for calls that the client is to run.
 */
export class OutputLimit implements TurnFilter {
  #unitsLeft: number;
  readonly #drains: boolean;
  #isCut = false;
  #hasToolCall = false;
  #isDone = false;

  /** @param maxTokens at least 1 */
  constructor(maxTokens: number, { hasTools }: { readonly hasTools: boolean }) {
    this.#unitsLeft = maxTokens * UNITS_PER_TOKEN;
    this.#drains = hasTools;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  push(events: readonly TurnEvent[]): TurnEvent[] {
    const passed: TurnEvent[] = [];
    for (const event of events) {
      if (this.#isDone) break;
      switch (event.type) {
        case 'text':
        case 'reasoning': {
          if (this.#isCut) break;
          const text = this.#fitting(event.text);
          if (text !== '') passed.push(text === event.text ? event : { type: event.type, text });
          if (!this.#isCut || this.#drains || this.#hasToolCall) break;
          this.#isDone = true;
          passed.push({
            type: 'end',
            reason: 'length',
            usage: events.find((other) => other.type === 'end')?.usage ?? {},
          });
          break;
        }
        case 'end':
          this.#isDone = true;
          passed.push(this.#isCut ? { ...event, reason: reasonAfterCut(event.reason) } : event);
          break;
        case 'tool-start':
          this.#hasToolCall = true;
          passed.push(event);
          break;
        case 'reasoning-proof':
          // A proof signs its text whole: beside cut reasoning it would be a false one.
          if (!this.#isCut) passed.push(event);
          break;
        case 'tool-input':
        case 'tool-end':
        case 'web-search':
          passed.push(event);
          break;
      }
    }
    return passed;
  }

  /** Takes the text's weight off the budget and returns what fits, never half a surrogate pair. */
  #fitting(text: string): string {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      const units = unitsOfCode(code);
      if (units > this.#unitsLeft) {
        this.#isCut = true;
        const isLowHalf = code >= 0xdc00 && code <= 0xdfff;
        return text.slice(0, isLowHalf && index > 0 ? index - 1 : index);
      }
      this.#unitsLeft -= units;
    }
    return text;
  }
}

function reasonAfterCut(reason: EndReason): EndReason {
  return reason === 'stop' ? 'length' : reason;
}

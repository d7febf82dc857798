import type { TurnEvent, TurnUsage } from './turn-event.ts';
import type { TurnFilter } from './turn-filter.ts';

/**
 * Ends the answer's text before the first stop sequence, which Kiro cannot do itself (DESIGN §6). "First" is the sequence
 * that is complete first; of several complete at once, the longest. Sequences are found across fragments, but not across
 * a reasoning or tool event, and not in reasoning or tool arguments.
 *
 * Only text that may still become a sequence is held back. Time is linear in the text for each sequence.
 *
 * At a cut the turn ends at once with reason `stop`, and with the usage only when it came in the same batch. When a tool
 * call has started by then, the rest is drained without text instead, so that the call reaches the client whole.
 */
export class StopSequences implements TurnFilter {
  readonly #matchers: readonly Matcher[];
  #held = '';
  #hasToolCall = false;
  #isMuted = false;
  #isDone = false;

  /** @param sequences not empty strings */
  constructor(sequences: readonly string[]) {
    this.#matchers = sequences.map((sequence) => new Matcher(sequence));
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  push(events: readonly TurnEvent[]): TurnEvent[] {
    const passed: TurnEvent[] = [];
    for (const event of events) {
      if (this.#isDone) break;
      if (event.type === 'text') {
        if (this.#isMuted) continue;
        const { text, found } = this.#scan(event.text);
        if (text !== '') passed.push({ type: 'text', text });
        if (found === undefined) continue;
        if (this.#hasToolCall) {
          this.#isMuted = true;
        } else {
          this.#isDone = true;
          passed.push({ type: 'end', reason: 'stop', stopSequence: found, usage: usageIn(events) });
        }
      } else {
        if (this.#held !== '') passed.push({ type: 'text', text: this.#release() });
        if (event.type === 'tool-start') this.#hasToolCall = true;
        if (event.type === 'end') this.#isDone = true;
        passed.push(event);
      }
    }
    return passed;
  }

  /** Takes in a fragment and returns the text that is certain not to belong to a sequence. */
  #scan(fragment: string): { text: string; found: string | undefined } {
    const held = this.#held;
    for (let index = 0; index < fragment.length; index += 1) {
      const code = fragment.charCodeAt(index);
      let longest = '';
      for (const matcher of this.#matchers) if (matcher.take(code) > longest.length) longest = matcher.sequence;
      if (longest === '') continue;
      this.#held = '';
      return { text: startOf(held, fragment, held.length + index + 1 - longest.length), found: longest };
    }
    let start = '';
    for (const matcher of this.#matchers) if (matcher.matched > start.length) start = matcher.start;
    this.#held = start;
    return { text: startOf(held, fragment, held.length + fragment.length - start.length), found: undefined };
  }

  #release(): string {
    const held = this.#held;
    this.#held = '';
    for (const matcher of this.#matchers) matcher.reset();
    return held;
  }
}

/** Finds one sequence in a stream of UTF-16 units (Knuth, Morris and Pratt). */
class Matcher {
  /** How much of the sequence's start the stream now ends with. */
  matched = 0;
  readonly sequence: string;
  /** For each length matched, the length of the next shorter start that the match also ends with. */
  readonly #shorter: readonly number[];

  constructor(sequence: string) {
    this.sequence = sequence;
    this.#shorter = shorterStarts(sequence);
  }

  /** Returns the sequence's length when this unit completes it, else 0. */
  take(code: number): number {
    while (this.matched > 0 && this.sequence.charCodeAt(this.matched) !== code) {
      this.matched = this.#shorter[this.matched] ?? 0;
    }
    if (this.sequence.charCodeAt(this.matched) === code) this.matched += 1;
    if (this.matched < this.sequence.length) return 0;
    this.reset();
    return this.sequence.length;
  }

  /** What the stream now ends with, taken from the sequence so that held text is never copied again and again. */
  get start(): string {
    return this.sequence.slice(0, this.matched);
  }

  reset(): void {
    this.matched = 0;
  }
}

function shorterStarts(sequence: string): number[] {
  const shorter = [0, 0];
  let length = 0;
  for (let index = 1; index < sequence.length; index += 1) {
    const code = sequence.charCodeAt(index);
    while (length > 0 && sequence.charCodeAt(length) !== code) length = shorter[length] ?? 0;
    if (sequence.charCodeAt(length) === code) length += 1;
    shorter.push(length);
  }
  return shorter;
}

/** The first `length` units of held text and fragment together. */
function startOf(held: string, fragment: string, length: number): string {
  return length <= held.length ? held.slice(0, length) : held + fragment.slice(0, length - held.length);
}

function usageIn(events: readonly TurnEvent[]): TurnUsage {
  const end = events.find((event) => event.type === 'end');
  return end?.usage ?? {};
}

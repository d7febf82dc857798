import type { Tool } from './conversation.ts';
import { isNoLeak, leakedCalls, leakOpenings } from './leak-dialects.ts';
import type { EndEvent, TurnEvent } from './turn-event.ts';
import type { TurnFilter } from './turn-filter.ts';

/**
 * Recovers tool calls that a model wrote as text in place of calling (protocol §5.4): such an answer would end a coding tool's
 * work. Only when the answer ends with them, no real call came, and every tool of them was offered; never within a fenced
 * example, and only at the start of a line, since code in a sentence is no call.
 *
 * Text is held back only while its line may begin a leaked call, and from there to the end when it does; what turns out to be
 * none goes on as it was.
 */
export class LeakedCalls implements TurnFilter {
  readonly #tools: readonly Tool[];
  readonly #newId: () => string;
  #state: 'line-start' | 'in-line' | 'leak' | 'off' = 'line-start';
  #held = '';
  /** The fence that a code example began with, of which its end has at least as many. */
  #fence = '';
  #isDone = false;

  /** @param newId gives a call an id that no other has */
  constructor(tools: readonly Tool[], newId: () => string) {
    this.#tools = tools;
    this.#newId = newId;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  push(events: readonly TurnEvent[]): TurnEvent[] {
    const passed: TurnEvent[] = [];
    for (const event of events) {
      switch (event.type) {
        case 'text':
          pushText(passed, this.#state === 'off' ? event.text : this.#scan(event.text));
          break;
        case 'tool-start':
          pushText(passed, this.#release());
          this.#state = 'off';
          passed.push(event);
          break;
        case 'end':
          this.#isDone = true;
          passed.push(...this.#end(event));
          break;
        case 'reasoning':
        case 'reasoning-proof':
        case 'tool-input':
        case 'tool-end':
        case 'web-search':
          passed.push(event);
          break;
      }
    }
    return passed;
  }

  /** Takes in a fragment and returns the text that is certain to be no leak. */
  #scan(fragment: string): string {
    let text = this.#held + fragment;
    let passed = '';
    this.#held = '';
    while (text !== '') {
      if (this.#state === 'in-line') {
        const end = text.indexOf('\n') + 1;
        if (end === 0) return passed + text;
        passed += text.slice(0, end);
        text = text.slice(end);
        this.#state = 'line-start';
        continue;
      }
      if (this.#state === 'line-start') this.#state = this.#beginLine(text);
      if (this.#state === 'in-line') continue;
      if (this.#state === 'leak' && (text.length > MAX_HELD || isNoLeak(text.trimStart(), this.#tools))) {
        this.#state = 'in-line';
        continue;
      }
      this.#held = text;
      return passed;
    }
    return passed;
  }

  /** What a line is, as far as its beginning tells; `line-start` when it does not yet. */
  #beginLine(text: string): 'line-start' | 'in-line' | 'leak' {
    const line = text.trimStart();
    if (line === '') return text.length > MAX_BLANK ? 'in-line' : 'line-start';
    const first = line.charAt(0);
    if (first === '`' || first === '~') return this.#beginFence(line, first);
    if (this.#fence !== '' || (first !== '[' && first !== '<')) return 'in-line';
    if (leakOpenings.some((opening) => line.startsWith(opening))) return 'leak';
    return leakOpenings.some((opening) => opening.startsWith(line)) ? 'line-start' : 'in-line';
  }

  #beginFence(line: string, mark: string): 'line-start' | 'in-line' {
    let length = 0;
    while (line.charAt(length) === mark) length += 1;
    // More of the same may follow.
    if (length === line.length) return 'line-start';
    if (this.#fence === '') {
      if (length >= 3) this.#fence = mark.repeat(length);
    } else if (mark === this.#fence.charAt(0) && length >= this.#fence.length) this.#fence = '';
    return 'in-line';
  }

  #release(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  #end(event: EndEvent): TurnEvent[] {
    const held = this.#release();
    const calls = this.#state === 'leak' && event.reason === 'stop' ? leakedCalls(held, this.#tools) : undefined;
    if (!calls) return held === '' ? [event] : [{ type: 'text', text: held }, event];
    return [
      ...calls.flatMap(({ name, input }, index): TurnEvent[] => [
        { type: 'tool-start', index, id: this.#newId(), name },
        { type: 'tool-input', index, json: JSON.stringify(input) },
        { type: 'tool-end', index },
      ]),
      { ...event, reason: 'tools' },
    ];
  }
}

/** No call is as long as this, and an answer is not held back for longer. In UTF-16 units. */
const MAX_HELD = 1024 * 1024;
const MAX_BLANK = 1_000;

function pushText(events: TurnEvent[], text: string): void {
  if (text !== '') events.push({ type: 'text', text });
}

import type { Tool } from './conversation.ts';
import { FencedCode } from './fenced-code.ts';
import { isNoLeak, leakedCalls, leakOpenings, longestHead } from './leak-dialects.ts';
import type { EndEvent, TurnEvent } from './turn-event.ts';
import type { TurnFilter } from './turn-filter.ts';

/**
 * Recovers tool calls that a model wrote as text in place of calling (protocol §5.4): such an answer would end a coding tool's
 * work. Only when the answer ends with them, no real call came, and every tool of them was offered; never within an example, be it
 * fenced or indented, and only at the start of a line, since code in a sentence is no call.
 *
 * Text is held back only while its line may begin a leaked call, and from there to the end when it does; what turns out to be
 * none goes on as it was.
 */
export class LeakedCalls implements TurnFilter {
  readonly #tools: readonly Tool[];
  readonly #newId: () => string;
  readonly #fences = new FencedCode();
  #state: 'line-start' | 'in-line' | 'leak' | 'off' = 'line-start';
  /** In the pieces that came: to join them with each would look at all of a long answer again and again. */
  #held: string[] = [];
  #heldLength = 0;
  /** The beginning of what is held as a leak, as much as tells whether it is none. */
  #head = '';
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
    // At the start of a line, no more is held than may stand before a call, and be its opening.
    if (this.#state !== 'leak') return this.#pass(this.#release() + fragment);
    if (this.#mayLeak(fragment)) return '';
    // Whoever wrote as much is not about to call anything.
    this.#state = this.#heldLength > MAX_HELD ? 'off' : 'line-start';
    if (this.#state === 'off') return this.#release();
    return this.#pass(this.#release());
  }

  #pass(from: string): string {
    let text = from;
    let passed = '';
    while (text !== '') {
      if (this.#state === 'in-line') {
        const end = text.indexOf('\n') + 1;
        const piece = end === 0 ? text : text.slice(0, end);
        this.#fences.read(piece);
        passed += piece;
        text = text.slice(piece.length);
        if (end > 0) this.#state = 'line-start';
        continue;
      }
      const line = text.trimStart();
      const blank = text.slice(0, text.length - line.length);
      const indent = blank.slice(blank.lastIndexOf('\n') + 1);
      this.#state = this.#beginLine(indent, line);
      if (this.#state === 'line-start' && blank.length <= MAX_BLANK) {
        this.#held.push(text);
        return passed;
      }
      if (this.#state === 'leak') {
        if (this.#mayLeak(text)) return passed;
        this.#release();
        this.#state = 'in-line';
      }
      // Of too long a blank, the indent of the line that may follow is still wanted.
      text = this.#state === 'line-start' ? indent + line : line;
      passed += this.#state === 'line-start' ? blank.slice(0, blank.length - indent.length) : blank;
    }
    return passed;
  }

  /** What a line is, as far as its beginning tells; `line-start` when it does not yet. */
  #beginLine(indent: string, line: string): 'line-start' | 'in-line' | 'leak' {
    const isCode = indent.length >= CODE_INDENT || indent.includes('\t');
    this.#fences.begin(isCode ? '' : line.charAt(0));
    if (isCode) return 'in-line';
    if (line === '') return 'line-start';
    if (this.#fences.isOpen || (!line.startsWith('[') && !line.startsWith('<'))) return 'in-line';
    if (leakOpenings.some((opening) => line.startsWith(opening))) return 'leak';
    return leakOpenings.some((opening) => opening.startsWith(line)) ? 'line-start' : 'in-line';
  }

  /** Holds back the next piece of what begins as a leaked call, and returns whether it can still be one. */
  #mayLeak(piece: string): boolean {
    this.#held.push(piece);
    this.#heldLength += piece.length;
    if (this.#heldLength > MAX_HELD) return false;
    if (this.#head.length >= longestHead) return true;
    this.#head = (this.#head + piece).trimStart().slice(0, longestHead);
    return !isNoLeak(this.#head, this.#tools);
  }

  #release(): string {
    const held = this.#held.join('');
    this.#held = [];
    this.#heldLength = 0;
    this.#head = '';
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
/** With so many blanks before it, or a tab, a line of Markdown is code. */
const CODE_INDENT = 4;

function pushText(events: TurnEvent[], text: string): void {
  if (text !== '') events.push({ type: 'text', text });
}

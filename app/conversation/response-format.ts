import { CodeFence } from './code-fence.ts';
import type { JsonValue, ResponseFormat } from './conversation.ts';
import { schemaMismatch } from './json-schema.ts';
import { TurnError } from './turn-error.ts';
import type { TurnEvent } from './turn-event.ts';
import type { TurnFilter } from './turn-filter.ts';

/**
 * Holds an answer to the requested format, which Kiro cannot enforce: takes a code fence off, passes the text on as it
 * streams, and checks the whole at the end (DESIGN §6). Answers with tool calls and answers that were cut are exempt.
 * @throws {TurnError} `format-not-met` from `push`, in place of the `end`
 */
export class ResponseFormatFilter implements TurnFilter {
  readonly #format: Exclude<ResponseFormat, { type: 'text' }>;
  readonly #fence = new CodeFence();
  readonly #text: string[] = [];
  #hasToolCall = false;
  #isDone = false;

  constructor(format: Exclude<ResponseFormat, { type: 'text' }>) {
    this.#format = format;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  push(events: readonly TurnEvent[]): TurnEvent[] {
    const passed: TurnEvent[] = [];
    for (const event of events) {
      if (event.type === 'text') {
        this.#pass(this.#fence.push(event.text), passed);
        continue;
      }
      if (event.type === 'tool-start') this.#hasToolCall = true;
      if (event.type === 'end') {
        this.#isDone = true;
        this.#pass(this.#fence.flush(), passed);
        if (event.reason === 'stop' && !this.#hasToolCall) this.#check();
      }
      passed.push(event);
    }
    return passed;
  }

  #pass(text: string, passed: TurnEvent[]): void {
    if (text === '') return;
    this.#text.push(text);
    passed.push({ type: 'text', text });
  }

  #check(): void {
    let answer: JsonValue;
    try {
      answer = JSON.parse(this.#text.join(''));
    } catch (cause) {
      throw new TurnError('format-not-met', 'The model did not answer in JSON as response_format asked. Try again.', {
        cause,
      });
    }
    if (this.#format.type === 'json') return;
    const mismatch = schemaMismatch(answer, this.#format.schema);
    if (mismatch === undefined) return;
    throw new TurnError(
      'format-not-met',
      `The model's JSON does not fit the schema "${this.#format.name}": ${mismatch}. Try again.`,
    );
  }
}

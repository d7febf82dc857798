import type { TurnWriter } from '../conversation/client-api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { OutputMeter } from '../conversation/output-meter.ts';
import { tokensOf, type TokenCounts } from '../conversation/token-estimate.ts';
import type { TurnError } from '../conversation/turn-error.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import { toOpenAiError } from './error-object.ts';
import { finishReason } from './finish-reason.ts';
import { chatUsage } from './usage.ts';

export interface ChatAnswerOptions {
  /** Made by us, as `chatcmpl-…`. */
  readonly id: string;
  /** In seconds since 1970. */
  readonly created: number;
  /** The model as the client named it. */
  readonly model: string;
  /** What was asked, for the estimate of its tokens. */
  readonly conversation: Conversation;
}

/**
 * Writes one turn as the server-sent events of an OpenAI chat completion stream. One chunk for each event, so the data is
 * the same however the events are batched; one string for each batch, to be written at once.
 *
 * A stream that breaks off is closed by `error`, never by a finish: clients take a clean end for the whole answer
 * (clients.md §6.2).
 */
export class ChatStreamWriter implements TurnWriter {
  readonly #opening: string;
  readonly #includeUsage: boolean;
  readonly #conversation: Conversation;
  readonly #meter = new OutputMeter();
  /** Tool calls that have no arguments yet. */
  readonly #bareCalls = new Set<number>();
  #role = '"role":"assistant",';
  #isEnded = false;
  #tokens: TokenCounts | undefined;

  constructor({ id, created, model, conversation, includeUsage }: ChatAnswerOptions & { includeUsage: boolean }) {
    const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
    this.#opening = `data: ${head.slice(0, -1)},"choices":[`;
    this.#conversation = conversation;
    this.#includeUsage = includeUsage;
  }

  get tokens(): TokenCounts | undefined {
    return this.#tokens;
  }

  write(batch: readonly TurnEvent[]): string {
    let sse = '';
    for (const event of batch) {
      if (this.#isEnded) break;
      this.#meter.add(event);
      sse += this.#event(event);
    }
    return sse;
  }

  error(error: TurnError): string {
    this.#isEnded = true;
    return `data: ${JSON.stringify(toOpenAiError(error).body)}\n\n`;
  }

  signOfLife(): string {
    return ': keep-alive\n\n';
  }

  #event(event: TurnEvent): string {
    switch (event.type) {
      case 'text':
        return event.text === '' ? '' : this.#chunk(`"content":${JSON.stringify(event.text)}`);
      case 'reasoning':
        return event.text === '' ? '' : this.#chunk(`"reasoning_content":${JSON.stringify(event.text)}`);
      case 'tool-start': {
        this.#bareCalls.add(event.index);
        const called = JSON.stringify({ name: event.name, arguments: '' });
        const id = JSON.stringify(event.id);
        return this.#chunk(`"tool_calls":[{"index":${event.index},"id":${id},"type":"function","function":${called}}]`);
      }
      case 'tool-input':
        if (event.json === '') return '';
        this.#bareCalls.delete(event.index);
        return this.#arguments(event.index, event.json);
      case 'tool-end':
        return this.#bareCalls.delete(event.index) ? this.#arguments(event.index, '{}') : '';
      case 'reasoning-proof':
      case 'web-search':
        return '';
      case 'end':
        return this.#end(event);
    }
  }

  #end({ reason, usage }: TurnEvent & { type: 'end' }): string {
    this.#isEnded = true;
    let sse = '';
    // A call that was cut stays without arguments: empty ones would make it a complete call.
    if (reason !== 'length') for (const index of this.#bareCalls) sse += this.#arguments(index, '{}');
    const delta = this.#role === '' ? '' : '"role":"assistant","content":""';
    sse += `${this.#opening}{"index":0,"delta":{${delta}},"logprobs":null,"finish_reason":"${finishReason(reason)}"}]}\n\n`;
    this.#tokens = tokensOf(usage, this.#meter, this.#conversation);
    if (this.#includeUsage) {
      sse += `${this.#opening}],"usage":${JSON.stringify(chatUsage(usage, this.#tokens))}}\n\n`;
    }
    return `${sse}data: [DONE]\n\n`;
  }

  #arguments(index: number, json: string): string {
    return this.#chunk(`"tool_calls":[{"index":${index},"function":{"arguments":${JSON.stringify(json)}}}]`);
  }

  /** @param delta members of the delta, as JSON text; the first chunk's delta has the role too */
  #chunk(delta: string): string {
    const role = this.#role;
    this.#role = '';
    return `${this.#opening}{"index":0,"delta":{${role}${delta}},"logprobs":null,"finish_reason":null}]}\n\n`;
  }
}

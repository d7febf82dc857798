import type { TurnWriter } from '../../conversation/client-api.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { OutputMeter } from '../../conversation/output-meter.ts';
import { estimateConversation, tokensOf, type TokenCounts } from '../../conversation/token-estimate.ts';
import type { TurnError } from '../../conversation/turn-error.ts';
import type { EndEvent, TurnEvent } from '../../conversation/turn-event.ts';
import { failureCode } from './failure-code.ts';
import { ItemWriter } from './item-writer.ts';
import type { ItemForm } from './output-items.ts';
import {
  endState,
  responseOf,
  responseUsage,
  type ResponseHead,
  type ResponseObject,
  type ResponseState,
} from './response.ts';
import { EventSequence } from './event-sequence.ts';

export interface ResponseStreamOptions {
  readonly head: ResponseHead;
  readonly form: ItemForm;
  /** What was asked, for the estimate of its tokens. */
  readonly conversation: Conversation;
  /** In ms since 1970. */
  readonly now: () => number;
  /** Told of the whole response once it has come to its end. */
  readonly onEnd: (response: ResponseObject) => void;
}

/**
 * Writes one turn as the server-sent events of a response: `response.created`, `response.in_progress`, one output item after the
 * other, then `response.completed` or `response.incomplete` with the whole.
 *
 * A stream that breaks off ends with `response.failed`, never with one of those (clients.md §6.2).
 */
export class ResponseStreamWriter implements TurnWriter {
  readonly #options: ResponseStreamOptions;
  readonly #events = new EventSequence();
  readonly #items: ItemWriter;
  readonly #meter = new OutputMeter();
  #isBegun = false;
  #isEnded = false;
  #tokens: TokenCounts | undefined;

  constructor(options: ResponseStreamOptions) {
    this.#options = options;
    this.#items = new ItemWriter(options.head.answerId, options.form, this.#events);
  }

  get tokens(): TokenCounts | undefined {
    return this.#tokens;
  }

  write(batch: readonly TurnEvent[]): string {
    let sse = this.#begin();
    for (const event of batch) {
      if (this.#isEnded) break;
      this.#meter.add(event);
      sse += event.type === 'end' ? this.#end(event) : this.#items.write(event);
    }
    return sse;
  }

  signOfLife(): string {
    return ': keep-alive\n\n';
  }

  error(error: TurnError): string {
    const opening = this.#begin();
    this.#isEnded = true;
    const failed = this.#response({
      status: 'failed',
      error: { code: failureCode(error.code), message: error.message },
      output: this.#items.output,
      usage: this.#usageSoFar(),
    });
    return `${opening}${this.#tell('response.failed', failed)}`;
  }

  #begin(): string {
    if (this.#isBegun) return '';
    this.#isBegun = true;
    const response = this.#response({ status: 'in_progress', output: [], usage: this.#usageSoFar() });
    return `${this.#tell('response.created', response)}${this.#tell('response.in_progress', response)}`;
  }

  #end({ reason, usage }: EndEvent): string {
    this.#isEnded = true;
    const wasCut = reason === 'length' || reason === 'filtered';
    const items = this.#items.end(wasCut ? 'incomplete' : 'completed');
    this.#tokens = tokensOf(usage, this.#meter, this.#options.conversation);
    const response = this.#response({
      ...endState(this.#items.hasCutCall ? 'length' : reason, this.#options.now()),
      output: this.#items.output,
      usage: responseUsage(this.#tokens),
    });
    this.#options.onEnd(response);
    return `${items}${this.#tell(response.status === 'completed' ? 'response.completed' : 'response.incomplete', response)}`;
  }

  #response(state: ResponseState): ResponseObject {
    return responseOf(this.#options.head, state);
  }

  #tell(type: string, response: ResponseObject): string {
    return this.#events.event(type, `"response":${JSON.stringify(response)}`);
  }

  /** Before the end all counts are estimates. */
  #usageSoFar(): ResponseObject['usage'] {
    return responseUsage({
      input: estimateConversation(this.#options.conversation),
      output: this.#meter.tokens,
      reasoning: this.#meter.reasoningTokens,
      isEstimate: true,
    });
  }
}

import { OutputMeter } from '../conversation/output-meter.ts';
import { TurnError } from '../conversation/turn-error.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { ChatAnswerOptions } from './chat-stream.ts';
import { type FinishReason, finishReason } from './finish-reason.ts';
import { type ChatUsage, chatUsage } from './usage.ts';

/** Gathers one turn for a client that does not stream. */
export class ChatAnswer {
  readonly #options: ChatAnswerOptions;
  readonly #meter = new OutputMeter();
  readonly #calls = new Map<number, GatheredCall>();
  #text = '';
  #reasoning = '';
  #end: (TurnEvent & { type: 'end' }) | undefined;

  constructor(options: ChatAnswerOptions) {
    this.#options = options;
  }

  add(batch: readonly TurnEvent[]): void {
    for (const event of batch) {
      this.#meter.add(event);
      this.#gather(event);
    }
  }

  /**
   * The whole answer. A tool call that was cut is left out, and the answer then ends with `length`: half the arguments of a
   * call would be carried out as if they were all of them.
   * @throws {TurnError} `broken-stream` when the turn has not ended
   */
  toJson(): ChatCompletion {
    if (!this.#end) throw new TurnError('broken-stream', 'The answer broke off before its end. Try again.');
    const { id, created, model, conversation } = this.#options;
    const calls = [...this.#calls.values()];
    const complete = calls.filter((call) => call.isComplete);
    const reason = complete.length < calls.length ? 'length' : this.#end.reason;
    return {
      id,
      object: 'chat.completion',
      created,
      model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: this.#text === '' && complete.length > 0 ? null : this.#text,
            refusal: null,
            ...(this.#reasoning !== '' && { reasoning_content: this.#reasoning }),
            ...(complete.length > 0 && { tool_calls: complete.map(toolCallOf) }),
          },
          logprobs: null,
          finish_reason: finishReason(reason),
        },
      ],
      usage: chatUsage(this.#end.usage, this.#meter, conversation),
    };
  }

  #gather(event: TurnEvent): void {
    switch (event.type) {
      case 'text':
        this.#text += event.text;
        break;
      case 'reasoning':
        this.#reasoning += event.text;
        break;
      case 'tool-start':
        this.#calls.set(event.index, { id: event.id, name: event.name, json: '', isComplete: false });
        break;
      case 'tool-input': {
        const call = this.#calls.get(event.index);
        if (call) call.json += event.json;
        break;
      }
      case 'tool-end': {
        const call = this.#calls.get(event.index);
        if (call) call.isComplete = true;
        break;
      }
      case 'end':
        this.#end = event;
        break;
      case 'reasoning-proof':
        break;
    }
  }
}

/** The object `chat.completion`. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [ChatChoice];
  readonly usage: ChatUsage;
}

interface ChatChoice {
  readonly index: 0;
  readonly message: {
    readonly role: 'assistant';
    readonly content: string | null;
    readonly refusal: null;
    readonly reasoning_content?: string;
    readonly tool_calls?: readonly ChatToolCall[];
  };
  readonly logprobs: null;
  readonly finish_reason: FinishReason;
}

interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

interface GatheredCall {
  readonly id: string;
  readonly name: string;
  json: string;
  isComplete: boolean;
}

function toolCallOf({ id, name, json }: GatheredCall): ChatToolCall {
  return { id, type: 'function', function: { name, arguments: json === '' ? '{}' : json } };
}

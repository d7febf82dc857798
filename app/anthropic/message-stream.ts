import type { TurnWriter } from '../conversation/client-api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { OutputMeter } from '../conversation/output-meter.ts';
import { estimateConversation, tokensOf, type TokenCounts } from '../conversation/token-estimate.ts';
import type { TurnError } from '../conversation/turn-error.ts';
import type { EndEvent, TurnEvent } from '../conversation/turn-event.ts';
import { toAnthropicError } from './error-object.ts';
import { emptyMessage, toolUseBlock, type ContentBlock } from './message.ts';
import { searchResultBlock, searchUseBlock } from './search-blocks.ts';
import { stopReason } from './stop-reason.ts';
import type { ShownReasoning } from './thinking.ts';
import { deltaUsage, openingUsage } from './usage.ts';

export interface MessageStreamOptions {
  /** Made by us, as `msg_…`. */
  readonly id: string;
  readonly requestId: string;
  /** What was asked, for the model's name and the estimate of its tokens. */
  readonly conversation: Conversation;
  readonly shownReasoning: ShownReasoning;
}

/**
 * Writes one turn as the server-sent events of Anthropic's messages: `message_start`, then one content block after the other,
 * each with its start, deltas and stop, then `message_delta` and `message_stop`.
 *
 * Blocks never overlap, though what Kiro says may: what comes while a tool call is open waits until that is whole. A stream
 * that breaks off ends with `error`, never with `message_stop` (clients.md §6.2).
 */
export class MessageStreamWriter implements TurnWriter {
  readonly #options: MessageStreamOptions;
  readonly #meter = new OutputMeter();
  #isBegun = false;
  #isEnded = false;
  #tokens: TokenCounts | undefined;
  /** Of the next block. */
  #index = 0;
  #open: OpenBlock | undefined;
  readonly #waiting: TurnEvent[] = [];
  #searches = 0;

  constructor(options: MessageStreamOptions) {
    this.#options = options;
  }

  get tokens(): TokenCounts | undefined {
    return this.#tokens;
  }

  write(batch: readonly TurnEvent[]): string {
    let sse = this.#begin();
    for (const event of batch) {
      if (this.#isEnded) break;
      this.#meter.add(event);
      sse += this.#event(event);
    }
    return sse;
  }

  signOfLife(): string {
    return `${this.#begin()}event: ping\ndata: {"type":"ping"}\n\n`;
  }

  error(error: TurnError): string {
    this.#isEnded = true;
    return toSse('error', toAnthropicError(error, this.#options.requestId).body);
  }

  #begin(): string {
    if (this.#isBegun) return '';
    this.#isBegun = true;
    const { id, conversation } = this.#options;
    const message = emptyMessage(id, conversation.model, openingUsage(estimateConversation(conversation)));
    return toSse('message_start', { type: 'message_start', message });
  }

  #event(event: TurnEvent): string {
    switch (event.type) {
      case 'text':
        if (event.text === '') return '';
        if (this.#open?.type === 'tool_use') return this.#wait(event);
        return `${this.#enter('text')}${this.#delta(`{"type":"text_delta","text":${JSON.stringify(event.text)}}`)}`;
      case 'reasoning':
        if (event.text === '' || this.#options.shownReasoning === 'nothing') return '';
        if (this.#open?.type === 'tool_use') return this.#wait(event);
        return this.#reasoning(event.text);
      case 'reasoning-proof':
        if (this.#options.shownReasoning === 'nothing') return '';
        if (this.#open?.type === 'tool_use') return this.#wait(event);
        return this.#proof(event);
      case 'tool-start':
        return `${this.#leave()}${this.#start(toolUseBlock(event.id, event.name, {}), event.index)}`;
      case 'tool-input': {
        const open = this.#open;
        if (open?.type !== 'tool_use' || open.call !== event.index || event.json === '') return '';
        open.length += event.json.length;
        return this.#input(event.json);
      }
      case 'tool-end':
        if (this.#open?.type !== 'tool_use' || this.#open.call !== event.index) return '';
        return `${this.#open.length === 0 ? this.#input('{}') : ''}${this.#leave()}`;
      case 'web-search':
        if (this.#open?.type === 'tool_use') return this.#wait(event);
        return this.#search(event);
      case 'end':
        return this.#end(event);
    }
  }

  #wait(event: TurnEvent): string {
    this.#waiting.push(event);
    return '';
  }

  #reasoning(text: string): string {
    const sse = this.#enter('thinking');
    if (this.#open) this.#open.length += text.length;
    if (this.#options.shownReasoning === 'proof') return sse;
    return `${sse}${this.#delta(`{"type":"thinking_delta","thinking":${JSON.stringify(text)}}`)}`;
  }

  /**
   * A signature closes the block whose text it signs. One without a text of its own is not sent: the pool remembers it, and
   * nobody could tell it from one that signs a text left out.
   */
  #proof({ proof }: TurnEvent & { type: 'reasoning-proof' }): string {
    if (proof.type === 'redacted') {
      return `${this.#leave()}${this.#start({ type: 'redacted_thinking', data: proof.data })}${this.#leave()}`;
    }
    const isItsText = this.#open?.type === 'thinking' && proof.type === 'signed';
    if (!isItsText || this.#open?.length !== proof.text.length) return '';
    return `${this.#delta(`{"type":"signature_delta","signature":${JSON.stringify(proof.signature)}}`)}${this.#leave()}`;
  }

  #search({ id, query, outcome }: TurnEvent & { type: 'web-search' }): string {
    this.#searches += 1;
    const use = searchUseBlock(id, query);
    const opening = this.#leave() + this.#start({ ...use, input: {} });
    const found = this.#input(JSON.stringify(use.input)) + this.#leave() + this.#start(searchResultBlock(id, outcome));
    return opening + found + this.#leave();
  }

  /** Sees to it that a block of this type is open. */
  #enter(type: 'text' | 'thinking'): string {
    if (this.#open?.type === type) return '';
    const block: ContentBlock =
      type === 'text' ? { type, text: '', citations: null } : { type, thinking: '', signature: '' };
    return `${this.#leave()}${this.#start(block)}`;
  }

  #start(block: ContentBlock, call?: number): string {
    const index = this.#index;
    this.#index += 1;
    this.#open = {
      type: block.type,
      call,
      length: 0,
      delta: `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":`,
      stop: `event: content_block_stop\ndata: {"type":"content_block_stop","index":${index}}\n\n`,
    };
    return toSse('content_block_start', { type: 'content_block_start', index, content_block: block });
  }

  #delta(delta: string): string {
    return `${this.#open?.delta ?? ''}${delta}}\n\n`;
  }

  #input(json: string): string {
    return this.#delta(`{"type":"input_json_delta","partial_json":${JSON.stringify(json)}}`);
  }

  /** Closes the open block, then lets through what waited for it. */
  #leave(): string {
    const open = this.#open;
    if (!open) return '';
    this.#open = undefined;
    let sse = open.stop;
    for (const event of this.#waiting.splice(0)) sse += this.#event(event);
    return this.#open === undefined ? sse : `${sse}${this.#leave()}`;
  }

  #end({ reason, stopSequence, usage }: EndEvent): string {
    let sse = this.#leave();
    this.#isEnded = true;
    this.#tokens = tokensOf(usage, this.#meter, this.#options.conversation);
    sse += toSse('message_delta', {
      type: 'message_delta',
      delta: {
        container: null,
        stop_details: null,
        stop_reason: stopReason(reason, stopSequence),
        stop_sequence: stopSequence ?? null,
      },
      usage: deltaUsage(this.#tokens, this.#searches),
    });
    return `${sse}event: message_stop\ndata: {"type":"message_stop"}\n\n`;
  }
}

interface OpenBlock {
  readonly type: ContentBlock['type'];
  /** The index of the tool call in its turn. */
  readonly call: number | undefined;
  /** Of its arguments, or of the reasoning that it stands for, in UTF-16 units. */
  length: number;
  /** What each delta begins with. */
  readonly delta: string;
  readonly stop: string;
}

function toSse(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

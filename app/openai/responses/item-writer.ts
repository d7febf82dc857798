import type { ReasoningProof } from '../../conversation/conversation.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { EventSequence } from './event-sequence.ts';
import {
  callItem,
  itemId,
  messageItem,
  outputText,
  reasoningItem,
  searchItem,
  summaryText,
  type CustomCallItem,
  type FunctionCallItem,
  type ItemForm,
  type ItemStatus,
  type OutputItem,
} from './output-items.ts';

/**
 * Writes what a turn says as the output items of a response, each with all its events from `response.output_item.added` to
 * `response.output_item.done`. Text and reasoning close when something else begins; calls close when they are whole.
 *
 * A call that was cut never gets its `done`: Codex carries out what is done, half a command too. It is no part of the output.
 */
export class ItemWriter {
  readonly #answerId: string;
  readonly #form: ItemForm;
  readonly #events: EventSequence;
  readonly #done = new Map<number, OutputItem>();
  readonly #calls = new Map<number, OpenCall>();
  #open: OpenText | undefined;
  #nextIndex = 0;

  constructor(answerId: string, form: ItemForm, events: EventSequence) {
    this.#answerId = answerId;
    this.#form = form;
    this.#events = events;
  }

  /** The items that are done, in the order they began. */
  get output(): readonly OutputItem[] {
    return [...this.#done].toSorted(([a], [b]) => a - b).map(([, item]) => item);
  }

  get hasCutCall(): boolean {
    return this.#calls.size > 0;
  }

  write(event: Exclude<TurnEvent, { type: 'end' }>): string {
    switch (event.type) {
      case 'text':
      case 'reasoning':
        if (event.text === '') return '';
        return event.type === 'text' ? this.#text(event.text) : this.#reasoning(event.text);
      case 'reasoning-proof':
        return this.#proof(event.proof);
      case 'tool-start':
        return this.#startCall(event);
      case 'tool-input':
        return this.#callInput(event.index, event.json);
      case 'tool-end':
        return this.#endCall(event.index);
      case 'web-search':
        return this.#search(event);
    }
  }

  /** Closes what is open. @param status of text that the end met in the middle */
  end(status: ItemStatus): string {
    return this.#close(status);
  }

  #text(text: string): string {
    const opening = this.#open?.type === 'message' ? '' : this.#close() + this.#openMessage();
    return `${opening}${this.#delta('response.output_text.delta', text, ',"logprobs":[]')}`;
  }

  #openMessage(): string {
    const open = this.#begin('message');
    const added = this.#added(open.index, messageItem(open.id, 'in_progress', undefined));
    const part = `${open.place},"part":${JSON.stringify(outputText(''))}`;
    return added + this.#events.event('response.content_part.added', part);
  }

  #reasoning(text: string): string {
    const opening = this.#open?.type === 'reasoning' ? '' : this.#close() + this.#openReasoning(true);
    return `${opening}${this.#delta('response.reasoning_summary_text.delta', text, '')}`;
  }

  /** @param hasText whether there is text to come, rather than a proof alone */
  #openReasoning(hasText: boolean): string {
    const open = this.#begin('reasoning');
    const nothingYet = { text: '', proof: undefined };
    const added = this.#added(open.index, reasoningItem(open.id, 'in_progress', nothingYet, this.#form));
    if (!hasText || !this.#form.showsSummary) return added;
    const part = `${open.place},"part":${JSON.stringify(summaryText(''))}`;
    return added + this.#events.event('response.reasoning_summary_part.added', part);
  }

  /** A signature closes the reasoning whose text it signs; any other proof stands for reasoning that is not told. */
  #proof(proof: ReasoningProof): string {
    const isOfOpenText = this.#open?.type === 'reasoning' && proof.type === 'signed';
    const opening = isOfOpenText ? '' : this.#close() + this.#openReasoning(false);
    return `${opening}${this.#close('completed', proof)}`;
  }

  #begin(type: 'message' | 'reasoning'): OpenText {
    const index = this.#claimIndex();
    const id = itemId(type, this.#answerId, index);
    const part = type === 'message' ? 'content_index' : 'summary_index';
    this.#open = { type, index, id, text: '', place: `"item_id":"${id}","output_index":${index},"${part}":0` };
    return this.#open;
  }

  #delta(type: string, text: string, rest: string): string {
    if (!this.#open) return '';
    this.#open.text += text;
    if (this.#open.type === 'reasoning' && !this.#form.showsSummary) return '';
    return this.#events.event(type, `${this.#open.place},"delta":${JSON.stringify(text)}${rest}`);
  }

  #close(status: ItemStatus = 'completed', proof?: ReasoningProof): string {
    const open = this.#open;
    if (!open) return '';
    this.#open = undefined;
    return open.type === 'message' ? this.#closeMessage(open, status) : this.#closeReasoning(open, status, proof);
  }

  #closeMessage({ index, id, place, text }: OpenText, status: ItemStatus): string {
    const json = JSON.stringify(text);
    const part = JSON.stringify(outputText(text));
    return (
      this.#events.event('response.output_text.done', `${place},"text":${json},"logprobs":[]`) +
      this.#events.event('response.content_part.done', `${place},"part":${part}`) +
      this.#finish(index, messageItem(id, status, text))
    );
  }

  #closeReasoning({ index, id, place, text }: OpenText, status: ItemStatus, proof?: ReasoningProof): string {
    const item = reasoningItem(id, status, { text, proof }, this.#form);
    if (item.summary.length === 0) return this.#finish(index, item);
    const part = JSON.stringify(summaryText(text));
    return (
      this.#events.event('response.reasoning_summary_text.done', `${place},"text":${JSON.stringify(text)}`) +
      this.#events.event('response.reasoning_summary_part.done', `${place},"part":${part}`) +
      this.#finish(index, item)
    );
  }

  #startCall({ index: call, id: callId, name }: TurnEvent & { type: 'tool-start' }): string {
    const closing = this.#close();
    const isCustom = this.#form.called.called(name).type === 'custom';
    const index = this.#claimIndex();
    const id = itemId(isCustom ? 'custom_tool_call' : 'function_call', this.#answerId, index);
    const place = `"item_id":"${id}","output_index":${index}`;
    this.#calls.set(call, { isCustom, index, id, callId, name, place, json: '' });
    return closing + this.#added(index, callItem(id, 'in_progress', { id: callId, name, json: undefined }, this.#form));
  }

  /** What a custom tool is given is a text inside of the arguments, and told when they are whole. */
  #callInput(call: number, json: string): string {
    const open = this.#calls.get(call);
    if (!open || json === '') return '';
    open.json += json;
    return open.isCustom ? '' : this.#callDelta('response.function_call_arguments.delta', open, json);
  }

  #endCall(call: number): string {
    const open = this.#calls.get(call);
    if (!open) return '';
    const empty = open.json === '' ? this.#callInput(call, '{}') : '';
    this.#calls.delete(call);
    const item = callItem(open.id, 'completed', { id: open.callId, name: open.name, json: open.json }, this.#form);
    const last = item.type === 'function_call' ? this.#lastArguments(open, item) : this.#wholeInput(open, item);
    return empty + last + this.#finish(open.index, item);
  }

  #lastArguments({ place }: OpenCall, item: FunctionCallItem): string {
    const members = JSON.stringify({ name: item.name, arguments: item.arguments }).slice(1, -1);
    return this.#events.event('response.function_call_arguments.done', `${place},${members}`);
  }

  #wholeInput(open: OpenCall, { input }: CustomCallItem): string {
    const delta = input === '' ? '' : this.#callDelta('response.custom_tool_call_input.delta', open, input);
    const done = `${open.place},"input":${JSON.stringify(input)}`;
    return delta + this.#events.event('response.custom_tool_call_input.done', done);
  }

  #callDelta(type: string, { place }: OpenCall, delta: string): string {
    return this.#events.event(type, `${place},"delta":${JSON.stringify(delta)}`);
  }

  /** A search is told once it is over, so that its events come all at once. */
  #search({ query, outcome }: TurnEvent & { type: 'web-search' }): string {
    const closing = this.#close();
    const index = this.#claimIndex();
    const id = itemId('web_search_call', this.#answerId, index);
    const place = `"item_id":"${id}","output_index":${index}`;
    return (
      closing +
      this.#added(index, searchItem(id, query, undefined, this.#form)) +
      this.#events.event('response.web_search_call.in_progress', place) +
      this.#events.event('response.web_search_call.searching', place) +
      this.#events.event('response.web_search_call.completed', place) +
      this.#finish(index, searchItem(id, query, outcome, this.#form))
    );
  }

  #claimIndex(): number {
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    return index;
  }

  #added(index: number, item: OutputItem): string {
    return this.#events.event('response.output_item.added', itemMembers(index, item));
  }

  #finish(index: number, item: OutputItem): string {
    this.#done.set(index, item);
    return this.#events.event('response.output_item.done', itemMembers(index, item));
  }
}

interface OpenItem {
  readonly index: number;
  readonly id: string;
  /** The members of its events that say which item, and which part of it, as JSON text. */
  readonly place: string;
}

interface OpenText extends OpenItem {
  readonly type: 'message' | 'reasoning';
  text: string;
}

interface OpenCall extends OpenItem {
  readonly isCustom: boolean;
  /** As the service and the client know the call. */
  readonly callId: string;
  readonly name: string;
  json: string;
}

function itemMembers(index: number, item: OutputItem): string {
  return `"output_index":${index},"item":${JSON.stringify(item)}`;
}

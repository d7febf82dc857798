import * as v from 'valibot';
import { streamEvent, type Block } from './wire-schemas.ts';

type StreamEvent = v.InferOutput<typeof streamEvent>;
type Event<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;

/** What a stream amounts to, once it was found to keep to every rule. */
export interface Ladder {
  readonly model: string;
  /** With the tool calls' input as JSON text. */
  readonly blocks: readonly LadderBlock[];
  readonly stop: Event<'message_delta'>['delta'] | undefined;
  readonly usage: Event<'message_delta'>['usage'] | undefined;
  readonly openingUsage: Event<'message_start'>['message']['usage'];
  /** Why it broke off; a stream ends in this or in `message_stop`. */
  readonly error: Event<'error'> | undefined;
  readonly pings: number;
}

export interface LadderBlock {
  readonly type: Block['type'];
  /** Text, thinking, data or JSON. */
  text: string;
  signature: string;
  readonly call: { readonly id: string; readonly name: string } | undefined;
}

/**
 * Reads a stream of Anthropic's messages and throws at the first thing that a strict client could not take: a member that is
 * missing or unknown, an event out of order, blocks that overlap or skip an index, a delta of another kind than its block,
 * input that is no JSON object, anything after the end.
 */
export function readLadder(sse: string): Ladder {
  const events = eventsOf(sse);
  const [first] = events;
  if (first?.type !== 'message_start') throw new Error('a stream begins with message_start');
  const blocks: LadderBlock[] = [];
  let open: LadderBlock | undefined;
  let last: Event<'message_delta'> | undefined;
  let error: Event<'error'> | undefined;
  let isStopped = false;
  let pings = 0;
  for (const event of events.slice(1)) {
    if (isStopped || error) throw new Error(`${event.type} after the end`);
    if (last && event.type !== 'message_stop' && event.type !== 'ping')
      throw new Error(`${event.type} before message_stop`);
    switch (event.type) {
      case 'message_start':
        throw new Error('a second message_start');
      case 'content_block_start':
        if (open || event.index !== blocks.length) throw new Error(`block ${event.index} begins out of order`);
        open = opened(event.content_block);
        blocks.push(open);
        break;
      case 'content_block_delta':
        if (!open || event.index !== blocks.length - 1)
          throw new Error(`a delta of block ${event.index}, which is not open`);
        take(open, event.delta);
        break;
      case 'content_block_stop':
        if (!open || event.index !== blocks.length - 1)
          throw new Error(`a stop of block ${event.index}, which is not open`);
        open = undefined;
        break;
      case 'message_delta':
        if (open) throw new Error('message_delta while a block is open');
        last = event;
        break;
      case 'message_stop':
        if (!last) throw new Error('message_stop without message_delta');
        isStopped = true;
        break;
      case 'ping':
        pings += 1;
        break;
      case 'error':
        error = event;
        break;
    }
  }
  if (!isStopped && !error) throw new Error('the stream has no end');
  if (last && last.delta.stop_reason !== 'max_tokens') checkInputs(blocks);
  return {
    model: first.message.model,
    blocks,
    stop: last?.delta,
    usage: last?.usage,
    openingUsage: first.message.usage,
    error,
    pings,
  };
}

function eventsOf(sse: string): StreamEvent[] {
  if (!sse.endsWith('\n\n')) throw new Error('a stream ends with an empty line');
  return sse
    .slice(0, -2)
    .split('\n\n')
    .map((text) => {
      const [name, data, ...more] = text.split('\n');
      if (!name?.startsWith('event: ') || !data?.startsWith('data: ') || more.length > 0) {
        throw new Error(`no event: ${JSON.stringify(text)}`);
      }
      const event = v.parse(streamEvent, JSON.parse(data.slice('data: '.length)));
      if (name !== `event: ${event.type}`) throw new Error(`${name} holds a ${event.type}`);
      return event;
    });
}

function opened(block: Block): LadderBlock {
  const call = block.type === 'tool_use' ? { id: block.id, name: block.name } : undefined;
  switch (block.type) {
    case 'text':
    case 'thinking':
      if ('text' in block ? block.text !== '' : block.thinking !== '') throw new Error('a block begins empty');
      break;
    case 'tool_use':
    case 'server_tool_use':
      if (Object.keys(block.input).length > 0) throw new Error('input begins empty');
      break;
    case 'redacted_thinking':
    case 'web_search_tool_result':
      break;
  }
  return { type: block.type, text: textOf(block), signature: '', call };
}

function textOf(block: Block): string {
  if (block.type === 'redacted_thinking') return block.data;
  return block.type === 'web_search_tool_result' ? JSON.stringify(block.content) : '';
}

function take(block: LadderBlock, delta: Event<'content_block_delta'>['delta']): void {
  if (block.signature !== '') throw new Error('a delta after the signature');
  const expected = {
    text: 'text_delta',
    thinking: 'thinking_delta',
    tool_use: 'input_json_delta',
    server_tool_use: 'input_json_delta',
    web_search_tool_result: '',
    redacted_thinking: '',
  };
  const isSignature = delta.type === 'signature_delta' && block.type === 'thinking';
  if (!isSignature && expected[block.type] !== delta.type) throw new Error(`a ${delta.type} in a ${block.type} block`);
  switch (delta.type) {
    case 'text_delta':
      block.text += delta.text;
      break;
    case 'thinking_delta':
      block.text += delta.thinking;
      break;
    case 'input_json_delta':
      block.text += delta.partial_json;
      break;
    case 'signature_delta':
      block.signature = delta.signature;
      break;
  }
}

function checkInputs(blocks: readonly LadderBlock[]): void {
  for (const block of blocks) {
    if (block.type.endsWith('tool_use')) v.parse(v.record(v.string(), v.unknown()), JSON.parse(block.text));
  }
}

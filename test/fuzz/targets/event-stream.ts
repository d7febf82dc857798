import type { TurnEvent } from '../../../app/conversation/turn-event.ts';
import { EventStreamDecoder, EventStreamError, type Frame } from '../../../app/kiro/event-stream.ts';
import type { KiroError } from '../../../app/kiro/kiro-error.ts';
import type { Random } from '../../emulator/random.ts';
import { event, exception, sealed, streamBytes, streamNames } from '../../kiro/frames.ts';
import { read } from '../../kiro/turn-frames.ts';
import { mutate } from '../mutate.ts';
import { decodePlainly } from '../reference.ts';
import { mustHold, type Target } from '../target.ts';

/** Frames of an answer of Kiro, and the turn that is read from them (protocol §5.2 to §5.7). */
export const eventStream: Target = {
  name: 'event-stream',
  promise:
    'Bytes that are no event stream are told as `EventStreamError` or `KiroError`, nothing else; any pieces give the same frames, ' +
    'turn and error; every eighth input gives what a plain decoder with another CRC-32 reads; a turn is well formed.',
  inputs: 10_000_000,
  seeds: () => [...streamNames.map((name) => streamBytes(name)), Buffer.concat(more)],
  make,
  check,
};

/** What the recorded streams lack. */
const more = [
  event('messageMetadataEvent', { conversationId: 'c-1' }),
  event('assistantResponseEvent', { content: 'Hello 👋 \ud83d' }),
  event('assistantResponseEvent', { content: '\udc4b there' }),
  event('assistantResponseEvent', { content: 'same' }),
  event('assistantResponseEvent', { content: 'same' }),
  event('codeReferenceEvent', { references: [] }),
  event('reasoningContentEvent', { text: 'Think.' }),
  event('reasoningContentEvent', { signature: 'EXAMPLE==' }),
  event('reasoningContentEvent', { redactedContent: 'AAAA' }),
  event('toolUseEvent', { toolUseId: 't1', name: 'read', input: '{"a":' }),
  event('toolUseEvent', { toolUseId: 't1', name: 'read', input: '1}' }),
  event('toolUseEvent', { toolUseId: 't1', name: 'read', stop: true }),
  event('toolUseEvent', { toolUseId: 't2', name: 'write', input: { path: 'x' }, stop: true }),
  event('meteringEvent', { usage: 0.25 }),
  event('contextUsageEvent', { contextUsagePercentage: 12.5 }),
  event('metadataEvent', { stopReason: 'END_TURN', tokenUsage: { uncachedInputTokens: 5, outputTokens: 2 } }),
  event('metadataEvent', { stopReason: 'MAX_TOKENS' }),
  event('metadataEvent', { stopReason: 'REFUSAL' }),
  event('invalidStateEvent', { reason: 'X', message: 'invalid' }),
  exception('ThrottlingException', { message: 'Too many requests', reason: null }),
];

interface Part {
  readonly block: Buffer;
  readonly payload: Buffer;
}

/** Every sound frame of the seeds, taken apart. */
const parts: readonly Part[] = [...streamNames.map((name) => streamBytes(name)), ...more].flatMap((bytes) =>
  partsOf(bytes),
);

function partsOf(bytes: Buffer): Part[] {
  const found: Part[] = [];
  for (let at = 0; at + 16 <= bytes.length;) {
    const frame = bytes.subarray(at, at + bytes.readUInt32BE(at));
    const headersEnd = 12 + frame.readUInt32BE(4);
    found.push({ block: frame.subarray(12, headersEnd), payload: frame.subarray(headersEnd, -4) });
    at += frame.length;
  }
  return found;
}

/** A few frames in any order, some changed within and sealed anew, so that the change gets past the checksums; then bytes are. */
function make(random: Random): Buffer {
  const frames: Buffer[] = [];
  for (let count = 1 + random.below(5); count > 0; count -= 1) {
    const part = pick(random);
    const chance = random.next();
    const block = chance < 0.15 ? mutate(part.block, pick(random).block, random) : part.block;
    const payload = chance > 0.7 ? mutate(part.payload, pick(random).payload, random) : part.payload;
    frames.push(sealed(block, payload));
  }
  const whole = Buffer.concat(frames);
  return random.next() < 0.4 ? mutate(whole, frames[0] ?? whole, random) : whole;
}

function pick(random: Random): Part {
  return parts[random.below(parts.length)] ?? { block: Buffer.alloc(0), payload: Buffer.alloc(0) };
}

function check(input: Buffer, random: Random): string {
  const pieces = cutAnywhere(input, random);
  const whole = decode([input]);
  const split = decode(pieces);
  mustHold(whole.code === split.code, `in one piece it is ${whole.code}, in ${pieces.length} ${split.code}`);
  mustHold(isSameFrames(whole.frames, split.frames), 'other frames in pieces than in one');
  if (random.below(8) === 0) {
    const plain = decodePlainly(input);
    mustHold(
      plain.isWhole === (whole.code === undefined),
      `the plain decoder finds it ${plain.isWhole ? 'whole' : 'damaged'}`,
    );
    mustHold(isSameFrames(whole.frames, plain.frames), 'the plain decoder finds other frames');
  }
  const turn = read([input]);
  const inPieces = read(pieces);
  mustHold(
    turn.error?.class === inPieces.error?.class && turn.error?.message === inPieces.error?.message,
    `the turn is ${told(turn.error)} in one piece, ${told(inPieces.error)} in ${pieces.length}`,
  );
  if (turn.error) return `error ${turn.error.class}${whole.code === undefined ? '' : `, ${whole.code}`}`;
  mustHold(JSON.stringify(turn.events) === JSON.stringify(inPieces.events), 'other events in pieces than in one');
  mustHold(whole.code === undefined, 'a damaged stream gave a turn');
  return `turn ${wellFormed(turn.events)}`;
}

function told(error: KiroError | undefined): string {
  return error ? `${error.class} (${error.message})` : 'whole';
}

/** @throws what is not the decoder's own error */
function decode(pieces: readonly Buffer[]): { frames: Frame[]; code: EventStreamError['code'] | undefined } {
  const frames: Frame[] = [];
  const decoder = new EventStreamDecoder();
  try {
    for (const piece of pieces) decoder.push(piece, (frame) => frames.push(frame));
    decoder.end();
    return { frames, code: undefined };
  } catch (error) {
    if (error instanceof EventStreamError) return { frames, code: error.code };
    throw error;
  }
}

function cutAnywhere(input: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  const most = [1, 4, 16, 64, 256][random.below(5)] ?? 1;
  // Single bytes cost the most and say little more than a few of them.
  const step = input.length > 600 && most < 16 ? 16 : most;
  for (let at = 0; at < input.length;) {
    const size = 1 + random.below(step);
    pieces.push(input.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

type Seen = Pick<Frame, 'messageType' | 'type' | 'payload'>;

function isSameFrames(left: readonly Seen[], right: readonly Seen[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ messageType, type, payload }, index) => {
      const other = right[index];
      return other?.messageType === messageType && other.type === type && payload.equals(other.payload);
    })
  );
}

/** What every turn must be. @returns how it ended */
function wellFormed(events: readonly TurnEvent[]): string {
  const inputs = new Map<number, string>();
  const ended = new Set<number>();
  for (const [index, each] of events.entries()) {
    if (each.type === 'end') {
      mustHold(index === events.length - 1, 'something came after the end');
      return each.reason;
    }
    if (each.type === 'tool-start') {
      mustHold(!inputs.has(each.index), 'a call began twice');
      inputs.set(each.index, '');
    } else if (each.type === 'tool-input') {
      mustHold(inputs.has(each.index) && !ended.has(each.index), 'arguments came for no open call');
      inputs.set(each.index, inputs.get(each.index) + each.json);
    } else if (each.type === 'tool-end') {
      mustHold(inputs.has(each.index) && !ended.has(each.index), 'a call ended that was not open');
      ended.add(each.index);
      const json = inputs.get(each.index) ?? '';
      mustHold(json === '' || typeof JSON.parse(json) === 'object', 'a call ended with arguments that are no object');
    } else if (each.type === 'text' || each.type === 'reasoning') mustHold(each.text !== '', 'an empty piece of text');
  }
  return (mustHold(false, 'a turn without an end'), '');
}

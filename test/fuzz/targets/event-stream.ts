import type { TurnEvent } from '../../../app/conversation/turn-event.ts';
import { EventStreamDecoder, EventStreamError, type Frame } from '../../../app/kiro/event-stream.ts';
import type { KiroError } from '../../../app/kiro/kiro-error.ts';
import type { Random } from '../../emulator/random.ts';
import { read } from '../../kiro/turn-frames.ts';
import { decodePlainly, type Reference } from '../reference.ts';
import { readWithSdk } from '../sdk-reader.ts';
import { mustHold, type Target } from '../target.ts';
import { madeStream, realStreams } from './stream-frames.ts';

/** Frames of an answer of Kiro, and the turn that is read from them (protocol §5.2 to §5.7). */
export const eventStream: Target = {
  name: 'event-stream',
  promise:
    'Bytes that are no event stream are told as `EventStreamError` or `KiroError`, nothing else; any pieces give the same frames, ' +
    'turn and error; every eighth input gives what a plain decoder with another CRC-32 reads, and its events, where there are any, ' +
    "what the reader in AWS's own client does; a turn is well formed.",
  inputs: 10_000_000,
  seeds: () => realStreams,
  make: madeStream,
  check,
};

function check(input: Buffer, random: Random): string | Promise<string> {
  const pieces = cutAnywhere(input, random);
  const whole = decode([input]);
  const split = decode(pieces);
  mustHold(whole.code === split.code, `in one piece it is ${whole.code}, in ${pieces.length} ${split.code}`);
  mustHold(isSameFrames(whole.frames, split.frames), 'other frames in pieces than in one');
  const outcome = outcomeOf(input, pieces, whole.code);
  if (random.below(8) > 0) return outcome;
  const plain = decodePlainly(input);
  mustHold(
    plain.isWhole === (whole.code === undefined),
    `the plain decoder finds it ${plain.isWhole ? 'whole' : 'damaged'}`,
  );
  mustHold(isSameFrames(whole.frames, plain.frames), 'the plain decoder finds other frames');
  return agreesWithSdk(input, plain, outcome);
}

/** Compares the events before anything that is none, or is damaged. */
async function agreesWithSdk(input: Buffer, { frames }: Reference, outcome: string): Promise<string> {
  const other = frames.findIndex(({ isPlainEvent }) => !isPlainEvent);
  const events = frames.slice(0, other === -1 ? undefined : other);
  const read = await readWithSdk([input.subarray(0, events.at(-1)?.end ?? 0)]);
  mustHold(
    read.length === events.length &&
      events.every(({ type, payload }, index) => read[index]?.type === type && payload.equals(read[index].payload)),
    "the reader of AWS's client finds other events",
  );
  return outcome;
}

/** Reads the turn, in one piece and in many. @returns how it ended */
function outcomeOf(input: Buffer, pieces: readonly Buffer[], code: EventStreamError['code'] | undefined): string {
  const turn = read([input]);
  const inPieces = read(pieces);
  mustHold(
    turn.error?.class === inPieces.error?.class && turn.error?.message === inPieces.error?.message,
    `the turn is ${told(turn.error)} in one piece, ${told(inPieces.error)} in ${pieces.length}`,
  );
  if (turn.error) return `error ${turn.error.class}${code === undefined ? '' : `, ${code}`}`;
  mustHold(JSON.stringify(turn.events) === JSON.stringify(inPieces.events), 'other events in pieces than in one');
  mustHold(code === undefined, 'a damaged stream gave a turn');
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

import * as fc from 'fast-check';
import type { Random } from '../../emulator/random.ts';
import {
  anyHeader,
  encodeRaw,
  event,
  exception,
  sealed,
  streamBytes,
  streamNames,
  textHeader,
} from '../../kiro/frames.ts';
import { drawn } from '../drawn.ts';
import { mutate } from '../mutate.ts';

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

/** Streams as they really come. */
export const realStreams: readonly Buffer[] = [...streamNames.map((name) => streamBytes(name)), Buffer.concat(more)];

interface Part {
  readonly block: Buffer;
  readonly payload: Buffer;
}

/** Every sound frame of theirs, taken apart. */
const parts: readonly Part[] = realStreams.flatMap((bytes) => partsOf(bytes));

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

const eventTypes =
  'assistantResponseEvent reasoningContentEvent toolUseEvent meteringEvent contextUsageEvent metadataEvent messageMetadataEvent codeReferenceEvent invalidStateEvent unheardOfEvent __proto__';
const members =
  'content text signature redactedContent toolUseId name input stop usage message contextUsagePercentage stopReason tokenUsage reason __proto__';
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('t1', 't2', '{"a":', '1}', '', 'END_TURN', true, null, -1, 1e300),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Sealed frames of every kind of header, with what Kiro might say in them, and what it would not. */
const frame = fc
  .record({
    kind: fc.constantFrom(':event-type', ':event-type', ':event-type', ':exception-type', ':error-code'),
    messageType: fc.constantFrom('event', 'event', 'event', 'exception', 'error', ''),
    type: fc.oneof(fc.constantFrom(...eventTypes.split(' ')), fc.string({ unit: 'grapheme', maxLength: 12 })),
    others: fc.array(anyHeader, { maxLength: 3 }),
    payload: fc.oneof(
      {
        weight: 5,
        arbitrary: fc.dictionary(fc.constantFrom(...members.split(' ')), value).map((it) => JSON.stringify(it)),
      },
      { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
  })
  .map(({ kind, messageType, type, others, payload }) =>
    encodeRaw(
      [...others, textHeader(':message-type', messageType), textHeader(kind, type)],
      Buffer.from(payload, 'utf8'),
    ),
  );
const frames = fc.array(frame, { minLength: 1, maxLength: 4 });

/**
 * A few frames in any order: as fast-check makes them, or real ones, of which some are changed within and sealed anew, so that the
 * change gets past the checksums. Then, at times, bytes are changed.
 */
export function madeStream(random: Random): Buffer {
  const made = random.next() < 0.1 ? drawn(frames, random) : changedFrames(random);
  const whole = Buffer.concat(made);
  return random.next() < 0.4 ? mutate(whole, made[0] ?? whole, random) : whole;
}

function changedFrames(random: Random): Buffer[] {
  const made: Buffer[] = [];
  for (let count = 1 + random.below(5); count > 0; count -= 1) {
    const part = pick(random);
    const chance = random.next();
    const block = chance < 0.15 ? mutate(part.block, pick(random).block, random) : part.block;
    const payload = chance > 0.7 ? mutate(part.payload, pick(random).payload, random) : part.payload;
    made.push(sealed(block, payload));
  }
  return made;
}

function pick(random: Random): Part {
  return parts[random.below(parts.length)] ?? { block: Buffer.alloc(0), payload: Buffer.alloc(0) };
}

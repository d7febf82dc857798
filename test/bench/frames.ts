import { crc32 } from 'node:zlib';
import { encodeFrame, event } from '../emulator/frames.ts';
import { nowUs, stampOf } from './stamp.ts';

/** Characters of text in one event. */
const deltaLength = 24;
const framesInBlock = 448;

/** The text of the n-th event of a long answer: 24 characters, never equal to its neighbours'. */
export function deltaText(n: number): string {
  return `${String(n % framesInBlock).padStart(4, '0')} words that flow`.padEnd(deltaLength, '.');
}

/**
 * About 64 kB of frames, made once, so that a flood costs the upstream nothing but the write. The bytes are of HTTP's chunked
 * coding already, one event to a chunk, as they leave a service that flushes each event as its model says it.
 */
export const block: { readonly chunkedBytes: Buffer; readonly events: number } = {
  chunkedBytes: Buffer.concat(Array.from({ length: framesInBlock }, (_, n) => chunkOf(textFrame(deltaText(n))))),
  events: framesInBlock,
};

/** What Kiro says at the end of every answer (protocol §5.5). */
export const ending: Buffer = Buffer.concat([
  encodeFrame(event('contextUsageEvent', { contextUsagePercentage: 1.5 })),
  encodeFrame(event('meteringEvent', { usage: 0.01, unit: 'credit', unitPlural: 'credits' })),
  encodeFrame(event('metadataEvent', { stopReason: 'END_TURN' })),
]);

const template = textFrame(stampOf(0).padEnd(deltaLength, '.'));
const stampAt = template.indexOf('@');

/** A frame of text that says when it was made; only the stamp and the checksum are new. */
export function stampedFrame(): Buffer {
  const frame = Buffer.from(template);
  frame.write(stampOf(nowUs()), stampAt, 'latin1');
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

function chunkOf(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

function textFrame(content: string): Buffer {
  return encodeFrame(event('assistantResponseEvent', { content }));
}

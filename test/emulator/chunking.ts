import type { Random } from './random.ts';

/** How a stream is cut into network chunks: at the worst places, one frame each, or all in one. */
export type Chunking = 'awkward' | 'frames' | 'whole';

/**
 * Cuts one frame for `chunking: 'awkward'`: in the middle of the prelude, of a header, of a multi-byte character, of the last
 * checksum, at places chosen by the seed (protocol §5.2: frames do not align with network chunks).
 */
function cutFrame(frame: Buffer, random: Random): Buffer[] {
  const headersEnd = 12 + frame.readUInt32BE(4);
  const candidates = [
    1 + random.below(11),
    12 + random.below(Math.max(1, headersEnd - 12)),
    middleOfCharacter(frame, headersEnd) ?? headersEnd,
    frame.length - 1 - random.below(3),
  ];
  const cuts = candidates
    .filter((cut) => random.next() < 0.6 && cut > 0 && cut < frame.length)
    .sort((left, right) => left - right);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const cut of new Set(cuts)) {
    pieces.push(frame.subarray(from, cut));
    from = cut;
  }
  pieces.push(frame.subarray(from));
  return pieces;
}

/** Cuts a list of frames; neighbours are glued together by chance in `awkward`, always in `whole`. */
export function cutFrames(frames: readonly Buffer[], chunking: Chunking, random: Random): Buffer[] {
  if (chunking === 'frames') return [...frames];
  if (chunking === 'whole') return frames.length === 0 ? [] : [Buffer.concat(frames)];
  const chunks: Buffer[] = [];
  for (const piece of frames.flatMap((frame) => cutFrame(frame, random))) {
    const last = chunks.at(-1);
    if (last !== undefined && random.next() < 0.3) chunks[chunks.length - 1] = Buffer.concat([last, piece]);
    else chunks.push(piece);
  }
  return chunks;
}

function middleOfCharacter(frame: Buffer, from: number): number | undefined {
  for (let at = from; at < frame.length - 5; at += 1) {
    // 0b10xxxxxx continues a character: a cut in front of it splits the character.
    if ((frame.readUInt8(at) & 0xc0) === 0x80) return at;
  }
  return undefined;
}

import { setImmediate as others } from 'node:timers/promises';

/** How long running answers may be kept waiting at a stretch, in ms. */
const stretchMs = 4;
/** Texts are encoded in pieces of about this many letters: many small buffers cost more than the letters in them. */
const pieceLength = 64 * 1024;

/**
 * The UTF-8 bytes of a text that is made part by part, such as a request of several megabytes. Running answers have their turn
 * in between, so that none of them stands still while a long one is written.
 */
export async function encodePaced(parts: Iterable<string>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let text = '';
  let startedAt = performance.now();
  for (const part of parts) {
    text += part;
    if (text.length < pieceLength) continue;
    pieces.push(Buffer.from(text));
    text = '';
    if (performance.now() - startedAt < stretchMs) continue;
    await others();
    startedAt = performance.now();
  }
  pieces.push(Buffer.from(text));
  return Buffer.concat(pieces);
}

import { crc32 } from 'node:zlib';

/**
 * Decodes AWS event-stream frames (protocol §5.2) from network pieces of any size. Frames that lie whole inside a piece are
 * handed on as views into it; only a frame that spans pieces is copied, once.
 *
 * Both checksums are verified with zlib's CRC-32: five to six times the speed of the `@aws-crypto/crc32` package on the
 * small frames that make up a stream (docs/decisions/crc32.md); the package is the tests' oracle.
 */
export class EventStreamDecoder {
  #pieces: Buffer[] = [];
  #held = 0;
  /** 0 until the held bytes say how long their frame is. */
  #heldFrameLength = 0;

  /**
   * Takes the next piece and calls `onFrame` for every frame that is now complete.
   * The frame's payload is valid as long as the caller keeps it.
   * @throws EventStreamError when the bytes are not an event stream; the stream cannot be used any further
   */
  push(piece: Uint8Array, onFrame: (frame: Frame) => void): void {
    let bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.#held > 0) {
      const joined = this.#completeHeldFrame(bytes);
      if (!joined) return;
      onFrame(decodeFrame(joined.frame));
      bytes = joined.rest;
    }
    let offset = 0;
    while (bytes.length - offset >= preludeLength) {
      const length = frameLength(bytes, offset);
      if (bytes.length - offset < length) break;
      onFrame(decodeFrame(bytes.subarray(offset, offset + length)));
      offset += length;
    }
    if (offset < bytes.length) this.#hold(bytes.subarray(offset));
  }

  /** @throws EventStreamError `truncated` when the stream ended inside a frame */
  end(): void {
    if (this.#held > 0) throw new EventStreamError('truncated', `The stream ended ${this.#held} bytes into a frame`);
  }

  /** Adds a piece to the frame begun earlier. Returns it once whole, with what follows it. */
  #completeHeldFrame(bytes: Buffer): { frame: Buffer; rest: Buffer } | undefined {
    const before = this.#held;
    this.#hold(bytes);
    if (this.#held < preludeLength) return undefined;
    this.#heldFrameLength ||= frameLength(Buffer.concat(this.#pieces), 0);
    const length = this.#heldFrameLength;
    if (this.#held < length) return undefined;
    const frame = Buffer.concat(this.#pieces, length);
    this.#pieces = [];
    this.#held = 0;
    this.#heldFrameLength = 0;
    return { frame, rest: bytes.subarray(length - before) };
  }

  #hold(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
  }
}

/** One frame. Members are the headers that Kiro uses; `payload` is JSON in UTF-8. */
export interface Frame extends FrameHeaders {
  readonly payload: Buffer;
}

export interface FrameHeaders {
  readonly messageType: string;
  /** `:event-type` of an event, `:exception-type` of an exception, `:error-code` of an error. */
  readonly type: string;
  /** `:error-message` of an error frame. */
  readonly errorMessage?: string;
}

/** Bytes that are no event stream, or a stream that ended inside a frame. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
  readonly code: 'length' | 'prelude-checksum' | 'message-checksum' | 'headers' | 'truncated';

  constructor(code: EventStreamError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const preludeLength = 12;
const overhead = 16;
const maxFrame = 16 * 1024 * 1024;
const maxHeaders = 128 * 1024;

/**
 * Reads and checks the prelude before anything more is waited for: a corrupt length must neither make us hold megabytes nor
 * wait for bytes that never come.
 */
function frameLength(bytes: Buffer, offset: number): number {
  const length = bytes.readUInt32BE(offset);
  if (length < overhead || length > maxFrame) throw new EventStreamError('length', `A frame claims ${length} bytes`);
  const headersLength = bytes.readUInt32BE(offset + 4);
  if (headersLength > maxHeaders || headersLength > length - overhead) {
    throw new EventStreamError('length', `A frame of ${length} bytes claims ${headersLength} bytes of headers`);
  }
  if (bytes.readUInt32BE(offset + 8) !== crc32(bytes.subarray(offset, offset + 8))) {
    throw new EventStreamError('prelude-checksum', "A frame's prelude does not match its checksum");
  }
  return length;
}

/** @param frame a whole frame whose prelude has been checked */
function decodeFrame(frame: Buffer): Frame {
  const length = frame.length;
  const headersLength = frame.readUInt32BE(4);
  const preludeChecksum = frame.readUInt32BE(8);
  // The message's checksum covers the prelude too, whose part is already known.
  if (frame.readUInt32BE(length - 4) !== crc32(frame.subarray(8, length - 4), preludeChecksum)) {
    throw new EventStreamError('message-checksum', 'A frame does not match its checksum');
  }
  const headersEnd = 12 + headersLength;
  const { messageType, type, errorMessage } = headersOf(frame.subarray(12, headersEnd));
  const payload = frame.subarray(headersEnd, length - 4);
  return errorMessage === undefined ? { messageType, type, payload } : { messageType, type, errorMessage, payload };
}

/** Header blocks repeat byte for byte, so each distinct one is parsed once. Bounded, as the other side decides on them. */
const knownHeaders = new Map<string, FrameHeaders>();

function headersOf(block: Buffer): FrameHeaders {
  const key = block.toString('latin1');
  const known = knownHeaders.get(key);
  if (known) return known;
  const parsed = parseHeaders(block);
  if (knownHeaders.size >= 64) knownHeaders.clear();
  if (block.length <= 512) knownHeaders.set(key, parsed);
  return parsed;
}

function parseHeaders(block: Buffer): FrameHeaders {
  const strings = new Map<string, string>();
  let offset = 0;
  const take = (count: number): number => {
    const at = offset;
    offset += count;
    if (offset > block.length) throw new EventStreamError('headers', 'A header ends beyond its block');
    return at;
  };
  while (offset < block.length) {
    const nameLength = block.readUInt8(take(1));
    const nameAt = take(nameLength);
    const name = block.toString('utf8', nameAt, nameAt + nameLength);
    const valueType = block.readUInt8(take(1));
    if (valueType === 6 || valueType === 7) {
      const size = block.readUInt16BE(take(2));
      const at = take(size);
      if (valueType === 7) strings.set(name, block.toString('utf8', at, at + size));
      continue;
    }
    const size = fixedSizes[valueType];
    if (size === undefined) throw new EventStreamError('headers', `A header has the unknown type ${valueType}`);
    take(size);
  }
  const messageType = strings.get(':message-type') ?? 'event';
  const type = strings.get(':event-type') ?? strings.get(':exception-type') ?? strings.get(':error-code') ?? '';
  const errorMessage = strings.get(':error-message');
  return errorMessage === undefined ? { messageType, type } : { messageType, type, errorMessage };
}

/** Bytes of the value for header types 0 to 5, 8 and 9; 6 and 7 carry their length. */
const fixedSizes: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];

import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { EventStreamDecoder, EventStreamError, type Frame } from '../../app/kiro/event-stream.ts';
import {
  anyHeader,
  cut,
  encodeRaw,
  event,
  sealed,
  streamBytes,
  streamFrames,
  streamNames,
  textHeader,
} from './frames.ts';

function decode(pieces: Iterable<Uint8Array>): Frame[] {
  const frames: Frame[] = [];
  const decoder = new EventStreamDecoder();
  for (const piece of pieces) decoder.push(piece, (frame) => frames.push(frame));
  decoder.end();
  return frames;
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof EventStreamError) return error.code;
    throw error;
  }
}

const readable = (frame: Frame): object => ({ ...frame, payload: frame.payload.toString('utf8') });

describe('a recorded stream decodes to what it is known to hold, however it is cut', () => {
  const whole = streamNames.filter((name) => !['stream_bad_crc', 'stream_partial_frame'].includes(name));

  it.each(whole)('%s', (name) => {
    const bytes = streamBytes(name);
    const wanted = streamFrames(name).map(({ headers, payload }) => ({
      messageType: headers[':message-type'],
      type: headers[':event-type'] ?? headers[':exception-type'],
      payload,
    }));
    for (const size of [bytes.length, 1, 7]) {
      const frames = decode(cut(bytes, [size])).map((frame) => ({
        ...frame,
        payload: JSON.parse(frame.payload.toString('utf8')),
      }));
      expect(frames).toEqual(wanted);
    }
  });

  it('a damaged and a cut one are told apart', () => {
    expect(codeOf(() => decode([streamBytes('stream_bad_crc')]))).toMatch(/checksum/);
    expect(codeOf(() => decode([streamBytes('stream_partial_frame')]))).toBe('truncated');
  });
});

const payload = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => Buffer.from(text)) },
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.nat(100_000).map((length) => Buffer.alloc(length, 'x')) },
);
const message = fc.record({
  type: fc.string({ maxLength: 30 }),
  before: fc.array(anyHeader, { maxLength: 4 }),
  payload,
});

describe('any stream', () => {
  it('10,000 generated ones come out as they went in, cut anywhere', () => {
    let runs = 0;
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60_000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (messages, sizes) => {
          runs += 1;
          const bytes = Buffer.concat(
            messages.map(({ type, before, payload }) =>
              encodeRaw([...before, textHeader(':message-type', 'event'), textHeader(':event-type', type)], payload),
            ),
          );
          const frames = decode(cut(bytes, bytes.length > 20_000 ? sizes.map((size) => size * 50) : sizes));
          const isSame =
            frames.length === messages.length &&
            frames.every((frame, index) => {
              const wanted = messages[index];
              return (
                wanted?.type === frame.type && frame.messageType === 'event' && frame.payload.equals(wanted.payload)
              );
            });
          expect(isSame).toBe(true);
        },
      ),
      { numRuns: 10_000 },
    );
    expect(runs).toBe(10_000);
  });
});

describe('a damaged stream never gives a wrong frame', () => {
  const good = [
    event('assistantResponseEvent', { content: 'first' }),
    event('toolUseEvent', { toolUseId: 'a', name: 'b' }),
  ];
  const bytes = Buffer.concat(good);
  const intact = decode([bytes]).map(readable);

  it('with any single byte flipped it fails with a typed error, after intact frames only', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(bytes);
        damaged.writeUInt8(damaged.readUInt8(at) ^ mask, at);
        for (const size of [damaged.length, 5]) {
          const frames: Frame[] = [];
          const decoder = new EventStreamDecoder();
          const code = codeOf(() => {
            for (const piece of cut(damaged, [size])) decoder.push(piece, (frame) => frames.push(frame));
            decoder.end();
          });
          expect(code).toBeDefined();
          expect(frames.map(readable)).toEqual(intact.slice(0, frames.length));
          expect(frames.length).toBe(at < (good[0]?.length ?? 0) ? 0 : 1);
        }
      }
    }
  });

  it('cut at any offset it is truncated, or whole between frames', () => {
    const borders = new Set([0, good[0]?.length, bytes.length]);
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(codeOf(() => decode([bytes.subarray(0, length)]))).toBe(borders.has(length) ? undefined : 'truncated');
    }
  });

  it('a corrupt length is noticed with the prelude, not after the bytes that it promises', () => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32BE(1_000_000, 0);
    expect(codeOf(() => new EventStreamDecoder().push(damaged.subarray(0, 12), () => {}))).toBe('prelude-checksum');
  });

  it.each([
    ['too short', 15, 0],
    ['too long', 16 * 1024 * 1024 + 1, 0],
    ['four gigabytes', 0xffff_ffff, 0],
    ['headers beyond the frame', 100, 85],
    ['headers beyond their limit', 200_000, 128 * 1024 + 1],
  ])('lengths: %s', (_name, length, headersLength) => {
    const prelude = encodeRaw([], Buffer.alloc(0)).subarray(0, 12);
    prelude.writeUInt32BE(length, 0);
    prelude.writeUInt32BE(headersLength, 4);
    expect(codeOf(() => new EventStreamDecoder().push(prelude, () => {}))).toBe('length');
  });

  it.each([
    ['a name beyond the block', Buffer.from([200, 97])],
    ['a value beyond the block', Buffer.from([1, 97, 7, 255, 255, 97])],
    ['a number beyond the block', Buffer.from([1, 97, 5, 0])],
    ['no type', Buffer.from([1, 97])],
    ['no length', Buffer.from([1, 97, 7, 0])],
    ['an unknown type', Buffer.from([1, 97, 10])],
  ])('headers: %s', (_name, block) => {
    expect(codeOf(() => decode([sealed(block, Buffer.alloc(0))]))).toBe('headers');
  });
});

it('the work for a frame in small pieces grows with its size, not with its square', () => {
  const copied = (megabytes: number): number => {
    const frame = encodeRaw([textHeader(':event-type', 'x')], Buffer.alloc(megabytes * 1024 * 1024 - 100));
    const pieces = cut(frame, [1024]);
    let bytes = 0;
    const joining = vi.spyOn(Buffer, 'concat');
    expect(decode(pieces)).toHaveLength(1);
    for (const { value } of joining.mock.results) bytes += Buffer.isBuffer(value) ? value.length : 0;
    joining.mockRestore();
    return bytes;
  };
  expect(copied(16) / copied(1)).toBeLessThan(17);
});

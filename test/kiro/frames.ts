import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from '@aws-crypto/crc32';
import * as fc from 'fast-check';

/** A frame as the readable fixtures write it: headers of type string, payload JSON. */
export interface ReadableFrame {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
}

/** A header with the bytes of its value, length prefix included where the type has one. */
export interface RawHeader {
  readonly name: string;
  readonly type: number;
  readonly value: Uint8Array;
}

/** Encodes one frame from protocol §5.2; nothing of it is shared with what it tests. */
export function encodeRaw(headers: readonly RawHeader[], payload: Uint8Array): Buffer {
  const block = Buffer.concat(
    headers.map(({ name, type, value }) => {
      const nameBytes = Buffer.from(name, 'utf8');
      return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([type]), value]);
    }),
  );
  return sealed(block, payload);
}

/** A frame around any bytes as headers, with its lengths and checksums right. */
export function sealed(block: Uint8Array, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(16 + block.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(block.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(block, 12);
  frame.set(payload, 12 + block.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

export function textHeader(name: string, text: string): RawHeader {
  const bytes = Buffer.from(text, 'utf8');
  const value = Buffer.alloc(2 + bytes.length);
  value.writeUInt16BE(bytes.length);
  bytes.copy(value, 2);
  return { name, type: 7, value };
}

export function encode({ headers, payload }: ReadableFrame): Buffer {
  return encodeRaw(
    Object.entries(headers).map(([name, text]) => textHeader(name, text)),
    Buffer.from(JSON.stringify(payload)),
  );
}

/** An event of Kiro's stream by its type. */
export function event(type: string, payload: unknown): Buffer {
  return encode({
    headers: { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    payload,
  });
}

export function exception(type: string, payload: unknown): Buffer {
  return encode({
    headers: { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    payload,
  });
}

export const streamNames = readdirSync(new URL('../fixtures', import.meta.url))
  .filter((name) => /^stream_.*\.bin$/.test(name))
  .map((name) => name.slice(0, -4));

export function streamBytes(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}.bin`, import.meta.url));
}

export function streamFrames(name: string): ReadableFrame[] {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** Cuts bytes into pieces of these sizes, over and over. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = Math.max(1, sizes[index % sizes.length] ?? bytes.length);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = [0, 0, 1, 2, 4, 8, 0, 0, 8, 16];

/** Any header but the ones that name the event. */
export const anyHeader: fc.Arbitrary<RawHeader> = fc.oneof(
  fc
    .tuple(
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 9),
      fc.infiniteStream(fc.nat(255)),
    )
    .map(([name, type, bytes]) => ({ name, type, value: Buffer.from([...bytes.take(sizes[type] ?? 0)]) })),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom(6, 7), fc.uint8Array({ maxLength: 40 }))
    .map(([name, type, bytes]) => ({ name, type, value: Buffer.from([0, bytes.length, ...bytes]) })),
);

import { crc32 } from 'node:zlib';

/** One message of the event stream: string headers in order, and a payload that is written as JSON. */
export interface StreamEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
}

/** An ordinary event (protocol §5.2). */
export function event(type: string, payload: object): StreamEvent {
  return { headers: { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload };
}

/** An exception frame (protocol §5.2, §5.3). */
export function exceptionEvent(type: string, payload: object): StreamEvent {
  return {
    headers: { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    payload,
  };
}

/** Encodes one frame with both checksums (protocol §5.2). */
export function encodeFrame(message: StreamEvent): Buffer {
  const headers = Buffer.concat(Object.entries(message.headers).map(([name, value]) => encodeHeader(name, value)));
  const payload = Buffer.from(JSON.stringify(message.payload), 'utf8');
  const frame = Buffer.alloc(16 + headers.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  headers.copy(frame, 12);
  payload.copy(frame, 12 + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

/** The same frame with one bit of its payload turned, so that its message checksum fails. */
export function corruptFrame(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  const at = copy.length - 5;
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

/** A prelude, with a valid checksum, that announces a frame of `totalBytes` that will never come. */
export function giantPrelude(totalBytes: number): Buffer {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(totalBytes, 0);
  prelude.writeUInt32BE(0, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  return prelude;
}

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name, 'utf8');
  const valueBytes = Buffer.from(value, 'utf8');
  const head = Buffer.from([nameBytes.length]);
  const kind = Buffer.from([7, valueBytes.length >> 8, valueBytes.length & 0xff]);
  return Buffer.concat([head, nameBytes, kind, valueBytes]);
}

import { crc32 } from '@aws-crypto/crc32';

/** What an event stream holds: the frames up to its end or its damage. */
export interface Reference {
  readonly frames: readonly ReferenceFrame[];
  /** It is whole to its last byte. */
  readonly isWhole: boolean;
}

export interface ReferenceFrame {
  readonly messageType: string;
  readonly type: string;
  readonly payload: Buffer;
  /** It says in text that it is an event, and of which type, and no header comes twice: every reader means the same by it. */
  readonly isPlainEvent: boolean;
  /** Where the next frame begins. */
  readonly end: number;
}

/**
 * Decodes a whole event stream in the plainest way, from protocol §5.2 and with another CRC-32: the oracle. It is told nothing of
 * pieces, and only that bytes are damaged, not how.
 */
export function decodePlainly(bytes: Buffer): Reference {
  const frames: ReferenceFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const frame = frameAt(bytes.subarray(at));
    if (!frame) return { frames, isWhole: false };
    const headers = headersIn(frame.subarray(12, 12 + frame.readUInt32BE(4)));
    if (!headers) return { frames, isWhole: false };
    const { texts, names } = headers;
    at += frame.length;
    frames.push({
      messageType: texts.get(':message-type') ?? 'event',
      type: texts.get(':event-type') ?? texts.get(':exception-type') ?? texts.get(':error-code') ?? '',
      payload: frame.subarray(12 + frame.readUInt32BE(4), -4),
      isPlainEvent:
        texts.get(':message-type') === 'event' && texts.has(':event-type') && new Set(names).size === names.length,
      end: at,
    });
  }
  return { frames, isWhole: true };
}

function frameAt(rest: Buffer): Buffer | undefined {
  if (rest.length < 16) return undefined;
  const total = rest.readUInt32BE(0);
  const headers = rest.readUInt32BE(4);
  if (total < 16 || total > 2 ** 24 || total > rest.length || headers > 2 ** 17 || headers > total - 16)
    return undefined;
  const frame = rest.subarray(0, total);
  const isSound =
    crc32(frame.subarray(0, 8)) === frame.readUInt32BE(8) &&
    crc32(frame.subarray(0, -4)) === frame.readUInt32BE(total - 4);
  return isSound ? frame : undefined;
}

/** The names, and the values that are text; undefined when the block is not made of headers. */
function headersIn(block: Buffer): { texts: Map<string, string>; names: string[] } | undefined {
  const texts = new Map<string, string>();
  const names: string[] = [];
  let at = 0;
  while (at < block.length) {
    const nameEnd = at + 1 + (block[at] ?? 0);
    const type = block[nameEnd];
    if (type === undefined || type > 9) return undefined;
    const hasLength = type === 6 || type === 7;
    if (hasLength && nameEnd + 3 > block.length) return undefined;
    const valueAt = nameEnd + (hasLength ? 3 : 1);
    const valueEnd = valueAt + (hasLength ? block.readUInt16BE(nameEnd + 1) : (widths[type] ?? 0));
    if (valueEnd > block.length) return undefined;
    const name = block.toString('utf8', at + 1, nameEnd);
    names.push(name);
    if (type === 7) texts.set(name, block.toString('utf8', valueAt, valueEnd));
    at = valueEnd;
  }
  return { texts, names };
}

/** By type: true, false, byte, short, integer, long, -, -, timestamp, UUID. */
const widths: readonly number[] = [0, 0, 1, 2, 4, 8, 0, 0, 8, 16];

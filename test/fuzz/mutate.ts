import type { Random } from '../emulator/random.ts';

/** Values at which programs go wrong: ends of ranges, separators, quotes, marks of UTF-8. */
const oddBytes = [0x00, 0x01, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x2d, 0x3a, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xc3, 0xed, 0xff];
const oddNumbers = [0, 1, 15, 16, 255, 65_535, 65_536, 0x00ff_ffff, 0x0100_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** No input grows beyond this by mutation. */
const longest = 64 * 1024;

/**
 * Changes bytes, one to four times over: flips, inserts, deletes, doubles, overwrites, cuts, or takes a part of another input.
 * @param other what parts are taken from
 */
export function mutate(input: Buffer, other: Buffer, random: Random): Buffer {
  let bytes = input;
  for (let times = 1 + random.below(4); times > 0; times -= 1) bytes = mutateOnce(bytes, other, random);
  return bytes.length > longest ? bytes.subarray(0, longest) : bytes;
}

function mutateOnce(bytes: Buffer, other: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.next() < 0.8 ? 8 : 200);
  switch (random.below(8)) {
    case 0: {
      const changed = Buffer.from(bytes);
      if (at < bytes.length) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
      return changed;
    }
    case 1: {
      const changed = Buffer.from(bytes);
      if (at < bytes.length) changed[at] = oddBytes[random.below(oddBytes.length)] ?? 0;
      return changed;
    }
    case 2: {
      const changed = Buffer.from(bytes);
      if (at + 4 <= bytes.length) changed.writeUInt32BE(oddNumbers[random.below(oddNumbers.length)] ?? 0, at);
      return changed;
    }
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 4:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    case 5: {
      const noise = Buffer.from(Array.from({ length: 1 + random.below(4) }, () => random.below(256)));
      return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
    }
    case 6: {
      const from = random.below(other.length + 1);
      return joined(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at));
    }
    default:
      return random.next() < 0.5
        ? bytes.subarray(0, at)
        : joined(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)));
  }
}

function joined(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

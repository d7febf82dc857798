import * as fc from 'fast-check';
import type { Random } from '../emulator/random.ts';
import { drawn } from './drawn.ts';

/** What overwrites a piece: where it begins, in millionths of the length, and its bytes. */
const piece = fc.tuple(fc.nat(1_000_000), fc.uint8Array({ minLength: 1, maxLength: 4 }));
const pieces = fc.array(piece, { minLength: 1, maxLength: 6 });

/** An input of a target whose inputs have a place for everything, such as databases: a seed of it with a few bytes overwritten, nothing moved. */
export function makeOverwritten(random: Random, seeds: readonly Buffer[]): Buffer {
  const bytes = Buffer.from(seeds[random.below(seeds.length)] ?? []);
  for (const [millionths, change] of drawn(pieces, random))
    bytes.set(change, Math.floor((millionths / 1e6) * (bytes.length - change.length)));
  return bytes;
}

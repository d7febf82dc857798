import { seededRandom } from '../emulator/random.ts';
import type { Target } from './target.ts';

/** Tries of the target that a finding is worth. */
const mostTries = 2_000;

/**
 * Makes an input that breaks a promise smaller, by leaving out parts as long as it still breaks one.
 * @param chance what the target's own chance was seeded with
 */
export async function minimised(target: Target, input: Buffer, chance: number): Promise<Buffer> {
  let smallest = input;
  let tries = 0;
  for (let size = input.length >> 1; size >= 1 && tries < mostTries; size >>= 1) {
    for (let at = 0; at + size <= smallest.length && tries < mostTries;) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      tries += 1;
      if (await isBroken(target, shorter, chance)) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}

async function isBroken(target: Target, input: Buffer, chance: number): Promise<boolean> {
  try {
    await target.check(input, seededRandom(chance));
    return false;
  } catch {
    return true;
  }
}

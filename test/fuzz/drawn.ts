import * as fc from 'fast-check';
import type { Random } from '../emulator/random.ts';

/** A value of an arbitrary, decided by the target's own chance, so that the seed of a run says all of its inputs. In one of four cases ends of ranges come often. */
export function drawn<Value>(arbitrary: fc.Arbitrary<Value>, random: Random): Value {
  const [value] = fc.sample(arbitrary, { numRuns: 1, seed: random.below(2 ** 31), unbiased: random.next() < 0.75 });
  if (value === undefined) throw new Error('an arbitrary gave nothing');
  return value;
}

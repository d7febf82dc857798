import { seededRandom, type Random } from '../emulator/random.ts';
import { minimised } from './minimise.ts';
import { mutate } from './mutate.ts';
import type { Target } from './target.ts';

/** An input that broke a promise, made as small as it goes. */
export interface Finding {
  readonly input: Buffer;
  readonly message: string;
}

export interface Fuzzed {
  readonly inputs: number;
  /** How often each outcome came. */
  readonly classes: ReadonlyMap<string, number>;
  /** The first input of each. */
  readonly firsts: ReadonlyMap<string, Buffer>;
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Inputs kept from before, to begin with. */
  readonly corpus: readonly Buffer[];
  /** Seeds and corpus are not tried as they are. */
  readonly isKnownGood?: boolean;
  /** Called before each input, and every so often with how many are done. */
  readonly onInput?: (input: Buffer) => void;
  readonly onProgress?: (done: number) => void;
}

/** After so many there is something to mend first. */
const mostFindings = 5;
export const progressEvery = 100;

/**
 * Tries that many inputs on a target, and closes it: first the seeds and the corpus as they are, then what is made of them. What they
 * are depends on the seed alone.
 */
export async function fuzz(target: Target, options: FuzzOptions): Promise<Fuzzed> {
  const { inputs, seed, onInput, onProgress } = options;
  const random = seededRandom(seed);
  const seeds = target.seeds();
  const pool = [...seeds, ...options.corpus];
  const known = options.isKnownGood === true ? [] : pool;
  const classes = new Map<string, number>();
  const firsts = new Map<string, Buffer>();
  const findings: Finding[] = [];
  await using _ = { [Symbol.asyncDispose]: async () => target.close?.() };
  let done = 0;
  while (done < inputs && findings.length < mostFindings) {
    const input = known[done] ?? next(target, seeds, pool, random);
    const chance = random.below(2 ** 31);
    onInput?.(input);
    try {
      const outcome = target.check(input, seededRandom(chance));
      const name = typeof outcome === 'string' ? outcome : await outcome;
      const count = classes.get(name) ?? 0;
      if (count === 0) firsts.set(name, input);
      classes.set(name, count + 1);
    } catch (error) {
      findings.push({ input: await minimised(target, input, chance), message: String(error) });
    }
    done += 1;
    if (done % progressEvery === 0) onProgress?.(done);
  }
  return { inputs: done, classes, firsts, findings };
}

const empty = Buffer.alloc(0);

function next(target: Target, seeds: readonly Buffer[], pool: readonly Buffer[], random: Random): Buffer {
  if (target.make && random.next() < 0.9) return target.make(random, seeds);
  const one = pool[random.below(pool.length)] ?? empty;
  return mutate(one, pool[random.below(pool.length)] ?? one, random);
}

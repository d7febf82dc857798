import type { Random } from '../emulator/random.ts';

/** Something that takes bytes from outside, and what must hold whatever the bytes are. */
export interface Target {
  readonly name: string;
  /** One sentence for the page. */
  readonly promise: string;
  /** How many inputs the full run makes. */
  readonly inputs: number;
  /** Inputs as they really come, to begin with. */
  seeds(): readonly Buffer[];
  /** Makes an input of the target's own structure, from seeds or not. Without it, and else at times, bytes of a seed are mutated. */
  make?(random: Random, seeds: readonly Buffer[]): Buffer;
  /**
   * Tries one input.
   * @param random for what is up to chance beside the input, such as where it is cut
   * @returns the class of what came of it, for the counts
   * @throws whatever the input may not cause, which is a finding
   */
  check(input: Buffer, random: Random): string | Promise<string>;
  /** Ends what the first input has opened for all of them, if anything. */
  close?(): Promise<void>;
}

/** What must hold did not. The message is the finding. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** @throws Broken unless it is held */
export function mustHold(isHeld: boolean, otherwise: string): asserts isHeld {
  if (!isHeld) throw new Broken(otherwise);
}

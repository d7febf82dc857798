import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

const segmentSchema = v.object({
  target: v.string(),
  /** Which of the target's segments, from 0. */
  index: v.number(),
  inputs: v.number(),
  /** Of the whole run. */
  seed: v.number(),
  commit: v.string(),
  seconds: v.number(),
  /** How often each outcome came. */
  classes: v.array(v.tuple([v.string(), v.number()])),
  /** Memory held after a quarter of the inputs and after all, in bytes. */
  held: v.object({ early: v.number(), late: v.number() }),
});

/** A part of a target's inputs that was tried in one go, and broke no promise. */
export type Segment = v.InferOutput<typeof segmentSchema>;

type Wanted = Pick<Segment, 'target' | 'index' | 'inputs' | 'seed'>;

const mostInputs = 500_000;

/** How the inputs of a target are divided: an interruption costs one segment at most. */
export function segmentsOf(target: string, inputs: number, seed: number): Wanted[] {
  return Array.from({ length: Math.ceil(inputs / mostInputs) }, (_, index) => ({
    target,
    index,
    inputs: Math.min(mostInputs, inputs - index * mostInputs),
    seed,
  }));
}

/** All random numbers are one circle of 2^32; segments begin far apart on it, so that none goes the way of another. */
export function seedOf({ seed, index }: Wanted): number {
  return (seed + Math.imul(0x6d2b79f5, index * 2 ** 26)) >>> 0;
}

/** The segment as an earlier run has left it in the folder; undefined when there was none. */
export function keptSegment(folder: string, wanted: Wanted): Segment | undefined {
  const path = pathOf(folder, wanted);
  return existsSync(path) ? v.parse(segmentSchema, JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

export function keepSegment(folder: string, segment: Segment): void {
  const path = pathOf(folder, segment);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, JSON.stringify(segment));
  renameSync(`${path}.part`, path);
}

function pathOf(folder: string, { target, index, inputs, seed }: Wanted): string {
  return `${folder}/${target}/seed-${seed}-${index}-of-${inputs}.json`;
}

import { setFlagsFromString } from 'node:v8';

/**
 * Holds the part of the heap for new objects at the size that it has now, where V8 would let it grow to 128 MB and keep it: an
 * answer on its way leaves nothing but garbage, which is as cheap to collect in a small room, and stays in the processor's cache.
 * Measured in docs/performance.md. For a process of our own only: elsewhere V8's flags may be frozen, which ends the process.
 */
export function holdYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

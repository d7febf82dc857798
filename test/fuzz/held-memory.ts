import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as v from 'valibot';

// Node lends its collector only to who asks for it at the start; a new context gets it later, too.
setFlagsFromString('--expose-gc');
const collect = v.parse(v.function(), runInNewContext('gc'));

/** What this thread holds after a full collection, in bytes: its heap, and the buffers outside of it. */
export function heldMemory(): number {
  // What the first run finds is freed beside the program; the second waits for that.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

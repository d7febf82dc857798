/**
 * Loaded into a process with `--import`: on SIGUSR2 it collects all garbage and writes what is alive then, in MB, to the file
 * that a variable names. A collection that is asked for is the only one that leaves no garbage.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { heapVariable } from './live-heap.ts';

const file = process.env[heapVariable] ?? '';
setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // What the first one finalizes, the second one frees.
  for (let n = 0; n < 2; n += 1) if (typeof collect === 'function') collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  writeFileSync(`${file}.new`, String((heapUsed + arrayBuffers) / 1e6));
  renameSync(`${file}.new`, file);
});

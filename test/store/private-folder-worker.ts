// Makes folders at the very moment at which another thread makes the same ones, and says which it could not make.
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { makePrivateFolder } from '../../app/store/private-folder.ts';

const { paths, arrivals } = v.parse(
  v.object({ paths: v.array(v.string()), arrivals: v.instance(SharedArrayBuffer) }),
  workerData,
);
const arrived = new Int32Array(arrivals);
const failures = paths.flatMap((path, round) => {
  Atomics.add(arrived, 0, 1);
  while (Atomics.load(arrived, 0) < 2 * (round + 1)) continue;
  try {
    makePrivateFolder(path);
    return [];
  } catch (error) {
    return [String(error)];
  }
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is a matter of windows, not of threads
parentPort?.postMessage(failures);

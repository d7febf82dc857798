import { once } from 'node:events';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { makePrivateFolder } from '../../app/store/private-folder.ts';
import { temporaryFolder } from './accounts.ts';

test.skipIf(process.platform === 'win32')('a folder, and what is missing above it, is made for its user alone', () => {
  using folder = temporaryFolder();
  const path = folder.file('deep/er');
  makePrivateFolder(path);
  makePrivateFolder(path);
  expect([path, dirname(path)].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o700]);
});

test('two that make the same folders at the same moment both have them', async () => {
  using folder = temporaryFolder();
  await using running = new AsyncDisposableStack();
  const paths = Array.from({ length: 100 }, (_, round) => folder.file(`${round}/a/b/c`));
  const workerData = { paths, arrivals: new SharedArrayBuffer(4) };
  const workers = [0, 1].map(() =>
    running.use(new Worker(new URL('./private-folder-worker.ts', import.meta.url), { workerData })),
  );
  const failures: unknown[] = await Promise.all(workers.map((worker) => once(worker, 'message')));
  expect(failures).toEqual([[[]], [[]]]);
  expect(paths.every((path) => statSync(path).isDirectory())).toBe(true);
});

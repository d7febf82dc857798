import { afterAll, afterEach, beforeAll } from 'vitest';
import { startServing, type Serving } from './serving.ts';

/**
 * Serves for a file of tests; what was planned for one test is forgotten after it.
 * @param started given what serves before the first test
 */
export function serveFile(started: (serving: Serving) => void): void {
  let serving: Serving;

  beforeAll(async () => {
    serving = await startServing();
    started(serving);
  });

  afterAll(() => serving[Symbol.asyncDispose]());

  afterEach(() => serving.emulator.clear());
}

import { afterAll, afterEach, beforeAll } from 'vitest';
import { checkUntouched, startServing, type Serving } from './serving.ts';

/**
 * Serves for a file of tests whose requests are all refused: after each of them nothing may have reached Kiro, and the endpoint
 * must be as sound as before.
 * @param started given the endpoint before the first test
 */
export function serveRefusals(started: (serving: Serving) => void): void {
  let serving: Serving;

  beforeAll(async () => {
    serving = await startServing();
    // What the engine asks of its own accord is not meant here.
    await serving.fetch('/v1/models');
    started(serving);
  });

  afterAll(() => serving[Symbol.asyncDispose]());

  afterEach(async () => {
    await checkUntouched(serving);
  });
}

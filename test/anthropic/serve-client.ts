import Anthropic from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startServing, type Serving } from '../proxy/serving.ts';

/**
 * Serves for a file of tests, with a client of Anthropic's own SDK that tries nothing again; what was planned for one test is
 * forgotten after it.
 * @param started given both before the first test
 */
export function serveClient(started: (serving: Serving, client: Anthropic) => void): void {
  let serving: Serving;

  beforeAll(async () => {
    serving = await startServing();
    started(serving, new Anthropic({ baseURL: serving.url, apiKey: serving.key, maxRetries: 0 }));
  });

  afterAll(() => serving[Symbol.asyncDispose]());

  afterEach(() => serving.emulator.clear());
}

import Anthropic from '@anthropic-ai/sdk';
import { serveFile } from '../proxy/serve-file.ts';
import type { Serving } from '../proxy/serving.ts';

/**
 * Serves for a file of tests, with a client of Anthropic's own SDK that tries nothing again.
 * @param started given both before the first test
 */
export function serveClient(started: (serving: Serving, client: Anthropic) => void): void {
  serveFile((serving) => {
    started(serving, new Anthropic({ baseURL: serving.url, apiKey: serving.key, maxRetries: 0 }));
  });
}

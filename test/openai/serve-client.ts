import OpenAI from 'openai';
import { serveFile } from '../proxy/serve-file.ts';
import type { Serving } from '../proxy/serving.ts';

/**
 * Serves for a file of tests, with a client of OpenAI's own SDK that tries nothing again.
 * @param started given both before the first test
 */
export function serveClient(started: (serving: Serving, client: OpenAI) => void): void {
  serveFile((serving) => started(serving, clientOf(serving)));
}

/** @param apiKey the one that is let in, by default */
export function clientOf({ url, key }: Serving, apiKey = key): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

import { chat, type Endpoint, type Message } from './client.ts';

/** What became of all sessions. */
export interface Sessions {
  readonly served: number;
  /** Errors of the requests that were not. */
  readonly failed: readonly string[];
}

const turns = 5;

/**
 * Sessions of five turns, some at a time, each as a coding tool makes them: under a name of its own, and every request with all
 * that was said before.
 */
export async function runSessions(
  endpoint: Endpoint,
  options: { readonly count: number; readonly atATime: number; readonly model: string },
): Promise<Sessions> {
  const { count, atATime, model } = options;
  const waiting = Array.from({ length: count }, (_, index) => `session-${index}`);
  const failed: string[] = [];
  let served = 0;
  const work = async (): Promise<void> => {
    for (let session = waiting.shift(); session !== undefined; session = waiting.shift()) {
      const messages: Message[] = [];
      for (let turn = 1; turn <= turns; turn += 1) {
        messages.push({ role: 'user', content: `Say exactly answer ${turn} of ${session}` });
        const { isServed, error, text } = await chat(endpoint, { session, messages, model });
        if (isServed) served += 1;
        else failed.push(error ?? 'cut off');
        messages.push({ role: 'assistant', content: text === '' ? 'no answer' : text });
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return { served, failed };
}

import { request, type Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request of a client, and how it behaves. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly key: string;
  readonly body?: string;
  /** Leaves as soon as the answer has begun. */
  readonly leaves?: boolean;
  /** Reads nothing of the answer for so long, in ms. */
  readonly dawdlesMs?: number;
}

export interface Answered {
  readonly status: number;
  /** What the engine calls the request; undefined when there was no answer. */
  readonly id: string | undefined;
  readonly text: string;
  /** The answer came to its end the way HTTP means it. */
  readonly isWhole: boolean;
}

/** Longer than any stall of the soak. */
const patienceMs = 120_000;

/** Sends it and reads the answer. Never rejects: no answer is the status 0. */
export function ask(url: string, agent: Agent, asked: Asked): Promise<Answered> {
  const { method, path, key, body = '', leaves = false, dawdlesMs = 0 } = asked;
  const { promise, resolve } = Promise.withResolvers<Answered>();
  const headers = {
    authorization: `Bearer ${key}`,
    ...(method === 'POST' && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const outgoing = request(`${url}${path}`, { method, agent, headers, signal: AbortSignal.timeout(patienceMs) });
  outgoing.on('error', () => resolve({ status: 0, id: undefined, text: '', isWhole: false }));
  outgoing.on('response', (answer) => {
    const { statusCode: status = 0, headers } = answer;
    const id = typeof headers['x-request-id'] === 'string' ? headers['x-request-id'] : undefined;
    let text = '';
    const end = (): void => resolve({ status, id, text, isWhole: answer.complete });
    answer.setEncoding('utf8').on('error', end).on('close', end);
    const read = (): void => {
      answer.on('data', (piece: string) => {
        text += piece;
        if (leaves) outgoing.destroy();
      });
    };
    if (dawdlesMs === 0) read();
    else void sleep(dawdlesMs).then(read);
  });
  outgoing.end(body);
  return promise;
}

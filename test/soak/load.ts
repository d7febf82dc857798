import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../emulator/random.ts';
import { ask, type Answered, type Asked } from './ask.ts';
import { clientKinds, type ClientKind } from './clients.ts';
import type { Ledger } from './ledger.ts';
import { outcomeOf } from './outcome.ts';

export interface LoadOptions {
  readonly url: string;
  readonly key: string;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** More at once would be another test than that of a long life. */
const mostAtOnce = 12;
const sessions = 40;

/** Clients of all kinds, one every `paceMs` on average. */
export class Load {
  readonly #options: LoadOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: mostAtOnce });
  readonly #running = new Set<Promise<void>>();
  /** Between two requests, in ms. */
  paceMs = 150;
  sent = 0;
  /** Ids of the requests that asked for a turn: the history must have each. */
  readonly turns: string[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /**
   * The largest requests, four at once, until the allocator of the system has what it takes at most: it gives nothing back, and would
   * look like a leak while it is still taking. Leaves no connection behind.
   */
  async warmUp(): Promise<void> {
    const { random } = this.#options;
    const largest = clientKinds.find(({ name }) => name.startsWith('a request of 1 MB'));
    if (!largest) throw new Error('there is no large request');
    const some = async (): Promise<void> => {
      for (let times = 0; times < 40; times += 1) await this.#one(largest, random.below(sessions));
    };
    await Promise.all([some(), some(), some(), some()]);
    this.#agent.destroy();
  }

  /** Sends until the signal is aborted, and resolves when all answers are in. */
  async run(): Promise<void> {
    const { random, signal } = this.#options;
    while (!signal.aborted) {
      if (this.#running.size < mostAtOnce) this.#send();
      await sleep(this.paceMs * (0.5 + random.next()), undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  #send(): void {
    const { random } = this.#options;
    const run = this.#one(pick(random), random.below(sessions));
    this.#running.add(run);
    void run.then(() => this.#running.delete(run));
  }

  /** One request. A response that is kept is deleted then: memory that fills up to its bound would look like a leak until then. */
  async #one(kind: ClientKind, session: number): Promise<void> {
    const { key } = this.#options;
    const answered = await this.#ask(kind, kind.ask(key, session));
    const kept = /"id":"(resp_[0-9a-f]{32})"/.exec(answered.text)?.[1];
    if (kept === undefined || !answered.isWhole) return;
    await this.#ask(deletion, { method: 'DELETE', path: `/v1/responses/${kept}`, key });
  }

  async #ask(kind: Pick<ClientKind, 'name' | 'expected' | 'isTurn'>, asked: Asked): Promise<Answered> {
    const { url, ledger } = this.#options;
    const startedAt = Date.now();
    this.sent += 1;
    const answered = await ask(url, this.#agent, asked);
    const outcome = outcomeOf(asked, answered);
    // A paused endpoint refuses before it looks what is wanted.
    const isRefused = answered.status === 503 && answered.text.includes('Kiro Pool is paused');
    if (kind.isTurn && answered.id !== undefined && !isRefused) this.turns.push(answered.id);
    const { name, expected } = kind;
    const told = isRefused ? 'paused' : outcome;
    ledger.add({ kind: name, path: asked.path, expected, outcome: told, startedAt, endedAt: Date.now() });
    return answered;
  }
}

const deletion = { name: 'delete a kept response', expected: 'served', isTurn: false };

function pick(random: Random): ClientKind {
  const total = clientKinds.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  const found = clientKinds.find(({ weight }) => (left -= weight) < 0) ?? clientKinds[0];
  if (!found) throw new Error('there are no clients');
  return found;
}

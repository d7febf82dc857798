import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { countersSchema, type AskedMode, type Counters } from './upstream-mode.ts';

/** Speaks with the upstream about how it answers. */
export class UpstreamClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async mode(mode: AskedMode): Promise<void> {
    const answer = await fetch(`${this.#url}/__bench/mode`, { method: 'POST', body: JSON.stringify(mode) });
    await answer.text();
  }

  async counters(): Promise<Counters> {
    const answer = await fetch(`${this.#url}/__bench/counters`);
    return v.parse(countersSchema, await answer.json());
  }

  /** Waits until the target has left every stream that its clients left. @throws Error when it has not after 5 s */
  async quiet(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const { open } = await this.counters();
      if (open === 0) return;
      await sleep(50);
    }
    throw new Error('The target keeps streams open that its clients left');
  }
}

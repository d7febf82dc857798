import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { Input, Output } from '../../app/contract.ts';
import { askOwner } from '../../app/control/control-client.ts';
import type { ControlContract, Question } from '../../app/control/control-contract.ts';
import { readOwner } from '../../app/store/owner.ts';
import type { Random } from '../emulator/random.ts';
import { plannedFaults, stalls } from './faults.ts';
import type { Disturbance, Ledger } from './ledger.ts';

export interface DisturberOptions {
  readonly upstreamUrl: string;
  readonly dataDir: string;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly signal: AbortSignal;
}

type Owner = Parameters<typeof askOwner>[0];

const accountIds = ['one', 'two', 'three', 'four', 'five'];
const strategies = ['hybrid', 'sticky', 'round-robin', 'drain'];
const planted = v.object({ fault: v.number() });
const hit = v.object({ hits: v.number() });

/** Plants faults at Kiro one after the other, and does between them what a person does at the screens. */
export class Disturber {
  readonly #options: DisturberOptions;
  #owner: Owner | undefined;
  /** Questions that were put, by name. */
  readonly asked = new Map<string, number>();

  constructor(options: DisturberOptions) {
    this.#options = options;
  }

  /** Goes on until the signal is aborted; what has begun is undone first. @throws CommandError when a question fails */
  async run(): Promise<void> {
    const { random, signal } = this.#options;
    for (let round = 0; !signal.aborted; round += 1) {
      await this.#plant();
      await this.#heal();
      await this.#useScreens(round);
      await sleep(200 + random.below(2_000), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Each login is refreshed once more, with what Kiro takes for a stale token. @returns who could not */
  async checkLogins(): Promise<string[]> {
    await this.#heal();
    const broken: string[] = [];
    for (const id of accountIds) await this.#emulator('expire-access-tokens', { id });
    for (const { id, label } of await this.question('accounts.list', {})) {
      const state = await this.question('accounts.refresh', { id }).then(
        (account) => account.state.name,
        (error: unknown) => String(error),
      );
      if (state !== 'ready') broken.push(`${label}: ${state}`);
    }
    return broken;
  }

  /** What Kiro counted. */
  async statistics(): Promise<{ refreshes: number[]; reused: number }> {
    const schema = v.object({
      reusedRefreshTokens: v.number(),
      accounts: v.record(v.string(), v.object({ refreshes: v.number() })),
    });
    const { accounts, reusedRefreshTokens } = v.parse(schema, await this.#emulator('statistics', {}));
    return { refreshes: Object.values(accounts).map(({ refreshes }) => refreshes), reused: reusedRefreshTokens };
  }

  /** A question over the control socket, as commands and screens put it. */
  async question<Q extends Question>(
    question: Q,
    input: Input<ControlContract, Q>,
  ): Promise<Output<ControlContract, Q>> {
    this.asked.set(question, (this.asked.get(question) ?? 0) + 1);
    this.#owner ??= await this.#findOwner();
    return askOwner(this.#owner, question, input);
  }

  async #plant(): Promise<void> {
    const { ledger, random, signal } = this.#options;
    const index = random.below(plannedFaults.length + stalls.length);
    const named = plannedFaults[index];
    const fault = named?.name ?? stalls[index - plannedFaults.length];
    const account = accountIds[random.below(accountIds.length)] ?? 'one';
    const on = named?.on ?? 'generate';
    const name = named ? (on === 'generate' ? named.name : `${named.name} on ${on}`) : 'stall';
    const disturbance = ledger.begin(name, named?.told ?? [], Date.now());
    const { fault: handle } = v.parse(planted, await this.#emulator('inject', { on, account, fault }));
    for (let waits = 0; waits < 10 && disturbance.hits === 0 && !signal.aborted; waits += 1) {
      await sleep(500);
      disturbance.hits = v.parse(hit, await this.#emulator('fault-hits', { fault: handle })).hits;
    }
    await this.#emulator('clear-fault', { fault: handle });
    disturbance.hits = v.parse(hit, await this.#emulator('fault-hits', { fault: handle })).hits;
    disturbance.endedAt = Date.now() + settlesMs;
  }

  /** What a person would do about accounts that cool, are spent or parked. */
  async #heal(): Promise<void> {
    for (const { id, state } of await this.question('accounts.list', {}))
      if (state.name !== 'ready') await this.question('accounts.clear', { id });
  }

  async #useScreens(round: number): Promise<void> {
    const { random } = this.#options;
    await this.question('usage', { days: 7 });
    await this.question('requests', { last: 50 });
    if (round % 5 === 0) await this.question('strategy', { name: strategies[random.below(strategies.length)] });
    if (round % 7 === 0) await this.#emulator('expire-access-tokens', { id: accountIds[round % 5] });
    const accounts = await this.question('accounts.list', {});
    const id = accounts[random.below(accounts.length)]?.id ?? '';
    // A refresh may meet a fault of the refresh that was planted before, and then says so.
    if (round % 3 === 0) await this.question('accounts.refresh', { id }).catch(() => undefined);
    if (round % 11 === 3) {
      await this.question('accounts.pause', { id });
      await sleep(1_000);
      await this.question('accounts.resume', { id });
    }
    if (round % 13 === 4) await this.#pauseEndpoint();
  }

  async #pauseEndpoint(): Promise<void> {
    const pause: Disturbance = this.#options.ledger.begin('the endpoint is paused', ['paused'], Date.now());
    pause.hits = Infinity;
    await this.question('endpoint.pause', { isPaused: true });
    await sleep(1_000);
    await this.question('endpoint.pause', { isPaused: false });
    pause.endedAt = Date.now();
  }

  async #findOwner(): Promise<Owner> {
    const owner = await readOwner(this.#options.dataDir);
    if (owner?.socket === undefined) throw new Error('nobody owns the data folder');
    return { socket: owner.socket, token: owner.token };
  }

  async #emulator(call: string, body: object): Promise<unknown> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${this.#options.upstreamUrl}/__emulator/${call}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the emulator refused ${call}: ${text}`);
    return JSON.parse(text) as unknown;
  }
}

/** An answer that a fault broke may still be on its way to the client, for long on a machine that has much else to do. */
const settlesMs = 30_000;

/**
 * The pool: many logins that behave as one. Conversations come in, turns of the assistant go out; which account serves, and
 * what an account's failures mean for it, is decided here (DESIGN §5).
 */
import type { AuthError } from '../auth/auth-error.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Model } from '../conversation/model.ts';
import { ReasoningMemory } from '../conversation/reasoning-memory.ts';
import { TurnError } from '../conversation/turn-error.ts';
import type { TurnEvent, TurnUsage } from '../conversation/turn-event.ts';
import { resolveInCatalogue } from '../kiro/catalogue.ts';
import type { Endpoints } from '../kiro/endpoints.ts';
import type { Transport } from '../kiro/transport.ts';
import type { UsageLimits } from '../kiro/usage-limits.ts';
import type { Account } from './account.ts';
import { nextState, stateAt, type AccountEvent, type AccountState } from './account-state.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import { summarize, type AccountSummary } from './account-summary.ts';
import { chooseAccount, describeObstacle, type Choice } from './choice.ts';
import { KiroLink } from './kiro-link.ts';
import { withUsage } from './identity.ts';
import { ModelCooldowns } from './model-cooldown.ts';
import { rereadLogin } from './reread.ts';
import { sessionKeyOf } from './session.ts';
import { TurnRun, type TurnTrace } from './turn-run.ts';

export interface PoolPorts {
  readonly accounts: AccountStore;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A fresh UUID. */
  readonly newId: () => string;
  readonly isOptedOut: () => boolean;
  /** An account went from one state to another. */
  readonly onStateChange: (account: Account, from: AccountState, to: AccountState) => void;
  /** Something could not be written that can be learnt again; requests go on. */
  readonly onProblem: (message: string, cause: unknown) => void;
}

export interface TurnOptions {
  /** The session's id as the client gave it, if it did. */
  readonly sessionHint: string | undefined;
  readonly signal: AbortSignal;
}

/** A turn that began: at least one batch of it is here, so nothing about it can be tried again. */
export interface ServedTurn {
  readonly batches: AsyncIterable<readonly TurnEvent[]>;
}

export class Pool {
  readonly link: KiroLink;
  readonly #ports: PoolPorts;
  readonly #memory = new ReasoningMemory();
  readonly #cooldowns: ModelCooldowns;
  readonly #lastUsed = new Map<string, number>();
  /** Credits that were metered since Kiro's counter was last read, by account. */
  readonly #spent = new Map<string, number>();
  #current: string | undefined;

  constructor(ports: PoolPorts) {
    this.#ports = ports;
    this.#cooldowns = new ModelCooldowns(ports.now);
    this.link = new KiroLink({
      ...ports,
      reread: (id) => Promise.resolve(rereadLogin(accountOf(ports.accounts, id), ports.accounts)),
      onRejected: (id, error) => this.#onRejected(id, error),
    });
  }

  /** A trace to hand to `serve`, which fills it. */
  newTrace(model: string): TurnTrace {
    return { account: undefined, model, sends: 0, considered: [], usage: undefined };
  }

  /** The session that a request belongs to. */
  sessionOf(conversation: Conversation, options: TurnOptions): string {
    return sessionKeyOf(options.sessionHint, conversation);
  }

  /**
   * Serves one turn. Resolves when its first part has come.
   * @throws TurnError when no account can serve it or Kiro refuses it; the signal's reason when the client left
   */
  async serve(conversation: Conversation, options: TurnOptions, trace: TurnTrace): Promise<ServedTurn> {
    const run = new TurnRun(
      {
        link: this.link,
        memory: this.#memory,
        choose: (tried, model) => this.#choose(tried, model),
        apply: (id, event) => this.apply(id, event),
        onServed: (id, usage) => this.#onServed(id, usage),
        explainEmpty: () => this.#explainEmpty(),
        coolModel: (account, model) => this.#cooldowns.cool(account, model),
        now: this.#ports.now,
        wait: this.#ports.wait,
        newId: this.#ports.newId,
      },
      conversation,
      this.sessionOf(conversation, options),
      trace,
      options.signal,
    );
    return { batches: await run.serve() };
  }

  /** Every account without its secrets, in the order they were added. */
  summaries(): AccountSummary[] {
    const now = this.#ports.now();
    return this.#ports.accounts.list().map((account) =>
      summarize(account, {
        now,
        spent: this.#spent.get(account.id) ?? 0,
        lastUsedAt: this.#lastUsed.get(account.id),
      }),
    );
  }

  /** The union of the accounts' catalogues, the first account's entry winning. */
  async models(): Promise<Model[]> {
    const able = this.#ports.accounts
      .list()
      .filter(({ state }) => state.name !== 'needs-sign-in' && state.name !== 'disabled');
    const catalogues = await Promise.all(able.map(({ id }) => this.link.catalogue(id).catch(() => undefined)));
    const models = new Map<string, Model>();
    for (const catalogue of catalogues) {
      for (const [id, model] of catalogue?.models ?? []) if (!models.has(id)) models.set(id, model);
    }
    return [...models.values()];
  }

  /**
   * Asks Kiro for the account's credits, plan and owner, and keeps them.
   * @throws KiroError or AuthError
   */
  async refreshUsage(id: string): Promise<UsageLimits> {
    const limits = await this.link.usage(id);
    this.#spent.delete(id);
    await this.#ports.accounts.update(id, (account) => withUsage(account, limits, this.#ports.now()));
    return limits;
  }

  /** Notes what happened to an account. An edge block concerns this machine's address, hence every account. */
  apply(id: string, event: AccountEvent): void {
    const ids = event.type === 'edge-blocked' ? this.#ports.accounts.list().map((account) => account.id) : [id];
    for (const each of ids) void this.#applyTo(each, event);
  }

  /** Waits until every token that is being refreshed is on disk. */
  close(): Promise<void> {
    return this.link.close();
  }

  async #choose(tried: ReadonlyMap<string, string>, model: string): Promise<Choice> {
    const accounts = this.#ports.accounts.list();
    const now = this.#ports.now();
    const able = accounts.filter(
      ({ id, state }) => !tried.has(id) && describeObstacle(stateAt(state, now)) === undefined,
    );
    await Promise.all(able.map(({ id }) => this.link.catalogue(id).catch(() => undefined)));
    const choice = chooseAccount(accounts, {
      now,
      tried,
      current: this.#current,
      lacksModel: (account) => this.#lacksModel(account, model, able),
    });
    if (choice.account) {
      const { id } = resolveInCatalogue(model, this.link.knownCatalogue(choice.account.id));
      const wait = this.#cooldowns.remaining(choice.account, id);
      if (wait > 0) throw new TurnError('model-overloaded', `Kiro's ${id} is overloaded.`, { retryAfterMs: wait });
      this.#current = choice.account.id;
      this.#lastUsed.set(choice.account.id, now);
    }
    return choice;
  }

  /** A model that no known catalogue lists is passed on, so that a new one works at once (protocol §8). */
  #lacksModel(account: Account, model: string, able: readonly Account[]): string | undefined {
    const lists = ({ id }: Account): boolean => {
      const catalogue = this.link.knownCatalogue(id);
      return catalogue !== undefined && catalogue.models.has(resolveInCatalogue(model, catalogue).id);
    };
    const isKnown = this.link.knownCatalogue(account.id) !== undefined;
    if (!isKnown || lists(account) || !able.some(lists)) return undefined;
    return `its plan does not have the model ${model}`;
  }

  async #applyTo(id: string, event: AccountEvent): Promise<void> {
    const before = this.#ports.accounts.get(id)?.state;
    if (!before) return;
    const after = nextState(before, event, this.#ports.now());
    if (after === before || (after.name === 'ready' && before.name === 'ready')) return;
    try {
      await this.#ports.accounts.update(id, (account) => ({ ...account, state: after }));
    } catch (cause) {
      this.#ports.onProblem('The state of an account could not be written', cause);
    }
    const account = this.#ports.accounts.get(id);
    if (account && before.name !== after.name) this.#ports.onStateChange(account, before, after);
  }

  async #onRejected(id: string, error: AuthError): Promise<void> {
    await this.#applyTo(id, { type: 'login-rejected', message: `${error.message} ${error.hint}` });
  }

  #onServed(id: string, usage: TurnUsage): void {
    this.apply(id, { type: 'served' });
    const { credits } = usage;
    if (credits === undefined) return;
    // Kiro's own counter lags behind by minutes (protocol §6.2), so what was spent since it was read is added to it.
    this.#spent.set(id, (this.#spent.get(id) ?? 0) + credits);
  }

  /** Why nothing can serve: the earliest account that comes back, or what the user has to do. */
  #explainEmpty(): TurnError {
    const accounts = this.#ports.accounts.list();
    const now = this.#ports.now();
    if (accounts.length === 0) {
      return new TurnError('no-account', 'There is no account in the pool yet. Add one: kiro-pool accounts import');
    }
    const states = accounts.map((account) => ({ account, state: stateAt(account.state, now) }));
    const waiting = states.flatMap(({ account, state }) => ('until' in state ? [{ account, state }] : []));
    const earliest = waiting.toSorted((a, b) => a.state.until - b.state.until)[0];
    if (!earliest) {
      const why = states.map(
        ({ account, state }) => `"${account.label}" ${describeObstacle(state) ?? 'refused this request'}`,
      );
      return new TurnError('no-account', `No account can serve: ${why.join('; ')}.`);
    }
    const at = new Date(earliest.state.until).toISOString();
    const isSpent = waiting.every(({ state }) => state.name === 'exhausted');
    return new TurnError(
      isSpent ? 'all-exhausted' : 'all-cooling',
      `${isSpent ? 'All accounts have used up their credits' : 'All accounts are cooling down or used up'}; the first to ` +
        `come back is "${earliest.account.label}" at ${at}. ${earliest.state.reason}`,
      { retryAfterMs: earliest.state.until - now },
    );
  }
}

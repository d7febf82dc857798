/**
 * The pool: many logins that behave as one. Conversations come in, turns of the assistant go out; which account serves, and
 * what an account's failures mean for it, is decided here (DESIGN §5).
 */
import type { AuthError } from '../auth/auth-error.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Feed } from '../conversation/feed.ts';
import type { Model } from '../conversation/model.ts';
import { ReasoningMemory } from '../conversation/reasoning-memory.ts';
import type { TurnError } from '../conversation/turn-error.ts';
import type { TurnBatch, TurnUsage } from '../conversation/turn-event.ts';
import { resolveInCatalogue } from '../kiro/catalogue.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import { resolveModelName } from '../kiro/models.ts';
import type { UsageLimits } from '../kiro/usage-limits.ts';
import type { Account, OverageConsent } from './account.ts';
import { nextState, stateAt, type AccountEvent, type AccountState } from './account-state.ts';
import { accountOf } from './account-store.ts';
import { summarize, type AccountSummary } from './account-summary.ts';
import { Activity } from './activity.ts';
import { Affinity } from './affinity.ts';
import { chooseAccount, describeObstacle, isHeld, type Choice } from './choice.ts';
import { creditEvent } from './credits.ts';
import { explainEmpty } from './explain.ts';
import { KiroLink, type KiroLinkPorts } from './kiro-link.ts';
import { Leases } from './leases.ts';
import { ModelCooldowns } from './model-cooldown.ts';
import { resolveProfile, type ProfilePorts } from './profile.ts';
import { recognize } from './recognition.ts';
import { rereadLogin } from './reread.ts';
import { sessionKeyOf } from './session.ts';
import { Spending, type SpendingPorts } from './spending.ts';
import type { Candidate, Strategy } from './strategy.ts';
import { TurnRun, type TurnTrace } from './turn-run.ts';

/** What the pool needs from outside: what its link to Kiro needs, but for what the pool itself answers, and more. */
export interface PoolPorts extends SpendingPorts, Omit<KiroLinkPorts, 'onRejected' | 'reread'> {
  readonly strategy: () => Strategy;
  /** The id of the account that the user pinned, if one is. */
  readonly pinned: () => string | undefined;
  /** Requests that one account may serve at a time. */
  readonly concurrency: () => number;
  /** Kiro told an account's credits anew. */
  readonly onUsage: (account: Account) => void;
  /** An account went from one state to another. */
  readonly onStateChange: (account: Account, from: AccountState, to: AccountState) => void;
  /** An account began or ended a request. */
  readonly onActivity: () => void;
  /** An account turned out to be an older one's, which goes on under its own id. */
  readonly onJoined: (gone: string, into: string) => void;
}

export interface TurnOptions {
  /** The session's id as the client gave it, if it did. */
  readonly sessionHint: string | undefined;
  readonly signal: AbortSignal;
}

/** A session by its key; guessed when the client gave no id. */
interface Session {
  readonly key: string;
  readonly isGuessed: boolean;
}

export class Pool {
  readonly link: KiroLink;
  readonly #ports: PoolPorts;
  readonly #memory = new ReasoningMemory();
  readonly #cooldowns: ModelCooldowns;
  readonly #activity: Activity;
  readonly #affinity: Affinity;
  readonly #leases: Leases;
  readonly #spending: Spending;
  readonly #pending = new Set<Promise<unknown>>();
  #current: string | undefined;

  constructor(ports: PoolPorts) {
    this.#ports = ports;
    this.#cooldowns = new ModelCooldowns(ports.now);
    this.#activity = new Activity(ports.now);
    this.#spending = new Spending(ports);
    this.#affinity = new Affinity(ports.now);
    this.#leases = new Leases(ports.concurrency, ports.now, ports.onActivity);
    this.link = new KiroLink({
      ...ports,
      reread: (id) => Promise.resolve(rereadLogin(accountOf(ports.accounts, id), ports.accounts)),
      onRejected: (id, error) => this.#onRejected(id, error),
    });
  }

  /** A trace to hand to `serve`, which fills it. */
  newTrace(model: string): TurnTrace {
    return { account: undefined, session: '', model, sends: 0, considered: [], usage: undefined };
  }

  /**
   * Serves one turn. Resolves when its first part has come, so that nothing about it can be tried again.
   * @throws TurnError when no account can serve it or Kiro refuses it; the signal's reason when the client left
   */
  async serve(conversation: Conversation, options: TurnOptions, trace: TurnTrace): Promise<Feed<TurnBatch>> {
    const session = { key: sessionKeyOf(options.sessionHint, conversation), isGuessed: !options.sessionHint };
    trace.session = session.key;
    const run = new TurnRun(
      {
        link: this.link,
        memory: this.#memory,
        choose: (tried, model) => this.#choose(tried, model, session),
        onChosen: (id) => this.#onChosen(id, session),
        mayBeElsewhere: (id, tried, model) => this.#mayBeElsewhere(id, tried, model),
        acquire: (id) => this.#leases.acquire(id, options.signal),
        onFailed: (id) => this.#activity.failed(id),
        isKnown: (id) => this.#ports.accounts.get(id) !== undefined,
        canServe: (id) => this.#canServe(id),
        resolveProfile: (id) => resolveProfile(id, this.profilePorts()),
        apply: (id, event) => this.apply(id, event),
        onServed: (id, usage) => this.#onServed(id, usage),
        explainEmpty: (choice, model) => this.#explainEmpty(choice, model),
        coolModel: (account, model) => this.#cooldowns.cool(account, model),
        now: this.#ports.now,
        wait: this.#ports.wait,
        newId: this.#ports.newId,
      },
      conversation,
      session.key,
      trace,
      options.signal,
    );
    return run.serve();
  }

  /** Every account without its secrets, in the order they were added. */
  summaries(): AccountSummary[] {
    const now = this.#ports.now();
    return this.#ports.accounts.list().map((account) =>
      summarize(account, {
        now,
        spent: this.#spending.spentOf(account.id),
        overageToday: this.#spending.overageToday(account.id),
        lastUsedAt: this.#activity.usedAt(account.id),
        pinned: this.#ports.pinned() === account.id,
        inFlight: this.#leases.inFlight(account.id),
      }),
    );
  }

  /** The union of the accounts' catalogues, the first account's entry winning. */
  async models(): Promise<Model[]> {
    // A parked account is left alone altogether (DESIGN promise 2).
    const able = this.#ports.accounts.list().filter(({ state }) => !isHeld(state));
    const catalogues = await Promise.all(able.map(({ id }) => this.link.catalogue(id).catch(() => undefined)));
    const models = new Map<string, Model>();
    for (const catalogue of catalogues) {
      for (const [id, model] of catalogue?.models ?? []) if (!models.has(id)) models.set(id, model);
    }
    return [...models.values()];
  }

  /** The model that a client's name stands for, when an account may use it. */
  async model(name: string): Promise<Model | undefined> {
    const models = new Map((await this.models()).map((model) => [model.id, model]));
    return models.get(resolveModelName(name, models).id);
  }

  /**
   * Asks Kiro for the account's credits, plan and owner, and keeps them. When that shows the account to be one that the pool
   * has already, the two become one.
   * @returns the account as it is now, perhaps under the id of the older one
   * @throws KiroError or AuthError
   */
  async refreshUsage(id: string): Promise<Account> {
    const limits = await this.link.usage(id).catch((error: unknown) => {
      // Kiro's warning counts wherever it is heard.
      if (error instanceof KiroError && error.class === 'suspended') {
        this.apply(id, { type: 'suspended', message: error.message });
      }
      throw error;
    });
    this.link.throwIfClosed();
    return this.learnUsage(id, limits);
  }

  /** Keeps what Kiro told about an account; otherwise as `refreshUsage`. */
  async learnUsage(id: string, limits: UsageLimits): Promise<Account> {
    const before = this.#spending.budgetOf(accountOf(this.#ports.accounts, id));
    this.#spending.counted(id);
    const now = this.#ports.now();
    const { account, joined } = await this.#track(recognize(id, limits, { accounts: this.#ports.accounts, now }));
    if (joined !== undefined) {
      for (const each of [joined, account.id]) this.link.forget(each);
      this.#spending.counted(account.id);
      this.#ports.onJoined(joined, account.id);
    }
    this.#ports.onUsage(account);
    const event = creditEvent(before, this.#spending.budgetOf(account), now);
    if (event) await this.#track(this.#applyTo(account.id, event));
    return accountOf(this.#ports.accounts, account.id);
  }

  /** The user says what an account may spend beyond its plan. Resolves when that is on disk, and in force. */
  async allowOverage(id: string, consent: OverageConsent): Promise<void> {
    const before = this.#spending.budgetOf(accountOf(this.#ports.accounts, id));
    await this.#track(this.#ports.accounts.update(id, (account) => ({ ...account, overage: consent })));
    const after = this.#spending.budgetOf(accountOf(this.#ports.accounts, id));
    const event = creditEvent(before, after, this.#ports.now());
    if (event) await this.#track(this.#applyTo(id, event));
  }

  /** Notes what happened to an account. An edge block concerns this machine's address, hence every account. */
  apply(id: string, event: AccountEvent): void {
    const ids = event.type === 'edge-blocked' ? this.#ports.accounts.list().map((account) => account.id) : [id];
    for (const each of ids) void this.#track(this.#applyTo(each, event));
  }

  /** The user says that an account may serve again. Resolves when that is on disk. */
  async clear(id: string): Promise<void> {
    await this.#track(this.#applyTo(id, { type: 'cleared' }));
  }

  /** The user pauses an account, or ends its pause. Resolves when that is on disk. */
  async pause(id: string, isPaused: boolean): Promise<void> {
    await this.#track(this.#applyTo(id, { type: isPaused ? 'paused' : 'resumed' }));
  }

  profilePorts(): ProfilePorts {
    return { accounts: this.#ports.accounts, profiles: (id) => this.link.profiles(id) };
  }

  /** Ends the questions to Kiro that can be asked again, so that closing does not wait for them. No turn may run any more. */
  interrupt(): void {
    this.link.interrupt();
  }

  /** Waits until every token that is being refreshed, and every change of an account, is on disk. */
  async close(): Promise<void> {
    this.link.interrupt();
    await this.link.close();
    await Promise.allSettled(this.#pending);
  }

  /** Keeps hold of what is under way, so that `close` can wait for it. */
  async #track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    try {
      return await work;
    } finally {
      this.#pending.delete(work);
    }
  }

  /** Waits for no catalogue: one that is not known yet is asked for when its account is used (see `mayBeElsewhere`). */
  #choose(tried: ReadonlyMap<string, string>, model: string, session: Session): Choice {
    // A trial may have run out since the last look, and to go on would cost money.
    for (const account of this.#ports.accounts.list()) this.#stopIfSpent(account);
    const accounts = this.#ports.accounts.list();
    // Asked once for all accounts, and only when one lacks the model.
    let isListed: boolean | undefined;
    const isListedAnywhere = (): boolean => (isListed ??= accounts.some((account) => this.#listsModel(account, model)));
    return chooseAccount(accounts, {
      now: this.#ports.now(),
      tried,
      strategy: this.#ports.strategy(),
      pinned: this.#pinned(),
      concurrency: this.#ports.concurrency(),
      current: this.#current,
      sessionAccount: this.#affinity.accountOf(session.key),
      isSessionGuessed: session.isGuessed,
      candidate: (account) => this.#candidate(account),
      modelObstacle: (account) =>
        this.#lacksModel(account, model, isListedAnywhere) ??
        (this.#modelCooling(account, model) > 0 ? 'the model is overloaded in its region' : undefined),
    });
  }

  /** A pin on an account that is no longer there binds nobody. */
  #pinned(): string | undefined {
    const pinned = this.#ports.pinned();
    return pinned !== undefined && this.#ports.accounts.get(pinned) ? pinned : undefined;
  }

  #candidate(account: Account): Candidate {
    return {
      account,
      ...this.#spending.supplyOf(account),
      resetAt: account.credits?.resetAt,
      inFlight: this.#leases.inFlight(account.id),
      recentFailures: this.#activity.recentFailures(account.id),
      lastTurn: this.#activity.turnOf(account.id),
    };
  }

  #onChosen(id: string, { key, isGuessed }: Session): void {
    this.#current = id;
    this.#activity.used(id);
    const before = this.#affinity.accountOf(key);
    // What only looks like the session, and was sent elsewhere because its account was busy, does not take it along.
    const stays = isGuessed && before !== undefined && this.#canServe(before);
    this.#affinity.keep(key, stays ? before : id);
  }

  /** Whether another account has the model, though perhaps not now, or could serve and has not told yet what it has. */
  #mayBeElsewhere(id: string, tried: ReadonlyMap<string, string>, model: string): boolean {
    return this.#ports.accounts.list().some((other) => {
      if (other.id === id) return false;
      const catalogue = this.link.knownCatalogue(other.id);
      if (catalogue) return catalogue.models.has(resolveInCatalogue(model, catalogue).id);
      return !tried.has(other.id) && this.#canServe(other.id);
    });
  }

  #canServe(id: string): boolean {
    const account = this.#ports.accounts.get(id);
    return account !== undefined && describeObstacle(stateAt(account.state, this.#ports.now())) === undefined;
  }

  /** For how many ms more the model is to be left alone in the account's region. */
  #modelCooling(account: Account, model: string): number {
    return this.#cooldowns.remaining(account, resolveInCatalogue(model, this.link.knownCatalogue(account.id)).id);
  }

  /**
   * A model that no known catalogue lists is passed on, so that a new one works at once (protocol §8). An account that has it
   * counts even while it cannot serve: the answer is then to wait for it, and not that there is no such model.
   */
  #lacksModel(account: Account, model: string, isListedAnywhere: () => boolean): string | undefined {
    const isKnown = this.link.knownCatalogue(account.id) !== undefined;
    if (!isKnown || this.#listsModel(account, model) || !isListedAnywhere()) return undefined;
    return `its plan does not have the model ${model}`;
  }

  #listsModel({ id }: Account, model: string): boolean {
    const catalogue = this.link.knownCatalogue(id);
    return catalogue !== undefined && catalogue.models.has(resolveInCatalogue(model, catalogue).id);
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
    // It often means that the credits are used up (protocol §7.3), which the counter tells.
    if (event.type === 'rate-limited') void this.#track(this.refreshUsage(id).catch(() => undefined));
  }

  async #onRejected(id: string, error: AuthError): Promise<void> {
    await this.#applyTo(id, { type: 'login-rejected', message: `${error.message} ${error.hint}` });
  }

  #onServed(id: string, usage: TurnUsage): void {
    this.apply(id, { type: 'served' });
    const { credits } = usage;
    if (credits === undefined) return;
    const account = this.#ports.accounts.get(id);
    if (!account) return;
    this.#spending.charge(account, credits);
    this.#stopIfSpent(account);
  }

  #stopIfSpent(account: Account): void {
    if (!this.#canServe(account.id)) return;
    const event = this.#spending.eventOf(account);
    if (event) this.apply(account.id, event);
  }

  #explainEmpty({ considered }: Choice, model: string): TurnError {
    const accounts = this.#ports.accounts.list();
    const waits = accounts.filter(({ id }) => this.#canServe(id)).map((each) => this.#modelCooling(each, model));
    const overloadedMs = waits.filter((ms) => ms > 0).toSorted((a, b) => a - b)[0];
    return explainEmpty({ accounts, considered, model, overloadedMs, now: this.#ports.now() });
  }
}

import { AuthError } from '../auth/auth-error.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { begun, enoughAfter, type Feed } from '../conversation/feed.ts';
import { OutputLimit } from '../conversation/output-limit.ts';
import { type ReasoningMemory, withoutReasoning } from '../conversation/reasoning-memory.ts';
import { estimateConversation } from '../conversation/token-estimate.ts';
import { TurnError } from '../conversation/turn-error.ts';
import type { TurnBatch, TurnUsage } from '../conversation/turn-event.ts';
import type { TurnFilter } from '../conversation/turn-filter.ts';
import { resolveInCatalogue } from '../kiro/catalogue.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { KiroModel } from '../kiro/models.ts';
import { createPayload } from '../kiro/payload.ts';
import type { TurnStream } from '../kiro/turn-client.ts';
import type { Account } from './account.ts';
import type { AccountEvent } from './account-state.ts';
import { AnswerRecorder } from './answer-recorder.ts';
import type { Choice, ConsideredAccount } from './choice.ts';
import { explain, explainBroken, explainParked, explainSpent } from './explain.ts';
import type { KiroLink } from './kiro-link.ts';
import type { Lease } from './leases.ts';
import { uuidFrom } from './session.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** What became known of a request while it was served; the proxy reads it for its headers and the history. */
export interface TurnTrace {
  account: { readonly id: string; readonly label: string } | undefined;
  /** The session that the request belongs to. */
  session: string;
  /** The model that was asked for at Kiro. */
  model: string;
  /** Physical sends to Kiro, over all tries. */
  sends: number;
  /** The last choice: every account, and why it was chosen or not. */
  considered: readonly ConsideredAccount[];
  usage: TurnUsage | undefined;
}

/** What a run needs of the pool that it belongs to. */
export interface TurnRunPorts {
  readonly link: KiroLink;
  readonly memory: ReasoningMemory;
  readonly choose: (tried: ReadonlyMap<string, string>, model: string) => Choice;
  /** Whether an account other than this one and those tried may have the model. */
  readonly mayBeElsewhere: (id: string, tried: ReadonlyMap<string, string>, model: string) => boolean;
  /** The account is going to be used. */
  readonly onChosen: (id: string) => void;
  /** The right to send with the account, when its turn has come. */
  readonly acquire: (id: string) => Promise<Lease>;
  /** The account failed a request, for whatever reason. */
  readonly onFailed: (id: string) => void;
  /** Whether the account is still in the pool, and whether it may serve now. */
  readonly isKnown: (id: string) => boolean;
  readonly canServe: (id: string) => boolean;
  /** Whether a refused account turned out to have another profile. */
  readonly resolveProfile: (id: string) => Promise<boolean>;
  /** Notes what happened to an account. */
  readonly apply: (id: string, event: AccountEvent) => void;
  readonly onServed: (id: string, usage: TurnUsage) => void;
  /** Why nothing can serve now, for the client. */
  readonly explainEmpty: (choice: Choice, model: string) => TurnError;
  /** Notes that a model is overloaded in the account's region. */
  readonly coolModel: (account: Account, model: string) => void;
  readonly now: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly newId: () => string;
}

/** All sends of one client request, whatever they are for (DESIGN §5). */
const maxSends = 4;
const maxRetries = 2;
const firstRetryMs = 500;

/** One client request on its way through the pool: chooses, sends, and tries again where that may help. */
export class TurnRun {
  readonly #ports: TurnRunPorts;
  readonly #trace: TurnTrace;
  readonly #signal: AbortSignal;
  readonly #continuationId: string;
  #conversation: Conversation;
  #conversationId: string;
  #retries = 0;
  #didStripReasoning = false;
  #didRenewConversation = false;
  #didResolveProfile = false;
  #isOutOfSends = false;
  /** Of the model that was asked last, in tokens, when the catalogue tells. */
  #window: number | undefined;
  /** An account to go back to, for a second try on the same one. */
  #again: Account | undefined;
  readonly #tried = new Map<string, string>();
  #lastError: KiroError | undefined;
  #lastAuthError: AuthError | undefined;

  constructor(ports: TurnRunPorts, conversation: Conversation, session: string, trace: TurnTrace, signal: AbortSignal) {
    this.#ports = ports;
    this.#conversation = conversation;
    this.#trace = trace;
    this.#signal = signal;
    this.#conversationId = uuidFrom(session);
    this.#continuationId = ports.newId();
  }

  /**
   * Resolves with the turn once the first batch of it has come: until then everything may be tried again, from then on nothing
   * (DESIGN §5).
   * @throws TurnError when it cannot be served, and the signal's reason when the client left
   */
  async serve(): Promise<Feed<TurnBatch>> {
    for (;;) {
      const account = this.#nextAccount();
      const lease = await this.#ports.acquire(account.id);
      try {
        // While this request waited for its turn, another one may have learnt that the account must be left alone. It may not
        // seem to have waited, when the clock was set back meanwhile.
        if (!this.#ports.canServe(account.id)) {
          lease[Symbol.dispose]();
          continue;
        }
        this.#noteWait(lease.waitedMs);
        const turn = await this.#attempt(account, lease);
        if (turn) return turn;
        lease[Symbol.dispose]();
      } catch (error) {
        lease[Symbol.dispose]();
        this.#signal.throwIfAborted();
        this.#ports.onFailed(account.id);
        await this.#recover(account, error);
      }
    }
  }

  #nextAccount(): Account {
    const again = this.#again;
    this.#again = undefined;
    // Meanwhile another request may have learnt that this account must be left alone.
    if (again && this.#ports.canServe(again.id)) return again;
    const choice = this.#ports.choose(this.#tried, this.#conversation.model);
    this.#trace.considered = choice.considered;
    if (choice.account) {
      this.#ports.onChosen(choice.account.id);
      return choice.account;
    }
    throw this.#explainNone(choice);
  }

  #explainNone(choice: Choice): TurnError {
    const empty = this.#ports.explainEmpty(choice, this.#conversation.model);
    if (this.#lastError) return explain(this.#lastError, { empty });
    const auth = this.#lastAuthError;
    if (auth?.code !== 'retry-later') return empty;
    const { retryAfterMs } = auth;
    return new TurnError('upstream-unreachable', `${auth.message} ${auth.hint}`, {
      cause: auth,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  #noteWait(waitedMs: number): void {
    if (waitedMs < 1) return;
    this.#trace.considered = this.#trace.considered.map((each) =>
      each.chosen ? { ...each, reason: `${each.reason}; waited ${Math.round(waitedMs)} ms for its turn` } : each,
    );
  }

  /** Undefined when the account turned out not to have the model, and another one may. */
  async #attempt(account: Account, lease: Lease): Promise<Feed<TurnBatch> | undefined> {
    const { link, memory } = this.#ports;
    const catalogue = await link.catalogue(account.id);
    const { id: modelId, effort = this.#conversation.effort } = resolveInCatalogue(this.#conversation.model, catalogue);
    const model = catalogue?.models.get(modelId);
    this.#window = model?.contextTokens;
    const lacksModel = catalogue !== undefined && !model;
    if (lacksModel && this.#ports.mayBeElsewhere(account.id, this.#tried, this.#conversation.model)) {
      this.#tried.set(account.id, `its plan does not have the model ${modelId}`);
      return undefined;
    }
    this.#trace.account = { id: account.id, label: account.label };
    this.#trace.model = modelId;
    const conversation = this.#didStripReasoning ? this.#conversation : memory.recall(this.#conversation, modelId);
    const payload = createPayload(conversation, {
      modelId,
      model,
      conversationId: this.#conversationId,
      continuationId: this.#continuationId,
      ...(effort === undefined ? {} : { effort }),
    });
    const stream = await link.openTurn(account.id, {
      payload,
      contextTokens: (concrete) => (catalogue?.models.get(concrete ?? modelId) ?? model)?.contextTokens,
      signal: this.#signal,
      takeSend: () => {
        this.#isOutOfSends = this.#trace.sends >= maxSends;
        if (!this.#isOutOfSends) this.#trace.sends += 1;
        return !this.#isOutOfSends;
      },
    });
    const turn = await begun(this.#observed(account, modelId, stream, outputLimit(this.#conversation, model)));
    // A client that leaves before it has read anything never comes to the end of the turn.
    this.#signal.addEventListener('abort', () => lease[Symbol.dispose](), { once: true });
    return this.#begun(account, turn, lease);
  }

  /** Passes the events on, and tells the pool how it went. */
  #observed(account: Account, modelId: string, stream: TurnStream, limit: TurnFilter | undefined): Feed<TurnBatch> {
    const recorder = new AnswerRecorder();
    return {
      each: (take) =>
        stream.each((batch) => {
          recorder.add(batch);
          const passed = limit ? limit.push(batch) : batch;
          const end = passed.at(-1);
          if (end?.type === 'end') this.#finish(account, modelId, recorder, end.usage);
          const taken = passed.length > 0 ? take(passed) : undefined;
          return limit?.isDone === true ? enoughAfter(taken) : taken;
        }),
    };
  }

  /** A turn that can only break now. */
  #begun(account: Account, turn: Feed<TurnBatch>, lease: Lease): Feed<TurnBatch> {
    return {
      each: async (take) => {
        using _ = lease;
        try {
          return await turn.each(take);
        } catch (error) {
          if (!(error instanceof KiroError)) throw error;
          const { event, next } = this.#verdict(account, error);
          if (event) this.#ports.apply(account.id, event);
          throw next === 'stop' ? explainParked(account.label, error) : explainBroken(error);
        }
      },
    };
  }

  #finish(account: Account, modelId: string, recorder: AnswerRecorder, usage: TurnUsage): void {
    this.#trace.usage = usage;
    const answer = recorder.end();
    if (answer) this.#ports.memory.remember(modelId, this.#conversation.turns, answer.mark, answer.proof);
    this.#ports.onServed(account.id, usage);
  }

  /** Decides what an error before the first output means. Returns to try again. @throws TurnError */
  async #recover(account: Account, error: unknown): Promise<void> {
    if (!this.#ports.isKnown(account.id)) {
      this.#tried.set(account.id, 'was removed from the pool meanwhile');
      return;
    }
    if (error instanceof AuthError) {
      // A rejected login has been noted by the keeper; this request only needs another account.
      this.#lastAuthError = error;
      this.#tried.set(account.id, `its login could not be renewed: ${error.message}`);
      return;
    }
    if (!(error instanceof KiroError)) throw error;
    if (this.#isOutOfSends) throw explainSpent(this.#lastError ?? error, maxSends);
    this.#lastError = error;
    if (await this.#hasNewProfile(account, error)) {
      this.#again = account;
      return;
    }
    const { event, next } = this.#verdict(account, error);
    if (event) this.#ports.apply(account.id, event);
    if (next === 'give-up') throw explain(error, { size: this.#size() });
    if (next === 'stop') throw explainParked(account.label, error);
    if (next === 'cool-model') this.#ports.coolModel(account, this.#trace.model);
    if (this.#trace.sends >= maxSends) throw this.#explainLast(account, error);
    switch (next) {
      case 'cool-model':
      case 'other-account':
        this.#tried.set(account.id, `refused this request: ${error.message}`);
        return;
      case 'retry':
        return this.#retry(account, error);
      case 'without-reasoning':
        if (this.#didStripReasoning) throw explain(error);
        this.#didStripReasoning = true;
        this.#conversation = withoutReasoning(this.#conversation);
        this.#again = account;
        return;
      case 'new-conversation':
        if (this.#didRenewConversation) throw explain(error);
        this.#didRenewConversation = true;
        this.#conversationId = this.#ports.newId();
        this.#again = account;
    }
  }

  /** After the last send: why nothing can serve, or that this request alone has cost enough. */
  #explainLast(account: Account, error: KiroError): TurnError {
    this.#tried.set(account.id, `refused this request: ${error.message}`);
    const choice = this.#ports.choose(this.#tried, this.#conversation.model);
    this.#trace.considered = choice.considered;
    return choice.account ? explainSpent(error, maxSends) : this.#explainNone(choice);
  }

  /** An account that may not call may have got another profile; that is looked up once (protocol §7.3). */
  async #hasNewProfile(account: Account, error: KiroError): Promise<boolean> {
    const isAboutProfile = error.class === 'not-authorized' || error.class === 'profile-required';
    if (!isAboutProfile || this.#didResolveProfile || this.#trace.sends >= maxSends) return false;
    this.#didResolveProfile = true;
    return this.#ports.resolveProfile(account.id);
  }

  /** How long this request is, and may be. Kiro refused it as too long, whatever the estimate says. */
  #size(): TurnError['size'] {
    if (this.#window === undefined) return undefined;
    const tokens = Math.max(estimateConversation(this.#conversation), this.#window + 1);
    return { tokens, limit: this.#window };
  }

  #verdict(account: Account, error: KiroError): Verdict {
    return verdictOf(error, { now: this.#ports.now(), resetAt: account.credits?.resetAt });
  }

  async #retry(account: Account, error: KiroError): Promise<void> {
    if (this.#retries >= maxRetries) {
      this.#tried.set(account.id, `failed ${this.#retries + 1} times: ${error.message}`);
      return;
    }
    await this.#ports.wait(firstRetryMs * 2 ** this.#retries, this.#signal);
    this.#retries += 1;
    this.#again = account;
  }
}

/** Kiro is told the limit where the model takes one; elsewhere, and below its least, the answer is cut here (§4.9). */
function outputLimit(conversation: Conversation, model: KiroModel | undefined): TurnFilter | undefined {
  const wanted = conversation.maxOutputTokens;
  if (wanted === undefined) return undefined;
  const known = model?.requestFields?.maxTokens;
  if (known && wanted >= known.min) return undefined;
  return new OutputLimit(wanted, { hasTools: conversation.tools.length > 0 });
}

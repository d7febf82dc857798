import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { anthropicErrors } from '../anthropic/error-object.ts';
import type { ClientRequest, ErrorForm } from '../conversation/client-api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { withoutTokens } from '../conversation/redact.ts';
import type { Feed } from '../conversation/feed.ts';
import type { TokenCounts } from '../conversation/token-estimate.ts';
import { TurnError } from '../conversation/turn-error.ts';
import type { TurnBatch } from '../conversation/turn-event.ts';
import { openAiErrors } from '../openai/error-object.ts';
import type { WebResult } from '../conversation/web-search.ts';
import type { Pool } from '../pool/pool.ts';
import type { TurnTrace } from '../pool/turn-run.ts';
import { endWith } from './event-writer.ts';
import { sessionHintOf } from './session-hint.ts';

export interface ExchangeOptions {
  readonly pool: Pool;
  /** Epoch ms. */
  readonly now: () => number;
  readonly keepAliveMs: number;
}

/** One request of a client and the answer to it: what routes share, and what the history keeps. */
export class Exchange {
  readonly id = `req_${randomUUID().replaceAll('-', '')}`;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly keepAliveMs: number;
  readonly now: () => number;
  /** Aborted when the client leaves before its answer is whole, or when the server stops. */
  readonly signal: AbortSignal;
  /** Resolves when the connection has nothing more to do with this request: the answer was sent, or the client left. */
  readonly closed: Promise<void>;
  /** The name of the key that was presented. */
  keyName = '';
  /** Whether the client speaks Anthropic's API, or OpenAI's; errors before the route is known depend on it, too. */
  readonly isAnthropic: boolean;
  /** How its client is told of errors. */
  errorForm: ErrorForm;
  readonly #pool: Pool;
  readonly #abort = new AbortController();
  readonly #startedAt: number;
  #trace: TurnTrace | undefined;
  /** Of the turns before the last, when one answer took several. */
  readonly #earlier: TurnTrace[] = [];
  #firstTokenMs: number | undefined;
  #tokens: TokenCounts | undefined;
  #warnings: readonly string[] = [];
  #failure: TurnError | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    this.request = request;
    this.response = response;
    this.isAnthropic = speaksAnthropic(request);
    this.errorForm = this.isAnthropic ? anthropicErrors : openAiErrors;
    this.now = options.now;
    this.keepAliveMs = options.keepAliveMs;
    this.#pool = options.pool;
    this.#startedAt = options.now();
    this.signal = this.#abort.signal;
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) this.#abort.abort(new ClientGone());
        resolve();
      });
    });
  }

  /** A turn was asked for, whatever came of it. */
  get hasReachedPool(): boolean {
    return this.#trace !== undefined;
  }

  /** Nobody is left to be told anything. */
  get hasClientLeft(): boolean {
    return this.signal.reason instanceof ClientGone;
  }

  /** What went wrong in our own code, for the log; undefined when nothing did. */
  get bug(): unknown {
    return this.#failure?.code === 'internal' ? this.#failure.cause : undefined;
  }

  /**
   * Has the pool serve a turn, and notes when its first part came. Further turns of the same answer follow by the same way.
   * @throws TurnError
   */
  async serve(
    conversation: Conversation,
    asked: Pick<ClientRequest, 'sessionHint' | 'warnings'>,
  ): Promise<Feed<TurnBatch>> {
    const sessionHint = sessionHintOf(this.request.headers) ?? asked.sessionHint;
    const options = { sessionHint, signal: this.signal };
    this.#warnings = asked.warnings ?? [];
    if (this.#trace) this.#earlier.push(this.#trace);
    this.#trace = this.#pool.newTrace(conversation.model);
    const served = await this.#pool.serve(conversation, options, this.#trace);
    this.#firstTokenMs ??= this.now() - this.#startedAt;
    return served;
  }

  /** Searches the web in the name of the account that served. @throws KiroError or AuthError */
  async searchWeb(query: string): Promise<readonly WebResult[]> {
    const account = this.#trace?.account;
    if (!account) return [];
    return this.#pool.link.searchWeb(account.id, query, this.signal);
  }

  /** Over all turns of the answer; undefined when Kiro told of none. */
  get #credits(): number | undefined {
    const told = [...this.#earlier, this.#trace].flatMap((trace) => trace?.usage?.credits ?? []);
    return told.length === 0 ? undefined : told.reduce((sum, credits) => sum + credits);
  }

  /** Headers of every answer (DESIGN §6). */
  headers(): Record<string, string> {
    const label = this.#trace?.account?.label;
    return {
      'x-request-id': this.id,
      ...this.errorForm.headers(this.id),
      ...(this.#warnings.length === 0
        ? {}
        : { 'x-kiro-pool-warning': headerText(withoutTokens(this.#warnings.join(' '))).slice(0, longestWarning) }),
      ...(label === undefined ? {} : { 'x-kiro-pool-account': headerText(label) }),
    };
  }

  sendJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
    const credits = this.#credits;
    this.sendText(status, JSON.stringify(body), {
      ...(credits === undefined ? {} : { 'x-kiro-pool-credits': String(credits) }),
      ...headers,
      'content-type': 'application/json; charset=utf-8',
    });
  }

  sendText(status: number, text: string, headers: Readonly<Record<string, string>>): void {
    this.response.writeHead(status, {
      ...this.headers(),
      ...headers,
      'content-length': String(Buffer.byteLength(text)),
    });
    endWith(this.response, text);
  }

  /** Notes the tokens of the answer, for the history. */
  noteTokens(tokens: TokenCounts | undefined): void {
    this.#tokens = tokens;
  }

  /** Notes why the request failed, and returns it as an error that may be shown. */
  noteFailure(error: unknown): TurnError {
    // What we ended ourselves failed for that reason, whatever broke first.
    const cause: unknown = this.signal.aborted ? this.signal.reason : error;
    this.#failure =
      cause instanceof TurnError ? cause : new TurnError('internal', 'Kiro Pool failed; its log says why.', { cause });
    return this.#failure;
  }

  /** Ends the request from our side. */
  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** What the history keeps of the request; undefined when it never got as far as the pool. */
  record(): RequestRecord | undefined {
    const trace = this.#trace;
    if (!trace) return undefined;
    return {
      id: this.id,
      at: this.#startedAt,
      key: this.keyName,
      session: trace.session,
      model: trace.model,
      account: trace.account?.id,
      sends: this.#earlier.reduce((sum, { sends }) => sum + sends, trace.sends),
      outcome: this.#failure?.code ?? (this.signal.aborted ? 'client-left' : 'served'),
      decision: trace.considered.map(({ account, chosen, reason }) => ({ account, chosen, reason })),
      credits: this.#credits,
      contextPercent: trace.usage?.contextPercent,
      inputTokens: this.#tokens?.input,
      outputTokens: this.#tokens?.output,
      firstTokenMs: this.#firstTokenMs,
      totalMs: this.now() - this.#startedAt,
    };
  }
}

/** One finished request. Times in ms, `at` since the epoch. */
export interface RequestRecord {
  readonly id: string;
  readonly at: number;
  readonly key: string;
  readonly session: string;
  readonly model: string;
  readonly account: string | undefined;
  readonly sends: number;
  /** `served`, `client-left` or the code of the error. */
  readonly outcome: string;
  readonly decision: readonly { readonly account: string; readonly chosen: boolean; readonly reason: string }[];
  readonly credits: number | undefined;
  readonly contextPercent: number | undefined;
  /** Estimates, in so far as Kiro reported none. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly totalMs: number;
}

/** The client closed its connection. */
class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('The client closed its connection');
  }
}

/** The lists of models are at the same path in both APIs: only Anthropic's clients tell its version. */
function speaksAnthropic({ url = '', headers }: IncomingMessage): boolean {
  return url.startsWith('/v1/messages') || (url.startsWith('/v1/models') && 'anthropic-version' in headers);
}

/** Clients refuse answers whose headers are long; a request may have any number of tools that are left out. */
const longestWarning = 1_000;

/** A label may hold any letter, a header only Latin-1 without controls. */
function headerText(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/g, '?');
}

/**
 * The proxy: the pool as an endpoint on this machine, in the forms of OpenAI and Anthropic. Requests come in over HTTP; who may not come in is
 * turned away (guard.ts), the rest is parsed by the API's own room and served by the pool.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messagesApi } from '../anthropic/messages-api.ts';
import { TurnError } from '../conversation/turn-error.ts';
import { chatApi } from '../openai/chat-api.ts';
import { ResponseMemory } from '../openai/responses/response-memory.ts';
import { responsesApi } from '../openai/responses/responses-api.ts';
import type { Pool } from '../pool/pool.ts';
import { drain } from './body.ts';
import { answerTokenCount } from './count-tokens.ts';
import { Exchange, type RequestRecord } from './exchange.ts';
import { Connections, connectionLimits, type ConnectionLimits } from './connections.ts';
import { checkKey, checkOrigin, type GuardOptions } from './guard.ts';
import { refuseConnect, refuseMalformed } from './malformed.ts';
import { deleteKeptResponse, showKeptResponse } from './kept-responses.ts';
import { Metrics } from './metrics.ts';
import { listModels, showModel } from './models.ts';
import { serveTurn } from './turn-route.ts';

export interface ProxyOptions extends GuardOptions {
  readonly pool: Pool;
  /** Epoch ms. */
  readonly now: () => number;
  /** Whether the user has paused the endpoint; never by default. */
  readonly isPaused?: () => boolean;
  /** Answers what is not the endpoint's, such as the screens, and returns whether it did. It has a guard of its own. */
  readonly ui?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Told of each request that reached the pool, once it is over. */
  readonly onRequest: (record: RequestRecord) => void;
  /** Told of failures that are ours: a bug, not a bad request. Must not throw. */
  readonly onInternalError: (error: unknown) => void;
  /** How often a silent stream gives a sign of life. */
  readonly keepAliveMs?: number;
  /** What differs from the usual limits. */
  readonly limits?: Partial<ConnectionLimits>;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

type Route = (exchange: Exchange, parameter: string) => Promise<void>;

export class Proxy {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #connections: Connections;
  /** Until their answers are sent, and the history has them. */
  readonly #running = new Map<Exchange, Promise<void>>();
  readonly #metrics = new Metrics();
  #isStopping = false;
  /** By path, then by method. A path that ends in `/` takes what follows as its parameter. */
  readonly #routes: Readonly<Record<string, Readonly<Record<string, Route>>>>;

  constructor(options: ProxyOptions) {
    this.#options = options;
    const memory = new ResponseMemory(options.now);
    const responses = responsesApi(memory, options.now);
    this.#routes = {
      '/v1/chat/completions': { POST: (exchange) => serveTurn(exchange, chatApi) },
      '/v1/messages': { POST: (exchange) => serveTurn(exchange, messagesApi) },
      '/v1/messages/count_tokens': { POST: answerTokenCount },
      '/v1/responses': { POST: (exchange) => serveTurn(exchange, responses) },
      '/v1/responses/': {
        GET: async (exchange, path) => showKeptResponse(exchange, memory, path),
        DELETE: async (exchange, id) => deleteKeptResponse(exchange, memory, id),
      },
      '/v1/models': { GET: (exchange) => listModels(exchange, options.pool) },
      '/v1/models/': { GET: (exchange, id) => showModel(exchange, options.pool, id) },
      '/metrics': { GET: (exchange) => this.#answerMetrics(exchange) },
    };
    const accept = (request: IncomingMessage, response: ServerResponse): void => this.#accept(request, response);
    // Without a Host header the guard refuses, in words.
    const { most, ...timeouts } = { ...connectionLimits, ...options.limits };
    this.#server = createServer({ keepAliveTimeout: 65_000, requireHostHeader: false, ...timeouts }, accept);
    this.#connections = new Connections(
      most,
      () => new Set([...this.#running.keys()].map(({ request }) => request.socket)),
    );
    this.#server.on('connection', (socket) => this.#connections.add(socket));
    // An expectation that we do not know may be ignored (RFC 9110 §10.1.1); Node would refuse without words.
    this.#server.on('checkExpectation', accept);
    this.#server.on('connect', (_request, socket) => refuseConnect(socket));
    this.#server.on('clientError', (error, socket) => {
      const begun = [...this.#running.keys()].some(
        ({ request, response }) => request.socket === socket && response.headersSent,
      );
      if (begun) socket.destroy();
      else refuseMalformed(socket, error);
    });
    // A connection that could not be taken, for want of file descriptors say, must not end all others.
    this.#server.on('error', (error) => {
      if (this.#server.listening) options.onInternalError(error);
    });
  }

  /**
   * Listens, on the next free port when the wanted one is taken.
   * @returns the port that it is
   * @throws the system's error when no port of the next 20 is free, or the address is none of this machine's
   */
  async listen({ host, port }: ListenAddress): Promise<number> {
    for (let candidate = port; ; candidate += 1) {
      try {
        return await this.#listenOn(host, candidate);
      } catch (error) {
        const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
        if (!isTaken || candidate >= Math.min(port + 20, 65_535)) throw error;
      }
    }
  }

  /** Takes no more requests, lets running ones finish for `graceMs`, then ends them. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#closeUnused();
    const deadlines = [
      setTimeout(() => {
        const reason = new TurnError('shutting-down', 'Kiro Pool is stopping.');
        for (const exchange of this.#running.keys()) exchange.abort(reason);
      }, graceMs),
      // Clients are told why before their connections go.
      setTimeout(() => this.#server.closeAllConnections(), graceMs + farewellMs),
    ];
    await closed;
    for (const deadline of deadlines) clearTimeout(deadline);
    // Whoever owns the pool and the history closes them next: what is still being noted there comes first.
    await Promise.race([Promise.all(this.#running.values()), sleep(farewellMs, undefined, { ref: false })]);
  }

  /** Connections that carry no request would keep a stopping server up. */
  #closeUnused(): void {
    if (this.#running.size === 0) this.#server.closeAllConnections();
  }

  async #listenOn(host: string, port: number): Promise<number> {
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  #accept(request: IncomingMessage, response: ServerResponse): void {
    const { pool, now, keepAliveMs = 15_000 } = this.#options;
    const exchange = new Exchange(request, response, { pool, now, keepAliveMs });
    this.#running.set(exchange, this.#run(exchange));
  }

  async #run(exchange: Exchange): Promise<void> {
    await Promise.all([this.#handle(exchange), exchange.closed]);
    this.#running.delete(exchange);
    if (this.#isStopping) this.#closeUnused();
  }

  /** Never rejects: a failure here must not end the process, and all other requests with it. */
  async #handle(exchange: Exchange): Promise<void> {
    const { onRequest, onInternalError } = this.#options;
    try {
      await this.#route(exchange);
    } catch (error) {
      this.#refuse(exchange, error);
    }
    try {
      if (exchange.bug !== undefined) onInternalError(exchange.bug);
      const record = exchange.record();
      if (!record) return;
      this.#metrics.count(record);
      onRequest(record);
    } catch (error) {
      onInternalError(error);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (this.#isStopping) {
      response.shouldKeepAlive = false;
      throw new TurnError('shutting-down', 'Kiro Pool is stopping.');
    }
    if (this.#options.ui?.(request, response)) return;
    checkOrigin(request, this.#options);
    const { origin } = request.headers;
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposedHeaders);
      response.setHeader('vary', 'origin');
      if (request.method === 'OPTIONS') return allowPreflight(response);
    }
    // The one answer that needs no key, and holds nothing.
    if (path === '/health' && request.method === 'GET') return exchange.sendJson(200, { status: 'ok' });
    exchange.keyName = checkKey(request, this.#options);
    if (this.#options.isPaused?.()) throw new TurnError('paused', pausedText);
    const { methods, parameter } = this.#find(path);
    const route = methods[request.method ?? 'GET'];
    if (!route) {
      const allowed = Object.keys(methods).join(', ');
      response.setHeader('allow', allowed);
      throw new TurnError('method-not-allowed', `${path.slice(0, 80)} takes ${allowed} only.`);
    }
    await route(exchange, parameter);
  }

  #find(path: string): { methods: Readonly<Record<string, Route>>; parameter: string } {
    const prefix = Object.keys(this.#routes).find((known) => known.endsWith('/') && path.startsWith(known));
    const methods = this.#routes[path] ?? (prefix === undefined ? undefined : this.#routes[prefix]);
    if (!methods) {
      const known = Object.keys(this.#routes).filter((route) => !route.endsWith('/'));
      throw new TurnError('route-not-found', `There is no ${path.slice(0, 80)} here. There is: ${known.join(', ')}.`);
    }
    return { methods, parameter: prefix === undefined ? '' : path.slice(prefix.length) };
  }

  /** `GET /metrics` */
  async #answerMetrics(exchange: Exchange): Promise<void> {
    const turns = [...this.#running.keys()].filter(({ hasReachedPool }) => hasReachedPool).length;
    const text = this.#metrics.text(this.#options.pool.summaries(), turns);
    exchange.sendText(200, text, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const { request, response } = exchange;
    if (exchange.hasClientLeft) return;
    const refusal = exchange.noteFailure(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const { status, headers, body } = exchange.errorForm.refuse(refusal, exchange.id);
    exchange.sendJson(status, body, headers);
    if (!request.complete) drain(request);
  }
}

/** How long clients that are told to go have before their connections are cut. */
const farewellMs = 250;

const pausedText = 'Kiro Pool is paused; resume it in the tray or with: kiro-pool settings set paused false';

/** What a web page may read of an answer beside its body. */
const exposedHeaders =
  'x-request-id, request-id, x-kiro-pool-account, x-kiro-pool-credits, x-kiro-pool-warning, retry-after';

function allowPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, DELETE',
    // SDKs in a page send headers of their own; `*` covers all but this one.
    'access-control-allow-headers': 'authorization, *',
    'access-control-max-age': '600',
  });
  response.end();
}

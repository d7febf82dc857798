/**
 * The proxy: the pool as an OpenAI-compatible endpoint on this machine. Requests come in over HTTP; who may not come in is
 * turned away (guard.ts), the rest is parsed by the API's own room and served by the pool.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TurnError } from '../conversation/turn-error.ts';
import { toOpenAiError } from '../openai/error-object.ts';
import type { Pool } from '../pool/pool.ts';
import { chatCompletions } from './chat-completions.ts';
import { ClientGone, Exchange, type RequestRecord } from './exchange.ts';
import { checkKey, checkOrigin, type GuardOptions } from './guard.ts';
import { listModels, showModel } from './models.ts';

export interface ProxyOptions extends GuardOptions {
  readonly pool: Pool;
  /** Epoch ms. */
  readonly now: () => number;
  /** Told of each request that reached the pool, once it is over. Must not throw. */
  readonly onRequest: (record: RequestRecord) => void;
  /** Told of failures that are ours: a bug, not a bad request. */
  readonly onInternalError: (error: unknown) => void;
  /** How often a silent stream gives a sign of life. */
  readonly keepAliveMs?: number;
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
  readonly #running = new Set<Exchange>();
  #isStopping = false;
  /** By path, then by method. A path that ends in `/` takes what follows as its parameter. */
  readonly #routes: Readonly<Record<string, Readonly<Record<string, Route>>>>;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#routes = {
      '/v1/chat/completions': { POST: chatCompletions },
      '/v1/models': { GET: (exchange) => listModels(exchange, options.pool) },
      '/v1/models/': { GET: (exchange, id) => showModel(exchange, options.pool, id) },
    };
    this.#server = createServer(
      { keepAliveTimeout: 65_000 },
      (request, response) => void this.#handle(request, response),
    );
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
    this.#server.closeIdleConnections();
    const deadline = setTimeout(() => {
      for (const exchange of this.#running) exchange.abort(new TurnError('shutting-down', 'Kiro Pool is stopping.'));
      this.#server.closeAllConnections();
    }, graceMs);
    await closed;
    clearTimeout(deadline);
  }

  #listenOn(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => reject(error);
      this.#server.once('error', onError);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', onError);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pool, now, keepAliveMs = 15_000 } = this.#options;
    const exchange = new Exchange(request, response, { pool, now, keepAliveMs });
    this.#running.add(exchange);
    try {
      await this.#route(exchange);
    } catch (error) {
      this.#refuse(exchange, error);
    } finally {
      this.#running.delete(exchange);
      const record = exchange.record();
      if (record) this.#options.onRequest(record);
      if (this.#isStopping) this.#server.closeIdleConnections();
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    checkOrigin(request, this.#options);
    const { origin } = request.headers;
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
      if (request.method === 'OPTIONS') return allowPreflight(response);
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    // The one answer that needs no key, and holds nothing.
    if (path === '/health' && request.method === 'GET') return exchange.sendJson(200, { status: 'ok' });
    exchange.keyName = checkKey(request, this.#options);
    const { route, parameter } = this.#find(path, request.method ?? 'GET');
    await route(exchange, parameter);
  }

  #find(path: string, method: string): { route: Route; parameter: string } {
    const prefix = Object.keys(this.#routes).find((known) => known.endsWith('/') && path.startsWith(known));
    const methods = this.#routes[path] ?? (prefix === undefined ? undefined : this.#routes[prefix]);
    if (!methods) {
      const known = Object.keys(this.#routes).filter((route) => !route.endsWith('/'));
      throw new TurnError('route-not-found', `There is no ${path.slice(0, 80)} here. There is: ${known.join(', ')}.`);
    }
    const route = methods[method];
    if (!route) {
      throw new TurnError('method-not-allowed', `${path.slice(0, 80)} takes ${Object.keys(methods).join(', ')} only.`);
    }
    return { route, parameter: prefix === undefined ? '' : path.slice(prefix.length) };
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const { request, response } = exchange;
    if (error instanceof ClientGone || response.destroyed) return;
    const refusal = exchange.noteFailure(exchange.signal.aborted ? exchange.signal.reason : error);
    if (refusal.code === 'internal') this.#options.onInternalError(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, headers, body } = toOpenAiError(refusal);
    // An unread body would be taken for the next request of this connection.
    if (!request.complete) response.setHeader('connection', 'close');
    exchange.sendJson(status, body, headers);
  }
}

function allowPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, x-api-key, content-type',
    'access-control-max-age': '600',
  });
  response.end();
}

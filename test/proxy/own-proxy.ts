import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from '../../app/pool/pool.ts';
import type { RequestRecord } from '../../app/proxy/exchange.ts';
import { Proxy, type ProxyOptions } from '../../app/proxy/server.ts';
import { body, type Serving } from './serving.ts';

/** A proxy of its own in front of an engine's pool, for what the engine leaves at its default. */
export interface OwnProxy extends AsyncDisposable {
  readonly proxy: Proxy;
  readonly port: number;
  readonly records: readonly RequestRecord[];
  /** What was reported as a bug of ours. */
  readonly bugs: readonly unknown[];
  chat(members?: Readonly<Record<string, unknown>>, init?: RequestInit): Promise<Response>;
}

export async function startProxy(serving: Serving, options: Partial<ProxyOptions> = {}): Promise<OwnProxy> {
  const { keys, pool } = serving.engine.parts;
  const records: RequestRecord[] = [];
  const bugs: unknown[] = [];
  const proxy = new Proxy({
    pool,
    now: Date.now,
    keyName: (presented) => keys.nameOf(presented),
    allowedOrigins: () => [],
    isLan: false,
    onRequest: (record) => records.push(record),
    onInternalError: (error) => bugs.push(error),
    ...options,
  });
  const port = await proxy.listen({ host: '127.0.0.1', port: 0 });
  return {
    proxy,
    port,
    records,
    bugs,
    chat: (members = {}, init = {}) =>
      fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${serving.key}` },
        body: body(members),
        ...init,
      }),
    [Symbol.asyncDispose]: () => proxy.stop(0),
  };
}

/** A pool whose turns are what a test makes of them. */
export class StubPool extends Pool {
  readonly #serve: Pool['serve'];

  constructor(serving: Serving, serve: Pool['serve']) {
    const { accounts, transport, endpoints } = serving.engine.parts;
    super({
      accounts,
      transport,
      endpoints,
      now: Date.now,
      wait: (ms) => sleep(ms),
      newId: () => 'stub',
      isOptedOut: () => true,
      strategy: () => 'hybrid',
      onUsage: () => undefined,
      pinned: () => undefined,
      concurrency: () => 4,
      onStateChange: () => {},
      onJoined: () => {},
      onOverage: () => {},
      onActivity: () => {},
      overageToday: () => 0,
      onProblem: () => {},
    });
    this.#serve = serve;
  }

  override serve(...args: Parameters<Pool['serve']>): ReturnType<Pool['serve']> {
    return this.#serve(...args);
  }
}

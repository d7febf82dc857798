import { Connection, type Target } from './connection.ts';
import { shortRequest } from './conversations.ts';
import { forEachStamp, nowUs } from './stamp.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** Streams that run until disposed. */
export interface RunningStreams extends Disposable {
  /** Grows by each event's way from the upstream to here, in ms. */
  readonly delays: number[];
  /** Opens more of them. */
  add(count: number): Promise<void>;
}

/** Streams of stamped events at this pace. Those that run stay at it, whatever the upstream's mode is afterwards. */
export async function startStreams(
  target: Target,
  count: number,
  perSecond: number,
  upstream: UpstreamClient,
): Promise<RunningStreams> {
  await upstream.mode({ mode: 'paced', perSecond });
  const delays: number[] = [];
  const opened = new DisposableStack();
  const add = async (more: number): Promise<void> => {
    for (const connection of await openMany(target, more, opened)) {
      await untilFirstStamp(connection, (us) => delays.push((nowUs() - us) / 1000));
    }
  };
  await add(count);
  return { delays, add, [Symbol.dispose]: () => opened.dispose() };
}

/** Asks, and resolves when the first event has come. `onStamp` is called with every event's stamp, as long as they come. */
export function untilFirstStamp(
  connection: Connection,
  onStamp: (us: number) => void = () => undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const take = (us: number): void => {
    onStamp(us);
    resolve();
  };
  connection.ask(shortRequest, (piece) => forEachStamp(piece, take)).then(resolve, reject);
  return promise;
}

/** Connections that `opened` closes. */
export function openMany(target: Target, count: number, opened: DisposableStack): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, async () => opened.use(await Connection.open(target))));
}

/** Asks and waits for the whole answer. @returns ms from sending to its first event */
export async function firstTokenMs(connection: Connection, body: Buffer): Promise<number> {
  const startedAt = nowUs();
  let first = 0;
  await connection.ask(body, (piece) => {
    if (first === 0) forEachStamp(piece, () => (first = nowUs()));
  });
  if (first === 0) throw new Error('An answer came without its token');
  return (first - startedAt) / 1000;
}

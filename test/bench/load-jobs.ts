import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type Target } from './connection.ts';
import { conversationOf, isConversationSize, shortRequest } from './conversations.ts';
import { checkText } from './exact.ts';
import type { Job, Measured } from './load-job.ts';
import { cpuUs, rssKb } from './process-stat.ts';
import { forEachStamp, nowUs } from './stamp.ts';
import { median, quantile } from './statistics.ts';
import type { UpstreamClient } from './upstream-client.ts';

type JobOf<Name extends Job['job']> = Extract<Job, { job: Name }>;

/** Does one job and leaves the target as it was. @throws Error when an answer is no answer */
export async function run(job: Job, upstream: UpstreamClient): Promise<Measured> {
  try {
    switch (job.job) {
      case 'exact':
        await upstream.mode({ mode: 'exact', blocks: job.blocks });
        await checkText(job.target, job.blocks);
        return {};
      case 'first-token':
        return await firstToken(job, upstream);
      case 'flood':
        return await flood(job, upstream);
      case 'paced':
        return await paced(job, upstream);
      case 'request':
        return await request(job, upstream);
      case 'pauses':
        return await pauses(job, upstream);
      case 'memory':
        return await memory(job, upstream);
    }
  } finally {
    await upstream.quiet();
  }
}

/** Time from sending to the first token, in ms, one request after the other, after a warm-up. */
async function firstToken({ target, count }: JobOf<'first-token'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'one' });
  using connection = await Connection.open(target);
  const times: number[] = [];
  for (let n = 0; n < Math.ceil(count / 4); n += 1) await firstTokenMs(connection, shortRequest);
  for (let n = 0; n < count; n += 1) times.push(await firstTokenMs(connection, shortRequest));
  return { ms: median(times) };
}

/** What a target adds to the time to the first token of a large request, asked in turn with the upstream itself. */
async function request({ target, direct, size, count }: JobOf<'request'>, upstream: UpstreamClient): Promise<Measured> {
  if (!isConversationSize(size)) throw new Error(`There is no conversation of the size ${size}`);
  await upstream.mode({ mode: 'one' });
  const body = conversationOf(size);
  using through = await Connection.open(target);
  using straight = await Connection.open(direct);
  const times: number[] = [];
  const directTimes: number[] = [];
  const warmUp = Math.ceil(count / 3);
  for (let n = -warmUp; n < count; n += 1) {
    const directMs = await firstTokenMs(straight, body);
    const ms = await firstTokenMs(through, body);
    if (n < 0) continue;
    directTimes.push(directMs);
    times.push(ms);
  }
  return { ms: median(times) - median(directTimes) };
}

async function firstTokenMs(connection: Connection, body: Buffer): Promise<number> {
  const startedAt = nowUs();
  let first = 0;
  await connection.ask(body, (piece) => {
    if (first === 0) forEachStamp(piece, () => (first = nowUs()));
  });
  if (first === 0) throw new Error('An answer came without its token');
  return (first - startedAt) / 1000;
}

async function flood(job: JobOf<'flood'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'flood', ms: job.ms });
  using opened = new DisposableStack();
  const connections = await openMany(job.target, job.connections, opened);
  const before = await upstream.counters();
  const cpuBefore = cpuUs(job.target.pid);
  const startedAt = nowUs();
  await Promise.all(connections.map((connection) => connection.ask(shortRequest)));
  const seconds = (nowUs() - startedAt) / 1e6;
  const cpu = cpuUs(job.target.pid) - cpuBefore;
  const events = (await upstream.counters()).events - before.events;
  return { perSecond: events / seconds, cpuUs: cpu / events };
}

async function paced(job: JobOf<'paced'>, upstream: UpstreamClient): Promise<Measured> {
  using streams = await startStreams(job.target, job.streams, job.perSecond, upstream);
  await sleep(600);
  const cpuBefore = cpuUs(job.target.pid);
  streams.delays.length = 0;
  await sleep(job.ms);
  const cpu = cpuUs(job.target.pid) - cpuBefore;
  const { delays } = streams;
  return { cpuUs: cpu / delays.length, p50: median(delays), p99: quantile(delays, 0.99) };
}

async function pauses(job: JobOf<'pauses'>, upstream: UpstreamClient): Promise<Measured> {
  const body = conversationOf('5 MB');
  using streams = await startStreams(job.target, job.streams, 50, upstream);
  await sleep(300);
  using connection = await Connection.open(job.target);
  await connection.ask(body);
  streams.delays.length = 0;
  const longest: number[] = [];
  for (let n = 0; n < job.count; n += 1) {
    const from = streams.delays.length;
    await connection.ask(body);
    await sleep(80);
    longest.push(streams.delays.slice(from).reduce((most, delay) => Math.max(most, delay), 0));
  }
  return { p99: quantile(streams.delays, 0.99), longest: median(longest) };
}

/** Resident memory while nothing runs and while so many streams are open. */
async function memory({ target, steps }: JobOf<'memory'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'hold' });
  const measured: Record<string, number> = { idleMb: rssKb(target.pid) / 1024 };
  using opened = new DisposableStack();
  let open = 0;
  for (const step of steps) {
    while (open < step) {
      const count = Math.min(50, step - open);
      const connections = await openMany(target, count, opened);
      await Promise.all(connections.map((connection) => untilFirstStamp(connection)));
      open += count;
    }
    await sleep(400);
    measured[`kb${step}`] = rssKb(target.pid);
  }
  return measured;
}

/** Streams that run until disposed; `delays` grows by each event's way from the upstream to here, in ms. */
async function startStreams(
  target: Target,
  count: number,
  perSecond: number,
  upstream: UpstreamClient,
): Promise<Disposable & { readonly delays: number[] }> {
  await upstream.mode({ mode: 'paced', perSecond });
  const delays: number[] = [];
  const opened = new DisposableStack();
  for (const connection of await openMany(target, count, opened)) {
    await untilFirstStamp(connection, (us) => delays.push((nowUs() - us) / 1000));
  }
  return { delays, [Symbol.dispose]: () => opened.dispose() };
}

function untilFirstStamp(connection: Connection, onStamp: (us: number) => void = () => undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const take = (us: number): void => {
    onStamp(us);
    resolve();
  };
  connection.ask(shortRequest, (piece) => forEachStamp(piece, take)).then(resolve, reject);
  return promise;
}

function openMany(target: Target, count: number, opened: DisposableStack): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, async () => opened.use(await Connection.open(target))));
}

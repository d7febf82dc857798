import { setTimeout as sleep } from 'node:timers/promises';
import { askInTurn } from './ask-in-turn.ts';
import { Connection } from './connection.ts';
import { conversationOf, conversationSizes, shortRequest } from './conversations.ts';
import { checkText } from './exact.ts';
import { held, length, ramp, sessions } from './growth-jobs.ts';
import { liveHeapOf } from './live-heap.ts';
import type { Job, JobOf, Measured } from './load-job.ts';
import { cpuUs, rssKb } from './process-stat.ts';
import { nowUs } from './stamp.ts';
import { median, quantile } from './statistics.ts';
import { firstTokenMs, openMany, startStreams, untilFirstStamp } from './running-streams.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** Between the requests beside running streams. */
const busyGapMs = 50;

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
      case 'busy':
        return await busy(job, upstream);
      case 'request':
        return await request(job, upstream);
      case 'pauses':
        return await pauses(job, upstream);
      case 'memory':
        return await memory(job, upstream);
      case 'sessions':
        return await sessions(job, upstream);
      case 'length':
        return await length(job, upstream);
      case 'held':
        return await held(job, upstream);
      case 'ramp':
        return await ramp(job, upstream);
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

/** The same large request over and over. */
async function request(job: JobOf<'request'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'one' });
  const body = conversationOf(job.shape);
  return askInTurn(job, () => body);
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

/** The delay of running streams while short requests begin and end beside them, as they do when a person works. */
async function busy(job: JobOf<'busy'>, upstream: UpstreamClient): Promise<Measured> {
  using streams = await startStreams(job.target, job.streams, job.perSecond, upstream);
  await upstream.mode({ mode: 'one' });
  using connection = await Connection.open(job.target);
  await sleep(600);
  streams.delays.length = 0;
  const until = performance.now() + job.ms;
  while (performance.now() < until) {
    await connection.ask(shortRequest);
    await sleep(busyGapMs);
  }
  return { p50: median(streams.delays), p99: quantile(streams.delays, 0.99) };
}

async function pauses(job: JobOf<'pauses'>, upstream: UpstreamClient): Promise<Measured> {
  const body = conversationOf(conversationSizes['5 MB']);
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

/** Resident memory while nothing runs and while so many streams are open; by a probe in the target also what is alive then. */
async function memory({ target, steps, heapFile }: JobOf<'memory'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'hold' });
  const measured: Record<string, number> = { idleMb: rssKb(target.pid) / 1024 };
  if (heapFile !== undefined) measured['idleHeapMb'] = await liveHeapOf(target.pid, heapFile);
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
    if (heapFile !== undefined) measured[`heapMb${step}`] = await liveHeapOf(target.pid, heapFile);
  }
  return measured;
}

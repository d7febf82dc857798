import { setTimeout as sleep } from 'node:timers/promises';
import { askInTurn } from './ask-in-turn.ts';
import { Connection } from './connection.ts';
import { sessionRequest, shortRequest } from './conversations.ts';
import { block } from './frames.ts';
import { liveHeapOf } from './live-heap.ts';
import type { JobOf, Measured } from './load-job.ts';
import { fineCpuUs, rssKb } from './process-stat.ts';
import { startStreams } from './running-streams.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** New sessions, each of one short request: an account is chosen for each. */
export async function sessions(job: JobOf<'sessions'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'one' });
  return askInTurn(job, (n) => sessionRequest(`Say hello, ${n} of ${performance.now()}.`));
}

/** Answers of a certain length, one after the other: CPU an event, and the most memory that was seen meanwhile. */
export async function length({ target, blocks, times }: JobOf<'length'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'exact', blocks });
  using connection = await Connection.open(target);
  let most = rssKb(target.pid);
  using timers = new DisposableStack();
  timers.adopt(
    setInterval(() => (most = Math.max(most, rssKb(target.pid))), 20),
    clearInterval,
  );
  const cpuBefore = fineCpuUs(target.pid);
  for (let n = 0; n < times; n += 1) await connection.ask(shortRequest);
  const cpuUs = (fineCpuUs(target.pid) - cpuBefore) / (times * blocks * block.events);
  return { cpuUs, mostMb: Math.max(most, rssKb(target.pid)) / 1024 };
}

/** One long answer that is left open at its end: what is alive in the target then, by its probe. */
export async function held({ target, blocks, heapFile }: JobOf<'held'>, upstream: UpstreamClient): Promise<Measured> {
  await upstream.mode({ mode: 'exact', blocks, isLeftOpen: true });
  using connection = await Connection.open(target);
  const { events } = await upstream.counters();
  const seen = { bytes: 0 };
  // It ends when this client leaves.
  connection.ask(shortRequest, (piece) => (seen.bytes += piece.length)).catch(() => undefined);
  while ((await upstream.counters()).events < events + blocks * block.events) await sleep(quietMs);
  for (let before = -1; before < seen.bytes; await sleep(quietMs)) before = seen.bytes;
  return { heapMb: await liveHeapOf(target.pid, heapFile) };
}

/** Nothing came for so long: all that was sent has arrived. */
const quietMs = 250;

/** More and more streams at one pace: CPU an event at each number of them. */
export async function ramp(job: JobOf<'ramp'>, upstream: UpstreamClient): Promise<Measured> {
  using streams = await startStreams(job.target, 0, job.perSecond, upstream);
  const measured: Record<string, number> = {};
  let open = 0;
  for (const step of job.steps) {
    await streams.add(step - open);
    open = step;
    await sleep(300);
    const cpuBefore = fineCpuUs(job.target.pid);
    streams.delays.length = 0;
    await sleep(job.ms);
    measured[`cpuUs ${step}`] = (fineCpuUs(job.target.pid) - cpuBefore) / streams.delays.length;
  }
  return measured;
}

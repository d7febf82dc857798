import { Connection, type Target } from './connection.ts';
import { conversationSizes, shortRequest, type ConversationSize } from './conversations.ts';
import type { Group } from './figures.ts';
import type { Generator } from './generator.ts';
import type { Measured } from './load-job.ts';
import { openScreen } from './screen.ts';
import { forEachStamp } from './stamp.ts';
import { median } from './statistics.ts';
import type { Contender, Started } from './targets.ts';

/** How much of everything. Times in ms. */
export interface Amounts {
  readonly starts: number;
  readonly streams: readonly number[];
  readonly firstTokens: number;
  readonly floodMs: number;
  readonly pacedMs: number;
  /** Requests of about 1 MB; fewer of larger, more of smaller ones. */
  readonly requests: number;
  readonly sizes: readonly ConversationSize[];
  readonly largeRequests: number;
}

export interface RoundPorts {
  readonly contenders: readonly Contender[];
  readonly generator: Generator;
  /** The upstream itself, as a client that asks it directly sees it. */
  readonly direct: Target;
  readonly amounts: Amounts;
  readonly wants: (group: Group) => boolean;
  readonly note: (name: string, figures: Measured) => void;
  readonly progress: (text: string) => void;
}

/** Name under which the upstream's own times are noted. */
export const directName = 'direct';

/** One round: every contender in turn at each figure, so that what the machine does meanwhile meets them all alike. */
export async function round(ports: RoundPorts): Promise<void> {
  const { wants } = ports;
  if (wants('memory') || wants('paced')) await crowdStage(ports);
  const rest: readonly Group[] = ['start', 'first-token', 'flood', 'requests', 'pauses'];
  if (rest.some((group) => wants(group))) await fewStage(ports);
}

/** In a process of its own, since memory depends on what a process did before. */
async function crowdStage(ports: RoundPorts): Promise<void> {
  const { amounts, generator, note, wants } = ports;
  const paced = { job: 'paced', streams: 100, perSecond: 50, ms: amounts.pacedMs } as const;
  if (wants('paced')) {
    const { p50 = Number.NaN, p99 = Number.NaN } = await generator.run({ ...paced, target: ports.direct });
    note(directName, { pacedP50: p50, pacedP99: p99 });
    await busy(directName, { target: ports.direct }, ports);
  }
  for (const contender of ports.contenders) {
    ports.progress(`${contender.name}: streams`);
    await using started = await contender.start(true);
    const { target } = started;
    await generator.run({ job: 'first-token', target, count: 20 });
    if (wants('memory')) {
      const { idleMb = Number.NaN, ...kb } = await generator.run({
        job: 'memory',
        target,
        steps: [...amounts.streams],
      });
      for (const step of amounts.streams) {
        const perStream = ((kb[`kb${step}`] ?? Number.NaN) - idleMb * 1024) / step;
        note(contender.name, { [`kb${step}`]: perStream });
      }
    }
    if (!wants('paced')) continue;
    const { cpuUs = Number.NaN, p50 = Number.NaN, p99 = Number.NaN } = await generator.run({ ...paced, target });
    note(contender.name, { pacedCpu: cpuUs, pacedP50: p50, pacedP99: p99 });
    ports.progress(`${contender.name}: streams beside screens`);
    await busy(contender.name, started, ports);
  }
}

/** The same streams while requests end beside them, each of which Kiro Pool records and tells an open screen of. */
async function busy(
  name: string,
  { target, dataDir }: Pick<Started, 'target' | 'dataDir'>,
  { generator, amounts, note }: RoundPorts,
): Promise<void> {
  await using screen = dataDir === undefined ? undefined : await openScreen(dataDir);
  const before = screen?.redraws ?? 0;
  const job = { job: 'busy', target, streams: 100, perSecond: 50, ms: amounts.pacedMs } as const;
  const { p50 = Number.NaN, p99 = Number.NaN } = await generator.run(job);
  if (screen && screen.redraws - before < amounts.pacedMs / 1000) throw new Error('The screen was not drawn anew');
  note(name, { busyP50: p50, busyP99: p99 });
}

async function fewStage(ports: RoundPorts): Promise<void> {
  const { generator, note, wants, amounts } = ports;
  await using opened = new AsyncDisposableStack();
  const started: { readonly name: string; readonly target: Target; readonly isTranslator: boolean }[] = [];
  for (const contender of ports.contenders) {
    ports.progress(`${contender.name}: start`);
    const { target } = opened.use(await startMeasured(contender, ports));
    started.push({ name: contender.name, target, isTranslator: contender.isTranslator });
  }
  for (const { name, target, isTranslator } of started) {
    if (!isTranslator) continue;
    ports.progress(`${name}: is the answer right?`);
    await generator.run({ job: 'exact', target, blocks: 10 });
  }
  const all = [{ name: directName, target: ports.direct }, ...started];
  if (wants('first-token')) {
    let directMs = Number.NaN;
    for (const { name, target } of all) {
      ports.progress(`${name}: first token`);
      const { ms = Number.NaN } = await generator.run({ job: 'first-token', target, count: amounts.firstTokens });
      note(name, { firstMs: ms });
      if (name === directName) directMs = ms;
      else note(name, { firstAdded: ms - directMs });
    }
  }
  if (wants('flood')) {
    for (const { name, target } of started) {
      ports.progress(`${name}: flood`);
      const flood = { job: 'flood', target, connections: 16 } as const;
      await generator.run({ ...flood, ms: amounts.floodMs / 3 });
      const { cpuUs = Number.NaN, perSecond = Number.NaN } = await generator.run({ ...flood, ms: amounts.floodMs });
      note(name, { floodCpu: cpuUs, floodRate: perSecond });
    }
  }
  if (wants('requests')) await requests(ports, started);
  if (!wants('pauses')) return;
  for (const { name, target } of started) {
    ports.progress(`${name}: streams beside large requests`);
    const job = { job: 'pauses', target, streams: 20, count: amounts.largeRequests } as const;
    const { p99 = Number.NaN, longest = Number.NaN } = await generator.run(job);
    note(name, { pauseP99: p99, pauseLongest: longest });
  }
}

async function requests(ports: RoundPorts, started: readonly { name: string; target: Target }[]): Promise<void> {
  const { generator, note, amounts, direct } = ports;
  for (const size of amounts.sizes) {
    const count = size.includes('turns') ? amounts.requests * 3 : amounts.requests;
    for (const { name, target } of started) {
      ports.progress(`${name}: request of ${size}`);
      const job = { job: 'request', target, direct, shape: conversationSizes[size], count } as const;
      const { added = Number.NaN, whole = Number.NaN } = await generator.run(job);
      note(name, { [`request ${size}`]: added, [`whole ${size}`]: whole });
    }
  }
}

/** Starts it several times over, and leaves the last one running. */
async function startMeasured(contender: Contender, ports: RoundPorts): Promise<Started> {
  const { wants, amounts, note, generator } = ports;
  if (contender.isForeign || !wants('start')) return contender.start(false);
  await generator.run({ job: 'first-token', target: ports.direct, count: 1 });
  const times: number[] = [];
  for (let n = 1; ; n += 1) {
    const started = await contender.start(false);
    times.push((await firstTokenAt(started.target)) - started.spawnedAt);
    if (n < amounts.starts) {
      await started[Symbol.asyncDispose]();
      continue;
    }
    const { idleMb = Number.NaN } = await generator.run({ job: 'memory', target: started.target, steps: [1] });
    note(contender.name, { coldMs: median(times), idleMb });
    return started;
  }
}

/** When the first token of a first answer is here, on the clock of `performance.now()`. */
export async function firstTokenAt(target: Target): Promise<number> {
  using connection = await Connection.open(target);
  let at = Number.NaN;
  await connection.ask(shortRequest, (piece) => forEachStamp(piece, () => (at = performance.now())));
  return at;
}

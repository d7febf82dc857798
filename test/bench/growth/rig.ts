import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../children.ts';
import type { Target } from '../connection.ts';
import { makeEngineFolder, type EngineFolder } from '../engine-folder.ts';
import { Generator } from '../generator.ts';
import type { Job, Measured } from '../load-job.ts';
import { rssKb } from '../process-stat.ts';
import { firstTokenAt } from '../rounds.ts';
import { kiroPool, ownProgram, type Contender, type ContenderOptions, type Started } from '../targets.ts';
import type { Sample } from './curve.ts';

/** How much of everything: all sizes of a stage, and how often each is measured. */
export interface Extent {
  readonly rounds: number;
  readonly turns: readonly number[];
  readonly megabytes: readonly number[];
  readonly streams: readonly number[];
  readonly events: readonly number[];
  readonly accounts: readonly number[];
  readonly rows: readonly number[];
}

/** What every stage needs: the upstream, the load generator, and a place for data. */
export interface Rig extends AsyncDisposable {
  readonly extent: Extent;
  readonly upstreamUrl: string;
  /** The upstream itself, as a client that asks it directly sees it. */
  readonly direct: Target;
  readonly run: (job: Job) => Promise<Measured>;
  /** A data folder of its own with that many accounts. */
  readonly makeFolder: (name: string, accounts: number) => Promise<EngineFolder>;
  /** `heapFile` puts a probe in, which tells there what is alive. */
  readonly passThrough: (heapFile?: string) => Contender;
  readonly kiroPool: (folder: EngineFolder, heapFile?: string) => Contender;
  readonly note: (sample: Sample) => void;
  readonly progress: (text: string) => void;
}

export interface RigOptions {
  readonly extent: Extent;
  /** For data; the caller's to remove. */
  readonly folder: string;
  readonly note: (sample: Sample) => void;
  readonly progress: (text: string) => void;
}

export async function startRig({ extent, folder, note, progress }: RigOptions): Promise<Rig> {
  await using opened = new AsyncDisposableStack();
  const upstream = opened.use(await startChild([fileURLToPath(new URL('../upstream.ts', import.meta.url))]));
  const generator = opened.use(new Generator(upstream.url));
  const options: ContenderOptions = { upstreamUrl: upstream.url, profileDir: undefined };
  const kept = opened.move();
  return {
    extent,
    upstreamUrl: upstream.url,
    direct: { url: upstream.url, path: '/generateAssistantResponse', key: '', pid: upstream.pid },
    run: (job) => generator.run(job),
    makeFolder: (name, accounts) => makeEngineFolder(join(folder, name), upstream.url, accounts),
    passThrough: (heapFile) => ownProgram('pass-through', withHeap(options, heapFile)),
    kiroPool: (own, heapFile) => kiroPool(withHeap(options, heapFile), { few: own, crowd: own }),
    note,
    progress,
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function withHeap(options: ContenderOptions, heapFile: string | undefined): ContenderOptions {
  return heapFile === undefined ? options : { ...options, heapFile };
}

/** One of the two that are compared. */
export interface Side {
  readonly of: Sample['of'];
  readonly target: Target;
  readonly heapFile: string;
}

/** Both of them, started: what Kiro Pool needs beside what a bare pump needs. */
export async function startBoth(
  rig: Rig,
  folder: EngineFolder,
  { isProbed = false }: { readonly isProbed?: boolean } = {},
): Promise<AsyncDisposable & { readonly sides: readonly Side[] }> {
  await using opened = new AsyncDisposableStack();
  const start = async (of: Sample['of'], contenderOf: (heapFile?: string) => Contender): Promise<Side> => {
    const heapFile = join(folder.root, `${of}.heap`);
    const { target } = opened.use(await contenderOf(isProbed ? heapFile : undefined).start(false));
    return { of, target, heapFile };
  };
  const sides = [
    await start('pass-through', rig.passThrough),
    await start('kiro-pool', (heapFile) => rig.kiroPool(folder, heapFile)),
  ];
  const kept = opened.move();
  return { sides, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
}

/** Starts Kiro Pool and asks at once. @returns what runs, ms from its spawn to the first token, and its memory then, in MB */
export async function startCold(
  rig: Rig,
  folder: EngineFolder,
): Promise<{ readonly started: Started; readonly coldMs: number; readonly idleMb: number }> {
  await rig.run({ job: 'first-token', target: rig.direct, count: 1 });
  const started = await rig.kiroPool(folder).start(false);
  const coldMs = (await firstTokenAt(started.target)) - started.spawnedAt;
  return { started, coldMs, idleMb: rssKb(started.target.pid) / 1024 };
}

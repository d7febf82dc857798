import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../app/engine.ts';
import { startChild } from '../bench/children.ts';
import { cpuUs } from '../bench/process-stat.ts';
import { seededRandom } from '../emulator/random.ts';
import { temporaryFolder } from '../support/engine.ts';
import { Disturber } from './disturber.ts';
import { EngineProcess } from './engine-process.ts';
import { Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { takeSample, type Sample } from './sample.ts';
import type { Seen } from './verdicts.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Path of the built command. */
  readonly command: string;
  /** Between two samples, in ms. */
  readonly sampleMs: number;
  /** CPU time that engine, Kiro and clients may take together, as a share of one core. */
  readonly cpuShare: number;
  readonly onSample: (sample: Sample) => void;
}

/** What came of it. */
export interface Soaked extends Seen {
  readonly ledger: Ledger;
  /** Questions over the control socket, by name. */
  readonly questions: ReadonlyMap<string, number>;
  /** What the three processes took, as a share of one core. */
  readonly cpuShare: number;
}

const accounts = ['one', 'two', 'three', 'four', 'five'];
/** Longer than any connection is kept for the next request. */
const longestIdleMs = 90_000;
const leastIdleMs = 30_000;

/** Runs the whole product, as built, for so long. @throws Error when a process of it does not start, or hangs */
export async function soak(options: SoakOptions): Promise<Soaked> {
  using folder = temporaryFolder();
  const upstreamProgram = fileURLToPath(new URL('upstream.ts', import.meta.url));
  await using upstream = await startChild([upstreamProgram, '--folder', folder.path]);
  const { dataDir, env, key } = await takeIn(folder.path);
  await using engine = await EngineProcess.start({ command: options.command, dataDir, env });

  const random = seededRandom(options.seed);
  const ledger = new Ledger();
  const stopping = new AbortController();
  const { signal } = stopping;
  const load = new Load({ url: engine.url, key, ledger, random, signal });
  const disturber = new Disturber({ upstreamUrl: upstream.url, dataDir, ledger, random, signal });
  const pids = [engine.pid, upstream.pid, process.pid];
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuUs(pid), 0);
  const startedAt = performance.now();
  const sample = (): Promise<Sample> =>
    takeSample(engine, dataDir, { at: (performance.now() - startedAt) / 1000, requests: load.sent });

  await disturber.question('models', {});
  await load.warmUp();
  await sleep(leastIdleMs);
  const idleBefore = await sample();
  const cpuBefore = cpu();
  // Whatever fails first ends the others, and then the soak.
  const work = Promise.all([load.run(), disturber.run()].map((run) => run.finally(() => stopping.abort())));
  work.catch(() => undefined);
  const samples: Sample[] = [];
  const endsAt = startedAt + options.minutes * 60_000;
  for (let spent = cpuBefore; performance.now() < endsAt && !signal.aborted;) {
    const from = performance.now();
    await sleep(options.sampleMs, undefined, { signal }).catch(() => undefined);
    const taken = await sample();
    samples.push(taken);
    options.onSample(taken);
    const now = cpu();
    const share = (now - spent) / 1000 / (performance.now() - from);
    spent = now;
    load.paceMs = Math.min(1_000, Math.max(60, load.paceMs * (share > options.cpuShare ? 1.1 : 0.97)));
  }
  stopping.abort();
  await work;
  const cpuShare = (cpu() - cpuBefore) / 1000 / (performance.now() - startedAt);

  const brokenLogins = await disturber.checkLogins();
  const idleAfter = await untilIdle(sample, idleBefore);
  const { refreshes, reused } = await disturber.statistics();
  const ended = await engine.stop();
  return {
    samples,
    idleBefore,
    idleAfter,
    stderr: engine.stderr,
    ended,
    unexplained: ledger.unexplained(),
    turns: load.turns,
    recorded: recordedIn(join(dataDir, 'usage.db')),
    databaseAfter: statSync(join(dataDir, 'usage.db')).size,
    brokenLogins,
    refreshes,
    reusedTokens: reused,
    ledger,
    questions: disturber.asked,
    cpuShare,
  };
}

/** Takes the logins in, the way that a person does. */
async function takeIn(folder: string): Promise<{ dataDir: string; env: NodeJS.ProcessEnv; key: string }> {
  const { KIRO_POOL_LOG: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const env = { ...inherited, HOME: folder, KIRO_POOL_ENDPOINTS: join(folder, 'endpoints.json') };
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  await using engine = await openEngine({ dataDir, env, log: () => undefined });
  for (const account of accounts) {
    const path = join(folder, `${account}.sqlite3`);
    const [taken] = await engine.handlers['accounts.import']({ from: 'kiro-cli', path });
    if (taken?.result !== 'added') throw new Error(`the login of ${account} was not taken: ${taken?.reason ?? ''}`);
  }
  const { key } = await engine.handlers['keys.show']({ name: 'default' });
  return { dataDir, env, key };
}

/** At least half a minute, and until connections that are kept for the next request have gone. */
async function untilIdle(sample: () => Promise<Sample>, before: Sample): Promise<Sample> {
  await sleep(leastIdleMs);
  let after = await sample();
  for (let waitedMs = leastIdleMs; after.sockets > before.sockets && waitedMs < longestIdleMs; waitedMs += 5_000) {
    await sleep(5_000);
    after = await sample();
  }
  return after;
}

function recordedIn(path: string): string[] {
  using database = new DatabaseSync(path, { readOnly: true });
  return database
    .prepare('SELECT id FROM requests')
    .all()
    .map(({ id }) => String(id));
}

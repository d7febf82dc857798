/**
 * `npm run bench`: Kiro Pool beside a bare pass-through and a hand-tight translator, all on loopback (docs/performance.md).
 *
 * --quick  one short round of Kiro Pool and the pass-through, for CI      --rounds N  rounds (3)
 * --only   start,memory,first-token,flood,paced,requests,pauses
 * --targets  names to run; the pass-through always does
 * --peer name=url,key[,pid]  another program, told to use the upstream at --upstream-port N
 * --also name=main.js        another build of Kiro Pool        --gate     exit 1 when a goal is missed
 * --profile                  CPU profiles into out/bench-profiles; read them with hot-spots.ts
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fullAmounts, quickAmounts } from './amounts.ts';
import { buildIfStale } from '../../build/freshness.ts';
import { endAll, startChild } from './children.ts';
import { makeEngineFolder } from './engine-folder.ts';
import { groups } from './figures.ts';
import { Generator } from './generator.ts';
import { isReached, rowsOf, tableOf, type ReportRow } from './report.ts';
import { round, type Amounts } from './rounds.ts';
import {
  kiroPool,
  ownProgram,
  peer,
  yardstick,
  type Contender,
  type ContenderOptions,
  type EngineFolders,
} from './targets.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string' },
    targets: { type: 'string' },
    peer: { type: 'string', multiple: true, default: [] },
    also: { type: 'string', multiple: true, default: [] },
    'upstream-port': { type: 'string', default: '0' },
    profile: { type: 'boolean', default: false },
    gate: { type: 'boolean', default: false },
    limit: { type: 'string' },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const amounts: Amounts = options.quick ? quickAmounts : fullAmounts;
const only = options.only?.split(',');
const unknown = only?.find((name) => !groups.some((group) => group === name));
if (unknown !== undefined) throw new Error(`--only knows ${groups.join(', ')}, not ${unknown}`);
const out = fileURLToPath(new URL('../../out', import.meta.url));
const limitMs = Number(options.limit ?? (options.quick ? 120 : 300 * rounds)) * 1000;
const folder = mkdtempSync(join(tmpdir(), 'kiro-pool-bench-'));
const samples = new Map<string, Map<string, number[]>>();

/** Whatever hangs, nothing of ours stays behind. */
function giveUp(why: string): void {
  endAll();
  rmSync(folder, { recursive: true, force: true });
  process.stderr.write(`\n${why}\n`);
  process.exit(1);
}
setTimeout(() => giveUp(`The bench took longer than ${limitMs / 1000} s.`), limitMs).unref();
process.once('SIGINT', () => giveUp('Stopped.'));
process.once('SIGTERM', () => giveUp('Stopped.'));

try {
  await buildIfStale();
  await bench();
  const rows = rowsOf(samples);
  if (process.stdout.isTTY) process.stdout.write(`\r${' '.repeat(70)}\r`);
  process.stdout.write(tableOf(rows));
  write(rows);
  const misses = rows.filter(({ figure, results }) => {
    const result = results['kiro-pool'];
    return result && isReached(figure.goal, result) === false;
  });
  if (options.gate && misses.length > 0) process.exitCode = 1;
} finally {
  endAll();
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const upstreamMain = fileURLToPath(new URL('./upstream.ts', import.meta.url));
  await using upstream = await startChild([upstreamMain, '--port', options['upstream-port']]);
  using generator = new Generator(upstream.url);
  const profileDir = options.profile ? join(out, 'bench-profiles') : undefined;
  const setup: ContenderOptions = { upstreamUrl: upstream.url, profileDir };
  const builds: Contender[] = [];
  for (const text of ['kiro-pool', ...options.also]) {
    const [name = '', main] = text.split('=');
    builds.push(kiroPool(setup, await makeFolders(name, upstream.url), name, main));
  }
  const all = [ownProgram('pass-through', setup), ownProgram('hand-tight', setup), ...builds];
  const wanted = options.targets?.split(',') ?? (options.quick ? ['kiro-pool'] : undefined);
  const contenders = [...all, ...options.peer.map((text) => peer(text))].filter(
    ({ name, isForeign }) => isForeign || name === yardstick || wanted === undefined || wanted.includes(name),
  );
  for (let n = 1; n <= rounds; n += 1) {
    await round({
      // There and back again: who comes first has no advantage.
      contenders: n % 2 === 1 ? contenders : contenders.toReversed(),
      generator,
      direct: { url: upstream.url, path: '/generateAssistantResponse', key: '', pid: upstream.pid },
      amounts,
      wants: (group) => only === undefined || only.includes(group),
      note,
      progress: (text) => {
        if (process.stdout.isTTY) process.stdout.write(`\rround ${n} of ${rounds}, ${text}`.padEnd(70));
      },
    });
  }
}

async function makeFolders(name: string, upstreamUrl: string): Promise<EngineFolders> {
  // 20 requests at once are the most that one account can be set to.
  const accounts = Math.max(100, ...amounts.streams) / 20;
  return {
    few: await makeEngineFolder(join(folder, name, 'few'), upstreamUrl, 3),
    crowd: await makeEngineFolder(join(folder, name, 'crowd'), upstreamUrl, accounts),
  };
}

function note(name: string, measured: Readonly<Record<string, number>>): void {
  const ofName = samples.get(name) ?? new Map<string, number[]>();
  samples.set(name, ofName);
  for (const [figure, value] of Object.entries(measured)) ofName.set(figure, [...(ofName.get(figure) ?? []), value]);
}

function write(rows: readonly ReportRow[]): void {
  mkdirSync(out, { recursive: true });
  const machine = {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
  };
  const raw = Object.fromEntries([...samples].map(([name, figures]) => [name, Object.fromEntries(figures)]));
  const report = { at: new Date().toISOString(), isQuick: options.quick, rounds, machine, rows, raw };
  writeFileSync(join(out, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
}

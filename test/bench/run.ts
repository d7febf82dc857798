/**
 * `npm run bench`: Kiro Pool beside a bare pass-through and a hand-tight translator, all on loopback (docs/performance.md). A whole
 * run writes the tables and the picture of that page; every run writes out/bench.json.
 *
 * --quick  one short round of Kiro Pool and the pass-through, for CI      --rounds N  rounds (3)
 * --only   start,memory,first-token,flood,paced,requests,pauses
 * --targets  names to run; the pass-through always does
 * --peer name=url,key[,pid]  another program, told to use the upstream at --upstream-port N
 * --also name=main.js        another build of Kiro Pool        --gate     exit 1 when a goal is missed
 * --profile                  CPU profiles into out/bench-profiles; read them with hot-spots.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fullAmounts, quickAmounts } from './amounts.ts';
import { buildIfStale } from '../../build/freshness.ts';
import { bounded, progress } from './bounded.ts';
import { startChild } from './children.ts';
import { makeEngineFolder } from './engine-folder.ts';
import { groups } from './figures.ts';
import { Generator } from './generator.ts';
import { machine } from './machine.ts';
import { writePerformance } from './performance-page.ts';
import { isReached, rowsOf, tableOf, type ReportRow } from './report.ts';
import { round, type Amounts } from './rounds.ts';
import {
  kiroPool,
  kiroPoolName,
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
const samples = new Map<string, Map<string, number[]>>();

await bounded('bench', limitMs, async (folder) => {
  await buildIfStale();
  await bench(folder);
  progress('');
  const rows = rowsOf(samples);
  process.stdout.write(tableOf(rows));
  write(rows);
  const misses = rows.filter(({ figure, results }) => {
    const result = results[kiroPoolName];
    return result && isReached(figure.goal, result) === false;
  });
  if (options.gate && misses.length > 0) process.exitCode = 1;
});

async function bench(folder: string): Promise<void> {
  const upstreamMain = fileURLToPath(new URL('./upstream.ts', import.meta.url));
  await using upstream = await startChild([upstreamMain, '--port', options['upstream-port']]);
  using generator = new Generator(upstream.url);
  const profileDir = options.profile ? join(out, 'bench-profiles') : undefined;
  const setup: ContenderOptions = { upstreamUrl: upstream.url, profileDir };
  const builds: Contender[] = [];
  for (const text of [kiroPoolName, ...options.also]) {
    const [name = '', main] = text.split('=');
    builds.push(kiroPool(setup, await makeFolders(join(folder, name), upstream.url), name, main));
  }
  const all = [ownProgram('pass-through', setup), ownProgram('hand-tight', setup), ...builds];
  const wanted = options.targets?.split(',') ?? (options.quick ? [kiroPoolName] : undefined);
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
      progress: (text) => progress(`round ${n} of ${rounds}, ${text}`),
    });
  }
}

async function makeFolders(folder: string, upstreamUrl: string): Promise<EngineFolders> {
  // 20 requests at once are the most that one account can be set to.
  const accounts = Math.max(100, ...amounts.streams) / 20;
  return {
    few: await makeEngineFolder(join(folder, 'few'), upstreamUrl, 3),
    crowd: await makeEngineFolder(join(folder, 'crowd'), upstreamUrl, accounts),
  };
}

function note(name: string, measured: Readonly<Record<string, number>>): void {
  const ofName = samples.get(name) ?? new Map<string, number[]>();
  samples.set(name, ofName);
  for (const [figure, value] of Object.entries(measured)) ofName.set(figure, [...(ofName.get(figure) ?? []), value]);
}

function write(rows: readonly ReportRow[]): void {
  mkdirSync(out, { recursive: true });
  const raw = Object.fromEntries([...samples].map(([name, figures]) => [name, Object.fromEntries(figures)]));
  const report = { at: new Date().toISOString(), isQuick: options.quick, rounds, machine: machine(), rows, raw };
  writeFileSync(join(out, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
  const isWhole = !options.quick && only === undefined && options.targets === undefined;
  if (isWhole) writePerformance(rows, rounds, report.machine);
}

/**
 * `npm run growth`: how the costs of Kiro Pool grow with turns, bytes, streams, events, accounts and history, all on loopback.
 * Writes docs/growth.md, its picture and out/growth.json. Exits with 1 when a cost grows faster than it may.
 *
 * --quick  fewer and smaller sizes; prints only        --only turns,bytes,streams,length,accounts,history
 */
import { parseArgs } from 'node:util';
import { buildIfStale } from '../../build/freshness.ts';
import { bounded, progress } from './bounded.ts';
import { measureAccounts } from './growth/accounts.ts';
import { isStage, stages, type Stage } from './growth/costs.ts';
import { curvesOf, type Sample } from './growth/curve.ts';
import { fullExtent, quickExtent } from './growth/extents.ts';
import { measureHistory } from './growth/history.ts';
import { measureLength } from './growth/length.ts';
import { measureBytes, measureTurns } from './growth/requests.ts';
import { startRig, type Rig } from './growth/rig.ts';
import { measureStreams } from './growth/streams.ts';
import { writeGrowth } from './growth/write.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const wanted = options.only?.split(',') ?? Object.keys(stages);
const unknown = wanted.find((name) => !isStage(name));
if (unknown !== undefined) throw new Error(`--only knows ${Object.keys(stages).join(', ')}, not ${unknown}`);

const measures: Readonly<Record<Stage, (rig: Rig) => Promise<void>>> = {
  turns: measureTurns,
  bytes: measureBytes,
  streams: measureStreams,
  length: measureLength,
  accounts: measureAccounts,
  history: measureHistory,
};

await bounded('growth', 15 * 60_000, async (folder) => {
  await buildIfStale();
  const samples: Sample[] = [];
  {
    await using rig = await startRig({
      extent: options.quick ? quickExtent : fullExtent,
      folder,
      note: (sample) => samples.push(sample),
      progress,
    });
    for (const [stage, measure] of Object.entries(measures)) if (wanted.includes(stage)) await measure(rig);
  }
  progress('');
  const curves = curvesOf(samples);
  writeGrowth(curves, samples, { isWhole: !options.quick && options.only === undefined });
  if (curves.some(({ isHeld }) => !isHeld)) process.exitCode = 1;
});

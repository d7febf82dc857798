import { setTimeout } from 'node:timers/promises';
import type { EngineFolder } from '../engine-folder.ts';
import { startBoth, type Rig } from './rig.ts';

/** Events a second of each stream: what a thousand of them and everything around can do on two cores. */
const perSecond = 10;

/** More and more streams at once: silent ones for the memory, running ones for the work. */
export async function measureStreams(rig: Rig): Promise<void> {
  const { extent, note, progress, run } = rig;
  const steps = [...extent.streams];
  // 20 requests at once are the most that one account can be set to.
  const folder = await rig.makeFolder('streams', Math.ceil(Math.max(...steps) / 20));
  for (let round = 0; round < extent.rounds; round += 1) {
    // In a process of its own, since memory depends on what a process did before.
    await using both = await startBoth(rig, folder);
    for (const { of, target } of both.sides) {
      progress(`streams: ${of}, silent`);
      await run({ job: 'first-token', target, count: 20 });
      const measured = await run({ job: 'memory', target, steps });
      for (const x of steps) note({ cost: 'streamsMb', of, x, y: (measured[`kb${x}`] ?? Number.NaN) / 1024 });
      progress(`streams: ${of}, running`);
      const ramp = await run({ job: 'ramp', target, steps, perSecond, ms: 1_000 });
      for (const x of steps) note({ cost: 'streamsCpu', of, x, y: ramp[`cpuUs ${x}`] ?? Number.NaN });
    }
  }
  await measureAlive(rig, folder);
}

/** What is alive does not depend on the machine: once is enough. */
async function measureAlive(rig: Rig, folder: EngineFolder): Promise<void> {
  const { extent, note, progress, run } = rig;
  const steps = [...extent.streams];
  await using both = await startBoth(rig, folder, { isProbed: true });
  for (const { of, target, heapFile } of both.sides) {
    progress(`streams: ${of}, alive`);
    // What every account needs at its first request is no stream's.
    for (let n = 0; n < 2; n += 1) await run({ job: 'memory', target, steps: [Math.max(...steps)] });
    await setTimeout(settledMs);
    const alive = await run({ job: 'memory', target, steps, heapFile });
    for (const x of steps) {
      const mb = (alive[`heapMb${x}`] ?? Number.NaN) - (alive['idleHeapMb'] ?? Number.NaN);
      note({ cost: 'streamsKb', of, x, y: (mb * 1000) / x });
    }
  }
}

/** Until what has ended is written down and forgotten. */
const settledMs = 3_000;

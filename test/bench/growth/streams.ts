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
      let before = { x: 0, kb: (measured['idleMb'] ?? Number.NaN) * 1024 };
      for (const x of steps) {
        const kb = measured[`kb${x}`] ?? Number.NaN;
        note({ cost: 'streamsMb', of, x, y: kb / 1024 });
        note({ cost: 'streamsKb', of, x, y: (kb - before.kb) / (x - before.x) });
        before = { x, kb };
      }
      progress(`streams: ${of}, running`);
      const ramp = await run({ job: 'ramp', target, steps, perSecond, ms: 1_000 });
      for (const x of steps) note({ cost: 'streamsCpu', of, x, y: ramp[`cpuUs ${x}`] ?? Number.NaN });
    }
  }
}

import { block } from '../frames.ts';
import { startBoth, type Rig } from './rig.ts';

/** Longer and longer answers: nothing may gather. */
export async function measureLength(rig: Rig): Promise<void> {
  const { extent, note, progress, run } = rig;
  await using both = await startBoth(rig, await rig.makeFolder('length', 3), { isProbed: true });
  const shapes = extent.events.map((events) => {
    const blocks = Math.max(1, Math.round(events / block.events));
    return { blocks, x: blocks * block.events, times: Math.max(1, Math.round(60_000 / events)) };
  });
  // The heap takes its size first, on all of what is to come.
  for (const { target } of both.sides) {
    const longest = Math.max(...shapes.map(({ blocks }) => blocks));
    await run({ job: 'length', target, blocks: Math.ceil(longest / 4), times: 1 });
  }
  for (let round = 0; round < extent.rounds; round += 1) {
    for (const { blocks, x, times } of shapes) {
      progress(`length: ${x} events`);
      for (const { of, target } of both.sides) {
        const { cpuUs = Number.NaN, mostMb = Number.NaN } = await run({ job: 'length', target, blocks, times });
        note({ cost: 'lengthCpu', of, x, y: cpuUs });
        note({ cost: 'lengthMb', of, x, y: mostMb });
      }
    }
  }
  for (const { blocks, x } of shapes) {
    progress(`length: ${x} events, alive`);
    for (const { of, target, heapFile } of both.sides) {
      const { heapMb = Number.NaN } = await run({ job: 'held', target, blocks, heapFile });
      note({ cost: 'lengthHeap', of, x, y: heapMb });
    }
  }
}

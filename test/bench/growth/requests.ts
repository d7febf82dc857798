import type { ConversationShape } from '../conversations.ts';
import { conversationOf } from '../conversations.ts';
import { startBoth, type Rig } from './rig.ts';

/** Longer conversations of equal turns, and the same number of turns with more and more in them. */
export async function measureTurns(rig: Rig): Promise<void> {
  const shapes = rig.extent.turns.map((turns) => ({ x: turns, shape: { turns, resultBytes: 1_500, unicode: false } }));
  await measure(rig, 'turns', shapes);
}

export async function measureBytes(rig: Rig): Promise<void> {
  const shapes = rig.extent.megabytes.map((megabytes) => {
    const shape = { turns: 200, resultBytes: Math.round(megabytes * 9_700), unicode: false };
    return { x: conversationOf(shape).length / 1e6, shape };
  });
  await measure(rig, 'bytes', shapes);
}

async function measure(
  rig: Rig,
  name: 'turns' | 'bytes',
  shapes: readonly { readonly x: number; readonly shape: ConversationShape }[],
): Promise<void> {
  const { direct, extent, note, progress } = rig;
  await using both = await startBoth(rig, await rig.makeFolder(name, 3));
  // The shortest of all stages, and the one that others on the machine disturb most.
  for (let round = 0; round < extent.rounds * 2; round += 1) {
    for (const { x, shape } of shapes) {
      progress(`${name}: ${x.toFixed(1)}`);
      // About as long for each size.
      const count = Math.max(5, Math.round(90 / (1 + conversationOf(shape).length / 200_000)));
      for (const { of, target } of both.sides) {
        const { leastAdded = Number.NaN, cpuMs = Number.NaN } = await rig.run({
          job: 'request',
          target,
          direct,
          shape,
          count,
        });
        note({ cost: `${name}Ms`, of, x, y: leastAdded });
        note({ cost: `${name}Cpu`, of, x, y: cpuMs });
      }
    }
  }
}

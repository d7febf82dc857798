import { statSync } from 'node:fs';
import { join } from 'node:path';
import { askOwner } from '../../../app/control/control-client.ts';
import { openEngine } from '../../../app/engine.ts';
import { History } from '../../../app/usage/history.ts';
import { seededRandom } from '../../emulator/random.ts';
import { rowAt } from '../../proofs/history-folder.ts';
import type { EngineFolder } from '../engine-folder.ts';
import { ownerOf } from '../screen.ts';
import { repeated } from './repeated.ts';
import { startCold, type Rig } from './rig.ts';

/** One history of ninety days that has more and more requests in it. */
export async function measureHistory(rig: Rig): Promise<void> {
  const { extent, note, progress } = rig;
  const folder = await rig.makeFolder('history', 5);
  let from = 0;
  for (const x of extent.rows) {
    progress(`history: recording ${x}`);
    await fill(folder, x - from);
    from = x;
    const noteOf = (cost: string, y: number): void => note({ cost, of: 'kiro-pool', x, y });
    noteOf('historyFile', statSync(join(folder.path, 'usage.db')).size / 1e6);
    for (let round = 0; round < extent.rounds; round += 1) {
      progress(`history: ${x}`);
      const { started, coldMs, idleMb } = await startCold(rig, folder);
      await using _ = started;
      noteOf('historyCold', coldMs);
      noteOf('historyIdle', idleMb);
      const owner = await ownerOf(folder.path);
      const startedAt = performance.now();
      await askOwner(owner, 'usage.chart', { range: '90d' });
      noteOf('historyChart', performance.now() - startedAt);
      noteOf('historyUsage', await repeated(5, () => askOwner(owner, 'usage', { days: 90 })));
      noteOf('historyLast', await repeated(9, () => askOwner(owner, 'requests', { last: 100 })));
      const job = { job: 'sessions', target: started.target, direct: rig.direct, count: 60 } as const;
      const { cpuMs = Number.NaN } = await rig.run(job);
      noteOf('historyCpu', cpuMs);
    }
  }
}

const day = 86_400_000;
/** As many as may wait in memory. */
const rowsAWrite = 5_000;

/** Records requests over the last ninety days, as the engine does, but many in one write. */
async function fill(folder: EngineFolder, rows: number): Promise<void> {
  const accounts = await idsOf(folder);
  using history = new History({ path: join(folder.path, 'usage.db'), now: Date.now, after: () => () => undefined });
  const random = seededRandom(rows);
  const until = Date.now();
  for (let index = 0; index < rows; index += 1) {
    history.record(rowAt(until - Math.floor(((rows - index) / rows) * 89 * day), accounts, random.below(1_000_000)));
    if ((index + 1) % rowsAWrite === 0) history.flush();
  }
}

async function idsOf({ path, env }: EngineFolder): Promise<string[]> {
  await using engine = await openEngine({ dataDir: path, env, log: () => undefined });
  return engine.parts.accounts.list().map(({ id }) => id);
}

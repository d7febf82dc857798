import { statSync } from 'node:fs';
import { join } from 'node:path';
import { askOwner } from '../../../app/control/control-client.ts';
import { addLogins } from '../engine-folder.ts';
import { openBrowser, ownerOf } from '../screen.ts';
import { repeated } from './repeated.ts';
import { startCold, type Rig } from './rig.ts';

/** One pool that takes in more and more accounts. */
export async function measureAccounts(rig: Rig): Promise<void> {
  const { extent, note, progress } = rig;
  const folder = await rig.makeFolder('accounts', 0);
  let from = 0;
  for (const x of extent.accounts) {
    progress(`accounts: taking in ${x}`);
    await addLogins(folder, { from, to: x });
    from = x;
    const noteOf = (cost: string, y: number): void => note({ cost, of: 'kiro-pool', x, y });
    for (let round = 0; round < extent.rounds; round += 1) {
      progress(`accounts: ${x}`);
      const { started, coldMs, idleMb } = await startCold(rig, folder);
      await using _ = started;
      noteOf('accountsCold', coldMs);
      noteOf('accountsIdle', idleMb);
      const job = { job: 'sessions', target: started.target, direct: rig.direct, count: 60 } as const;
      const { leastAdded = Number.NaN, cpuMs = Number.NaN } = await rig.run(job);
      noteOf('accountsMs', leastAdded);
      noteOf('accountsCpu', cpuMs);
      await measureQuestions(folder.path, noteOf);
    }
  }
}

async function measureQuestions(dataDir: string, noteOf: (cost: string, y: number) => void): Promise<void> {
  const owner = await ownerOf(dataDir);
  const accounts = await askOwner(owner, 'accounts.list', {});
  noteOf('accountsList', await repeated(9, () => askOwner(owner, 'accounts.list', {})));
  const browser = await openBrowser(dataDir);
  const snapshot = async (): Promise<void> => {
    const leave = new AbortController();
    await browser
      .watch(leave.signal, () => leave.abort())
      .catch((error: unknown) => {
        if (!leave.signal.aborted) throw error;
      });
  };
  noteOf('accountsSnapshot', await repeated(9, snapshot));
  // Each login in turn, as they end.
  const refresh = (n: number): Promise<unknown> => {
    const id = accounts[n % accounts.length]?.id ?? '';
    return askOwner(owner, 'accounts.refresh', { id });
  };
  noteOf('accountsRotation', await repeated(9, refresh));
  noteOf('accountsFile', statSync(join(dataDir, 'accounts.json')).size / 1000);
}

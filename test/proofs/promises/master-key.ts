import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { PromiseRow } from './row.ts';
import { fileOf, refusedStart, startServed, type Served } from './served.ts';
import { said, told, trayOf, undated } from './told.ts';

/** The key that all logins are sealed with, where it lies in a file. For a key in the keyring see key-store.ts. */
export const masterKeyFaults: readonly PromiseRow[] = [
  ...[
    {
      fault: 'the file of the master key is deleted',
      code: 'master-key-missing',
      harm: (path: string) => rmSync(path),
    },
    {
      fault: 'the file of the master key holds garbage',
      code: 'bad-master-key',
      harm: (path: string) => writeFileSync(path, Buffer.alloc(44, 0xa5)),
    },
  ].map(({ fault, code, harm }): PromiseRow => ({
    fault,
    promise: 'the start is refused in words and no new key made over sealed logins; with the key back all is as before',
    async prove(plant) {
      await using served = await startServed();
      const kept = await served.remember();
      const before = sealedBytes(served);
      const path = fileOf(served, 'master.key');
      const key = readFileSync(path);
      const error = await refusedStart(served, () => plant(() => harm(path)));
      assert.equal(error.code, code);
      assert.deepEqual(sealedBytes(served), before);
      await served.restart(() => writeFileSync(path, key, { mode: 0o600 }));
      return { sees: said(error), kept: `with the key put back: ${await kept()}` };
    },
  })),
  {
    fault: 'the file of the master key holds another key, and a further login is taken in',
    promise: 'what it does not open is told, and kept as it is in its file; with the key back all is as before',
    async prove(plant) {
      await using served = await startServed();
      const kept = await served.remember();
      const path = fileOf(served, 'master.key');
      const key = readFileSync(path);
      await served.restart(() => plant(() => writeFileSync(path, randomBytes(32).toString('base64'))));
      const { engine } = served.rig;
      const [problem = ''] = engine.live.current().problems;
      assert.match(problem, /^The account "[^"]+" cannot be opened: it was sealed with another key\.$/);
      const answer = await served.ask();
      assert.equal(answer.code, 'invalid_api_key');
      const tray = trayOf(engine);
      await served.rig.add({ kind: 'social', id: 'further' });
      await served.restart(() => writeFileSync(path, key, { mode: 0o600 }));
      return {
        sees: `"${undated(problem)}"; with the old key ${told(answer)}; the tray: ${tray}`,
        kept: `with the key put back: ${await kept()}`,
      };
    },
  },
];

/** What stands in the files that are sealed with it. */
function sealedBytes(served: Served): string[] {
  return ['accounts.json', 'keys.json'].map((name) => readFileSync(fileOf(served, name), 'utf8'));
}

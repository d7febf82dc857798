import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../app/store/store-error.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, startServed, undated, type Served } from './served.ts';

const keptAside =
  'it is kept under another name and told; what else is in the folder is as it was, and the pool serves';

/** Files of the data folder that are damaged, locked or gone when the pool is started. */
export const fileFaults: readonly PromiseRow[] = [
  ...[
    { what: 'holds garbage', harm: (path: string) => writeFileSync(path, Buffer.alloc(4096, 0xa5)) },
    { what: 'is cut in half', harm: (path: string) => truncateSync(path, readFileSync(path).length / 2) },
  ].flatMap(({ what, harm }): PromiseRow[] => [
    {
      fault: `accounts.json ${what}`,
      promise:
        'it is kept byte for byte under another name and told, never overwritten: put back, its logins serve again',
      async prove() {
        await using served = await startServed();
        const before = readFileSync(fileOf(served, 'accounts.json'));
        const harmed = await restartHarmed(served, 'accounts.json', harm);
        const [problem = ''] = served.rig.engine.live.current().problems;
        assert.match(problem, /^accounts\.json could not be used .* It was kept as accounts\.json\.corrupt-/);
        const refused = await served.ask();
        assert.equal(refused.code, 'no_account');
        assert.deepEqual(asideOf(served, 'accounts.json'), [harmed]);
        await served.restart(() => writeFileSync(fileOf(served, 'accounts.json'), before));
        await assertServes(served);
        return {
          sees: `"${undated(problem)}"; ${refused.status} \`${refused.code}\``,
          kept: 'the damaged file, and the local keys',
        };
      },
    },
    {
      fault: `settings.json ${what}`,
      promise: keptAside,
      async prove() {
        await using served = await startServed();
        await served.rig.engine.handlers['settings.set']({ key: 'strategy', value: 'drain' });
        const harmed = await restartHarmed(served, 'settings.json', harm);
        return await provenAside(
          served,
          'settings.json',
          harmed,
          'logins, keys, history; settings are at their defaults',
        );
      },
    },
    {
      fault: `usage.db ${what}`,
      promise: keptAside,
      async prove() {
        await using served = await startServed();
        await assertServes(served);
        const harmed = await restartHarmed(served, 'usage.db', harm);
        return await provenAside(
          served,
          'usage.db',
          harmed,
          'logins, keys, settings; the damaged history lies beside a fresh one',
        );
      },
    },
  ]),
  {
    fault: 'the log of usage.db (-wal) holds garbage',
    promise: 'what was in the database before is read, and the pool serves',
    async prove() {
      await using served = await startServed();
      await assertServes(served);
      await served.restart(() => writeFileSync(fileOf(served, 'usage.db-wal'), Buffer.alloc(8192, 0xa5)));
      assert.deepEqual(served.rig.engine.live.current().problems, []);
      assert.deepEqual(await served.outcomes(), ['served']);
      await assertServes(served);
      return { sees: 'nothing', kept: 'logins, and every row of the history' };
    },
  },
  {
    fault: 'another program locks usage.db and keeps it locked',
    promise: 'requests are served, their rows wait in memory, and are written when it lets go',
    async prove() {
      await using served = await startServed();
      await assertServes(served);
      const other = new DatabaseSync(fileOf(served, 'usage.db'));
      other.exec('BEGIN IMMEDIATE');
      await assertServes(served);
      assert.deepEqual(await served.outcomes(), ['served', 'served']);
      other.exec('ROLLBACK');
      other.close();
      await served.restart();
      assert.deepEqual(await served.outcomes(), ['served', 'served']);
      return { sees: '200, the whole answer', kept: 'both rows of the history, also after a restart' };
    },
  },
  ...['accounts.json', 'settings.json'].map((name): PromiseRow => ({
    fault: `${name} was written by a newer Kiro Pool`,
    promise: 'the start is refused in words and the file left as it is, byte for byte',
    async prove() {
      await using served = await startServed();
      const newer = '{"version":99,"accounts":{"in":"another shape"}}';
      await served.rig.engine.handlers['settings.set']({ key: 'strategy', value: 'drain' });
      const before = readFileSync(fileOf(served, name));
      const error = await refusedStart(served, () => writeFileSync(fileOf(served, name), newer));
      assert.equal(error.code, 'newer-version');
      assert.equal(readFileSync(fileOf(served, name), 'utf8'), newer);
      await served.restart(() => writeFileSync(fileOf(served, name), before));
      await assertServes(served);
      return { sees: said(error), kept: 'everything: put back, it serves' };
    },
  })),
  {
    fault: 'the file of the master key is deleted',
    promise: 'the start is refused in words and no new key made over sealed logins; with the key back all is as before',
    async prove() {
      await using served = await startServed();
      const path = fileOf(served, 'master.key');
      const key = readFileSync(path);
      const error = await refusedStart(served, () => rmSync(path));
      assert.equal(error.code, 'master-key-missing');
      assert.ok(!readdirSync(served.rig.folder.file('data')).includes('master.key'));
      await served.restart(() => writeFileSync(path, key, { mode: 0o600 }));
      await assertServes(served);
      return { sees: said(error), kept: 'everything: with the key put back, it serves' };
    },
  },
];

async function provenAside(
  served: Served,
  name: string,
  harmed: Buffer,
  kept: string,
): ReturnType<PromiseRow['prove']> {
  const [problem = ''] = served.rig.engine.live.current().problems;
  assert.ok(problem.startsWith(name), problem);
  assert.deepEqual(asideOf(served, name), [harmed]);
  await assertServes(served);
  return { sees: `"${undated(problem)}"; requests are served`, kept };
}

/** Has a start fail, and says how. */
async function refusedStart(served: Served, harm: () => void): Promise<StoreError> {
  const error = await served.restart(harm).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof StoreError, 'the start was not refused');
  return error;
}

function fileOf({ rig }: Served, name: string): string {
  return `${rig.folder.file('data')}/${name}`;
}

/** Restarts on a folder with a file that is damaged meanwhile, and returns what stood in it. */
async function restartHarmed(served: Served, name: string, harm: (path: string) => void): Promise<Buffer> {
  const path = fileOf(served, name);
  let harmed = Buffer.alloc(0);
  await served.restart(() => {
    harm(path);
    harmed = readFileSync(path);
  });
  return harmed;
}

/** What stands in the files that were set aside under this name. */
function asideOf(served: Served, name: string): Buffer[] {
  const names = readdirSync(served.rig.folder.file('data')).filter((each) => each.startsWith(`${name}.corrupt-`));
  return names.filter((each) => !/-(?:wal|shm)$/.test(each)).map((each) => readFileSync(fileOf(served, each)));
}

function said({ message, hint }: StoreError): string {
  return `"${undated(`${message} ${hint}`)}"`;
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { belongingsIn, compare } from './belongings.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, fileOf, refusedStart, startServed, type Served } from './served.ts';
import { said, told, trayOf, undated } from './told.ts';

const keptAside =
  'it is kept byte for byte under another name and told; what else is in the folder is as it was, and the pool serves';
const refused = 'the start is refused in words and the file left as it is, byte for byte';

const harms: readonly { readonly what: string; readonly harm: (path: string) => void }[] = [
  { what: 'holds garbage', harm: (path) => writeFileSync(path, Buffer.alloc(4096, 0xa5)) },
  { what: 'is cut in half', harm: (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)) },
];

/** Files of the data folder that are damaged, locked or gone when the pool is started. */
export const fileFaults: readonly PromiseRow[] = [
  ...harms.flatMap(({ what, harm }): PromiseRow[] => [
    {
      fault: `accounts.json ${what}`,
      promise: keptAside,
      async prove(plant) {
        await using served = await startServed();
        const kept = await served.remember();
        const path = fileOf(served, 'accounts.json');
        const [before, bytes] = [await belongingsIn(served.rig.engine), readFileSync(path)];
        const problem = await restartHarmed(served, 'accounts.json', () => plant(() => harm(path)));
        const answer = await served.ask();
        assert.equal(answer.code, 'no_account');
        const tray = trayOf(served.rig.engine);
        const text = compare(before, await belongingsIn(served.rig.engine), ['logins']);
        await served.restart(() => writeFileSync(path, bytes));
        return {
          sees: `"${problem}"; ${told(answer)}; the tray: ${tray}`,
          kept: `${text}; with the file put back: ${await kept()}`,
        };
      },
    },
    {
      fault: `keys.json ${what}`,
      promise: `${keptAside}, with a new key`,
      async prove(plant) {
        await using served = await startServed();
        const kept = await served.remember();
        const path = fileOf(served, 'keys.json');
        const [before, bytes] = [await belongingsIn(served.rig.engine), readFileSync(path)];
        const problem = await restartHarmed(served, 'keys.json', () => plant(() => harm(path)));
        const answer = await served.ask();
        assert.equal(answer.code, 'invalid_api_key');
        const text = compare(before, await belongingsIn(served.rig.engine), ['key']);
        await served.restart(() => writeFileSync(path, bytes));
        return {
          sees: `"${problem}"; with the old key ${told(answer)}`,
          kept: `${text}; with the file put back: ${await kept()}`,
        };
      },
    },
    {
      fault: `settings.json ${what}`,
      promise: keptAside,
      async prove(plant) {
        await using served = await startServed();
        await served.rig.engine.handlers['settings.set']({ key: 'strategy', value: 'drain' });
        const kept = await served.remember();
        const path = fileOf(served, 'settings.json');
        const problem = await restartHarmed(served, 'settings.json', () => plant(() => harm(path)));
        assert.equal(served.rig.engine.parts.settings.get('strategy'), 'hybrid');
        return { sees: `"${problem}"`, kept: `${await kept('settings')}; settings are at their defaults` };
      },
    },
    {
      fault: `usage.db ${what}`,
      promise: keptAside,
      async prove(plant) {
        await using served = await startServed();
        await assertServes(served);
        const kept = await served.remember();
        const path = fileOf(served, 'usage.db');
        const problem = await restartHarmed(served, 'usage.db', () => plant(() => harm(path)));
        assert.deepEqual(await served.outcomes(), []);
        return { sees: `"${problem}"`, kept: `${await kept('requests')}; the damaged history lies beside a fresh one` };
      },
    },
  ]),
  {
    fault: 'the log of usage.db (-wal) holds garbage',
    promise: 'what was in the database before is read, and the pool serves',
    async prove(plant) {
      await using served = await startServed();
      await assertServes(served);
      const kept = await served.remember();
      const path = fileOf(served, 'usage.db-wal');
      await served.restart(() => {
        plant(() => writeFileSync(path, Buffer.alloc(8192, 0xa5)));
        assert.equal(statSync(path).size, 8192);
      });
      assert.deepEqual(served.rig.engine.live.current().problems, []);
      return { sees: 'nothing', kept: await kept() };
    },
  },
  {
    fault: 'usage.db is overwritten with garbage while the pool runs',
    promise: keptAside,
    async prove(plant) {
      await using served = await startServed();
      await assertServes(served);
      const { handlers, live } = served.rig.engine;
      await handlers.usage({ days: 1 });
      const kept = await served.remember();
      const path = fileOf(served, 'usage.db');
      {
        using other = new DatabaseSync(path);
        other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }
      const garbage = Buffer.alloc(statSync(path).size, 0xa5);
      plant(() => writeFileSync(path, garbage));
      await assertServes(served);
      await handlers.usage({ days: 1 });
      const [problem = ''] = live.current().problems;
      assert.match(problem, /^usage\.db was damaged\. It was kept as .* and a fresh history begun\.$/);
      assertKeptAside(served, 'usage.db', garbage);
      return { sees: `200, the whole answer; "${undated(problem)}"`, kept: await kept('requests') };
    },
  },
  {
    fault: 'another program locks usage.db and keeps it locked',
    promise: 'requests are served, their rows wait in memory, and are written when it lets go; that is told meanwhile',
    async prove(plant) {
      await using served = await startServed();
      const { handlers, live } = served.rig.engine;
      using other = new DatabaseSync(fileOf(served, 'usage.db'));
      plant(() => other.exec('BEGIN IMMEDIATE'));
      await assertServes(served);
      await handlers.usage({ days: 1 });
      const [problem = ''] = live.current().problems;
      assert.match(problem, /usage\.db could not be used\. The newest requests wait in memory\.$/);
      const kept = await served.remember();
      assert.deepEqual(await served.outcomes(), ['served']);
      other.exec('ROLLBACK');
      await handlers.usage({ days: 1 });
      assert.deepEqual(live.current().problems, []);
      await served.restart();
      return {
        sees: `200, the whole answer; meanwhile "${undated(problem)}"`,
        kept: `${await kept()}, after a restart`,
      };
    },
  },
  {
    fault: 'another program keeps usage.db locked for more than ten thousand requests',
    promise: 'the newest ten thousand wait in memory and are written when it lets go; how many are missing is told',
    async prove(plant) {
      await using served = await startServed();
      const { handlers, live, parts } = served.rig.engine;
      await assertServes(served);
      const [row] = parts.history.recent(1);
      assert.ok(row);
      await handlers.usage({ days: 1 });
      const kept = await served.remember();
      using other = new DatabaseSync(fileOf(served, 'usage.db'));
      plant(() => other.exec('BEGIN IMMEDIATE'));
      for (let count = 0; count < 10_001; count += 1) parts.history.record({ ...row, id: `req_${count}` });
      await handlers.usage({ days: 1 });
      for (let count = 10_001; count < 10_005; count += 1) parts.history.record({ ...row, id: `req_${count}` });
      if (other.isTransaction) other.exec('ROLLBACK');
      await handlers.usage({ days: 1 });
      const [problem = '', ...more] = live.current().problems;
      assert.deepEqual(more, []);
      assert.match(problem, /^5 requests are missing in the history: .*usage\.db could not be written for too long\.$/);
      const stored = parts.history.recent(20_000);
      assert.deepEqual([stored.length, stored[0]?.id, stored.at(-1)?.id], [10_001, 'req_10004', row.id]);
      return {
        sees: `"${undated(problem)}"`,
        kept: `${await kept('requests')}; the history of before, and the newest ten thousand requests`,
      };
    },
  },
  ...['accounts.json', 'settings.json'].map((name): PromiseRow => ({
    fault: `${name} was written by a newer Kiro Pool`,
    promise: refused,
    async prove(plant) {
      await using served = await startServed();
      const newer = '{"version":99,"accounts":{"in":"another shape"}}';
      await served.rig.engine.handlers['settings.set']({ key: 'strategy', value: 'drain' });
      const kept = await served.remember();
      const path = fileOf(served, name);
      const before = readFileSync(path);
      const error = await refusedStart(served, () => plant(() => writeFileSync(path, newer)));
      assert.equal(error.code, 'newer-version');
      assert.equal(readFileSync(path, 'utf8'), newer);
      await served.restart(() => writeFileSync(path, before));
      return { sees: said(error), kept: `with the file put back: ${await kept()}` };
    },
  })),
];

/** Restarts on a folder with a file that is damaged meanwhile. @returns how that is told */
async function restartHarmed(served: Served, name: string, harm: () => void): Promise<string> {
  const path = fileOf(served, name);
  let harmed = Buffer.alloc(0);
  await served.restart(() => {
    harm();
    harmed = readFileSync(path);
  });
  const [problem = ''] = served.rig.engine.live.current().problems;
  assert.match(problem, new RegExp(`^${name.replace('.', '\\.')} (?:could not be used|was damaged).* It was kept as `));
  assertKeptAside(served, name, harmed);
  return undated(problem);
}

/** One file was set aside under this name, and these bytes stand in it. */
function assertKeptAside(served: Served, name: string, bytes: Buffer): void {
  const names = readdirSync(served.rig.folder.file('data')).filter((each) => each.startsWith(`${name}.corrupt-`));
  const [aside = '', ...more] = names.filter((each) => !/-(?:wal|shm)$/.test(each));
  assert.deepEqual(more, []);
  // Not compared by an assertion, which would show every byte of the two.
  assert.ok(readFileSync(fileOf(served, aside)).equals(bytes), `${aside} is not the damaged ${name}`);
}

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { until } from '../../proxy/serving.ts';
import { urlOf } from '../../support/command.ts';
import { startForm } from '../../support/form.ts';
import type { Rig } from '../../support/engine.ts';
import { turnsOf } from '../served-rig.ts';
import { belongingsBy, compare } from './belongings.ts';
import type { Plant, PromiseRow } from './row.ts';
import { post, seen, type Seen } from './served.ts';
import { canMount, fill, serveOnDisk, type ServeOnDisk } from './small-disk.ts';
import { refusalOf, said, told, undated } from './told.ts';

/** Starts once while the disk is read-only, and goes on when that has ended with exit code 1. */
const refusedOnce = `mount -o remount,ro none "$KIRO_POOL_DATA_DIR" && { "$2" "$3" serve --json --port 0; test $? = 1; } &&
mount -o remount,rw none "$KIRO_POOL_DATA_DIR" &&`;

/** Disks that say no to `serve`, a process of its own: each is a small one in memory, that this process alone sees. */
export const diskFaults: readonly PromiseRow[] = [
  {
    fault: 'the disk is full while a token is renewed',
    promise:
      'a new login that is not on disk is not used; it is kept in memory, the client is told, and served once there is room',
    prove: onSmallDisk(async ({ serve, ask, rig }, plant) => {
      plant(() => fill(`${serve.folder}/full`));
      const answer = await unsavedLogin(rig, ask);
      rmSync(`${serve.folder}/full`);
      const later = await ask();
      assert.equal(later.isWhole, true, JSON.stringify(later));
      return { sees: `${told(answer)}; with room again: 200, the whole answer` };
    }),
  },
  {
    fault: 'the disk is full while requests are written into the history',
    promise:
      'requests are served, their rows wait in memory, and that is told while it is so; with room again they are written by themselves',
    prove: onSmallDisk(async ({ serve, ask }, plant) => {
      plant(() => fill(`${serve.folder}/full`));
      for (let turn = 0; turn < 3; turn += 1) assert.equal((await ask()).isWhole, true);
      // Rows wait for a quarter of a second for others; who looks at the charts does not.
      await serve.command('usage');
      const { out } = await serve.command('doctor');
      const [problem] = /\S*usage\.db could not be used\. The newest requests wait in memory\./.exec(out) ?? [];
      assert.ok(problem !== undefined, out);
      rmSync(`${serve.folder}/full`);
      // It tries again by itself every five seconds, and when the charts are looked at.
      await serve.command('usage');
      await until(() => serve.err().includes('store.recovered'), 'the rows are written');
      const healthy = await serve.command('doctor');
      assert.ok(!healthy.out.includes('usage.db'), healthy.out);
      return { sees: `200, the whole answer; the doctor: "${undated(problem)}", until there is room`, rows: 3 };
    }),
  },
  {
    fault: 'the data folder turns read-only while `serve` runs',
    promise:
      'what cannot be written is told, and not used where that could lose a login; when it is writable again, all goes on without a restart',
    prove: onSmallDisk(async ({ serve, ask, rig }, plant) => {
      const folder = '"$KIRO_POOL_DATA_DIR"';
      await plant(() => serve.beside(`mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`));
      assert.equal((await ask()).isWhole, true);
      const answer = await unsavedLogin(rig, ask);
      const refused = refusalOf(await serve.command('settings', 'set', 'strategy', 'drain', '--json'));
      await serve.beside(`umount ${folder}`);
      const later = await ask();
      assert.equal(later.isWhole, true, JSON.stringify(later));
      await serve.command('usage');
      return {
        rows: 3,
        sees: `${told(answer)}; \`settings set\`: ${said(refused)}; writable again: 200, the whole answer`,
      };
    }),
  },
  {
    fault: 'the data folder is on a disk that is read-only when `serve` starts',
    promise: 'the start is refused in words, and nothing is lost',
    prove: onSmallDisk(async ({ serve, ask }) => {
      const error = refusalOf({ code: 1, err: serve.err() });
      assert.equal((await ask()).isWhole, true);
      return { sees: `exit code 1, ${said(error)}; writable again, the next start serves` };
    }, refusedOnce),
  },
];

interface OnDisk {
  readonly serve: ServeOnDisk;
  readonly ask: () => Promise<Seen>;
  readonly rig: Rig;
}

/**
 * Lets something befall a `serve` on a disk of its own, then cuts the power and looks at what is on the disk.
 * @param before what befalls it before it starts: a shell's commands
 */
function onSmallDisk(
  befall: (world: OnDisk, plant: Plant) => Promise<{ readonly sees: string; readonly rows?: number }>,
  before = '',
): PromiseRow['prove'] {
  return async (plant) => {
    if (!canMount()) return { skipped: 'this system lets no ordinary user mount a disk' };
    await using form = await startForm('idle');
    const { rig, env } = form;
    const had = await belongingsBy(env);
    await using serve = serveOnDisk(
      env,
      plant(() => before),
    );
    const url = await urlOf(serve);
    rig.emulator.clear();
    const ask = async (): Promise<Seen> => seen(await post({ url, key: had.key }));
    const { sees, rows = 0 } = await befall({ serve, ask, rig }, plant);
    await serve.cutPower();
    const after = await belongingsBy(env);
    assert.ok(after.requests.length - had.requests.length >= rows, 'rows of the history are missing');
    rig.emulator.accounts()[0]?.expireAccessTokens();
    await rig.restart();
    await rig.engine.handlers['accounts.refresh']({ id: rig.engine.live.current().accounts[0]?.id ?? '' });
    assert.equal(rig.emulator.statistics().reusedRefreshTokens, 0);
    return { sees, kept: `after a power cut: ${compare(had, after)}; no traded token is sent again` };
  };
}

/** Asks while a renewed login cannot be written. */
async function unsavedLogin(rig: Rig, ask: () => Promise<Seen>): Promise<Seen> {
  rig.emulator.accounts()[0]?.expireAccessTokens();
  const before = turnsOf(rig).filter(({ status }) => status === 200).length;
  const answer = await ask();
  assert.equal(answer.code, 'upstream_unreachable');
  assert.match(answer.message, /could not be written to disk/);
  assert.match(answer.retryAfter ?? '', /^[1-9]\d*$/);
  const used = turnsOf(rig).filter(({ status }) => status === 200).length - before;
  assert.equal(used, 0, 'a login that was not on disk was used');
  return answer;
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import * as v from 'valibot';
import { command, main, startProgram, urlOf, type Started } from '../../support/command.ts';
import { startForm } from '../../support/form.ts';
import type { PromiseRow } from './row.ts';
import { post, seen, told, undated } from './served.ts';

/** Disks that say no to `serve`, a process of its own: each is a small one in memory, that this process alone sees. */
export const diskFaults: readonly PromiseRow[] = [
  {
    fault: 'the disk is full while a token is renewed',
    promise:
      'a new login that is not on disk is not used; it is kept in memory, the client is told, and served once there is room',
    async prove() {
      if (!canMount()) return { skipped: 'this system lets no ordinary user mount a disk' };
      await using form = await startForm('idle');
      const { rig, env } = form;
      const key = (await command(env, 'key', 'show')).out.trim();
      await using serve = startOnDisk(env, '');
      const url = await urlOf(serve);
      const folder = `/proc/${serve.child.pid}/root${env['KIRO_POOL_DATA_DIR']}`;
      fill(`${folder}/full`);
      const [account] = rig.emulator.accounts();
      rig.emulator.clear();
      account?.expireAccessTokens();
      const answer = await seen(await post({ url, key }));
      assert.equal(answer.code, 'upstream_unreachable');
      assert.match(answer.message, /could not be written to disk/);
      assert.match(answer.retryAfter ?? '', /^[1-9]\d*$/);
      const turns = rig.emulator.journal.filter(({ operation }) => operation === 'GenerateAssistantResponse');
      assert.ok(
        turns.every(({ status }) => status !== 200),
        'a login that was not on disk was used',
      );
      rmSync(`${folder}/full`);
      const later = await seen(await post({ url, key }));
      assert.equal(later.isWhole, true, JSON.stringify(later));
      // As a power cut leaves it.
      serve.child.kill('SIGSTOP');
      for (const name of ['accounts.json', 'rotations.log'].filter((each) => existsSync(`${folder}/${each}`)))
        copyFileSync(`${folder}/${name}`, `${env['KIRO_POOL_DATA_DIR']}/${name}`);
      serve.child.kill('SIGKILL');
      await rig.restart();
      account?.expireAccessTokens();
      const { emulator } = rig;
      await rig.engine.handlers['accounts.refresh']({ id: rig.engine.live.current().accounts[0]?.id ?? '' });
      assert.equal(emulator.statistics().reusedRefreshTokens, 0);
      return {
        sees: `${told(answer)}; with room again: 200, the whole answer`,
        kept: 'the login, after a kill as well: no traded token was sent again',
      };
    },
  },
  {
    fault: 'the data folder is on a disk that is read-only',
    promise: 'the start is refused in words, and nothing is lost',
    async prove() {
      if (!canMount()) return { skipped: 'this system lets no ordinary user mount a disk' };
      await using form = await startForm('idle');
      const { env } = form;
      await using serve = startOnDisk(env, 'mount -o remount,ro none "$KIRO_POOL_DATA_DIR" &&');
      assert.equal(await serve.ended, 1);
      const { error } = v.parse(refusal, serve.err());
      return {
        sees: `exit code 1, \`${error.code}\`: "${undated(`${error.message} ${error.hint}`)}"`,
        kept: 'everything',
      };
    },
  },
];

const refusal = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ error: v.object({ code: v.string(), message: v.string(), hint: v.string() }) }),
);

/** Whether this user may mount what only a process of its own sees. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts `serve` with its folder on a disk of 2 MiB of its own. @param before a shell's commands that go before it */
function startOnDisk(env: Readonly<Record<string, string>>, before: string): Started {
  const kept = `${env['KIRO_POOL_DATA_DIR']}-kept`;
  mkdirSync(kept, { recursive: true });
  const script =
    'cp -a "$KIRO_POOL_DATA_DIR/." "$1" && mount -t tmpfs -o size=2m,mode=0700 none "$KIRO_POOL_DATA_DIR" && ' +
    `cp -a "$1/." "$KIRO_POOL_DATA_DIR" && ${before} exec "$2" "$3" serve --json --port 0`;
  const all = { ...process.env, ...env };
  return startProgram(all, 'unshare', '-rm', 'sh', '-c', script, 'sh', kept, process.execPath, main);
}

/** Writes until there is no room left. */
function fill(path: string): void {
  for (let size = 64 * 1024; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch {
      // Smaller pieces may still fit.
    }
  }
}

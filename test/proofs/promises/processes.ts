import assert from 'node:assert/strict';
import { lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { main, start, startProgram, urlOf } from '../../support/command.ts';
import { startForm } from '../../support/form.ts';
import { until } from '../../proxy/serving.ts';
import { belongingsBy, compare } from './belongings.ts';
import type { PromiseRow } from './row.ts';
import { post, seen } from './served.ts';

/** What befalls the process of `serve`. */
export const processFaults: readonly PromiseRow[] = [
  {
    fault: '`serve` is killed (SIGKILL), three times, each time after a token was renewed',
    promise:
      'nobody takes it for running, commands work in between, every start serves, and no traded token is sent again',
    async prove(plant) {
      await using form = await startForm('idle');
      const env = { ...process.env, ...form.env };
      const { emulator } = form.rig;
      const before = await belongingsBy(env);
      let kept = '';
      for (let life = 0; life < 3; life += 1) {
        emulator.accounts()[0]?.expireAccessTokens();
        await using serve = start(env, 'serve', '--json', '--port', '0');
        const answer = await seen(await post({ url: await urlOf(serve), key: before.key }));
        assert.equal(answer.isWhole, true, JSON.stringify(answer));
        plant(() => serve.child.kill('SIGKILL'));
        await until(() => serve.child.signalCode === 'SIGKILL', 'it is killed');
        kept = compare(before, await belongingsBy(env));
      }
      assert.equal(emulator.statistics().reusedRefreshTokens, 0);
      assert.deepEqual(
        readdirSync(form.env['KIRO_POOL_DATA_DIR'] ?? '').filter((name) => name.includes('.corrupt')),
        [],
      );
      return {
        sees: 'a broken connection; the next start serves',
        kept: `${kept}, perhaps without requests of the last quarter of a second; no damaged file; at 500 random moments: [kill.md](kill.md)`,
      };
    },
  },
  {
    fault: 'something else has taken the place of the control socket',
    promise: 'the process that owns the folder takes its place back, and commands reach it',
    async prove(plant) {
      await using form = await startForm('idle');
      const env = { ...process.env, ...form.env };
      const before = await belongingsBy(env);
      const path = `${form.env['KIRO_POOL_DATA_DIR']}/control.sock`;
      plant(() => writeFileSync(path, 'no socket'));
      assert.ok(lstatSync(path).isFile());
      await using serve = start(env, 'serve', '--json', '--port', '0');
      const answer = await seen(await post({ url: await urlOf(serve), key: before.key }));
      assert.equal(answer.isWhole, true);
      assert.ok(lstatSync(path).isSocket());
      return { sees: '`ready`; commands end with exit code 0', kept: compare(before, await belongingsBy(env)) };
    },
  },
  {
    fault: 'clients use up the open files that the process may have (`ulimit -n`)',
    promise: 'the process lives, those beyond are refused, and when they leave the next request is served',
    async prove(plant) {
      if (process.platform === 'win32') return { skipped: 'Windows sets no such limit' };
      await using form = await startForm('idle');
      const env = { ...process.env, ...form.env };
      const before = await belongingsBy(env);
      const limit = plant(() => 'ulimit -n 60 &&') ?? '';
      const script = `${limit} exec "$0" "$1" serve --json --port 0`;
      await using serve = startProgram(env, 'sh', '-c', script, process.execPath, main);
      const url = await urlOf(serve);
      const clients = Array.from({ length: 100 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
      for (const client of clients) client.on('error', () => {}).resume();
      await until(() => clients.some(({ closed }) => closed), 'somebody is refused');
      for (const client of clients) client.destroy();
      const isServed = async (): Promise<boolean> => (await seen(await post({ url, key: before.key }))).isWhole;
      await until(() => isServed().catch(() => false), 'the next request is served');
      assert.equal(serve.child.exitCode, null);
      return {
        sees: 'those beyond the limit: a closed connection; then 200, the whole answer',
        kept: compare(before, await belongingsBy(env)),
      };
    },
  },
];

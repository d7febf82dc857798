import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { command, main, start, startProgram, urlOf } from '../../support/command.ts';
import { startForm } from '../../support/form.ts';
import { until } from '../../proxy/serving.ts';
import type { PromiseRow } from './row.ts';
import { post, seen } from './served.ts';

/** What befalls the process of `serve`. */
export const processFaults: readonly PromiseRow[] = [
  {
    fault: '`serve` is killed (SIGKILL), three times, each time after a token was renewed',
    promise:
      'nobody takes it for running, commands work in between, every start serves, and no traded token is sent again',
    async prove() {
      await using form = await startForm('idle');
      const env = { ...process.env, ...form.env };
      const { emulator } = form.rig;
      const key = (await command(env, 'key', 'show')).out.trim();
      for (let life = 0; life < 3; life += 1) {
        emulator.accounts()[0]?.expireAccessTokens();
        await using serve = start(env, 'serve', '--json', '--port', '0');
        const url = await urlOf(serve);
        const answer = await seen(await post({ url, key }));
        assert.equal(answer.isWhole, true, JSON.stringify(answer));
        serve.child.kill('SIGKILL');
        await serve.ended;
        const listed = await command(env, 'accounts', 'list', '--json');
        assert.match(listed.out, /"name":\s*"ready"/, listed.err);
      }
      assert.equal(emulator.statistics().reusedRefreshTokens, 0);
      assert.deepEqual(
        readdirSync(form.env['KIRO_POOL_DATA_DIR'] ?? '').filter((name) => /\.(?:tmp|corrupt)/.test(name)),
        [],
      );
      return {
        sees: 'a broken connection; the next start serves',
        kept: 'login, keys, no damaged file; at 500 random moments: [kill.md](kill.md)',
      };
    },
  },
  {
    fault: 'something else has taken the place of the control socket',
    promise: 'the process that owns the folder takes its place back, and commands reach it',
    async prove() {
      await using form = await startForm('idle');
      const env = { ...process.env, ...form.env };
      writeFileSync(`${form.env['KIRO_POOL_DATA_DIR']}/control.sock`, 'no socket');
      await using serve = start(env, 'serve', '--json', '--port', '0');
      await serve.firstLine;
      const status = await command(env, 'accounts', 'list', '--json');
      assert.equal(status.code, 0, status.err);
      return { sees: '`ready`; commands answer with exit code 0', kept: 'logins, keys, history' };
    },
  },
  {
    fault: 'clients use up the open files that the process may have (`ulimit -n`)',
    promise: 'the process lives, those beyond are refused, and when they leave the next request is served',
    async prove() {
      if (process.platform === 'win32') return { skipped: 'Windows sets no such limit' };
      await using form = await startForm('idle');
      const env = { ...process.env, ...form.env };
      const key = (await command(env, 'key', 'show')).out.trim();
      await using serve = startProgram(
        env,
        'sh',
        '-c',
        'ulimit -n 60 && exec "$0" "$1" serve --json --port 0',
        process.execPath,
        main,
      );
      const url = await urlOf(serve);
      const clients = Array.from({ length: 100 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
      const refused = await Promise.race(clients.map((client) => closedOnItsOwn(client)));
      assert.equal(refused, true);
      for (const client of clients) client.destroy();
      const isServed = async (): Promise<boolean> => (await seen(await post({ url, key }))).isWhole;
      await until(() => isServed().catch(() => false), 'the next request is served');
      assert.equal(serve.child.exitCode, null);
      return {
        sees: 'those beyond the limit: a closed connection; then 200, the whole answer',
        kept: 'login, history',
      };
    },
  },
];

/** Resolves when the other side closes the connection. */
async function closedOnItsOwn(client: Socket): Promise<boolean> {
  client.on('error', () => {}).resume();
  await once(client, 'close').catch(() => undefined);
  return true;
}

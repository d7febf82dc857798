import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { command, start } from '../support/command.ts';
import { startRig, temporaryFolder } from '../support/engine.ts';
import { startForm } from '../support/form.ts';

describe('serve', () => {
  it.each([
    ['a host beyond loopback', ['--host', '0.0.0.0'], {}, 'lan-not-allowed', '--allow-lan'],
    ['a master key that is none', [], { KIRO_POOL_MASTER_KEY: 'c2hvcnQ=' }, 'bad-master-key', 'openssl'],
    ['an endpoints file that is not there', [], { KIRO_POOL_ENDPOINTS: '/nowhere.json' }, 'bad-endpoints', 'unset'],
  ])('refuses %s', async (_what, args, env, code, hint) => {
    using folder = temporaryFolder();
    const ran = await command(
      { KIRO_POOL_DATA_DIR: folder.file('data'), ...env },
      'serve',
      '--port',
      '0',
      '--json',
      ...args,
    );
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code, hint: expect.stringContaining(hint) } });
  });

  it('refuses an endpoints file that would send tokens elsewhere', async () => {
    await using rig = await startRig();
    const path = rig.folder.file('evil.json');
    writeFileSync(path, JSON.stringify({ ...rig.emulator.endpoints, oidc: 'https://oidc.{region}.evil.example' }));
    const env = { KIRO_POOL_DATA_DIR: rig.folder.file('other'), KIRO_POOL_ENDPOINTS: path };
    const ran = await command(env, 'accounts', 'list', '--json');
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.err)).toMatchObject({
      error: { code: 'bad-endpoints', message: expect.stringContaining('oidc') },
    });
  });

  it('takes the next port when its own is taken, and says so', async () => {
    using folder = temporaryFolder();
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ran = await command({ KIRO_POOL_DATA_DIR: folder.file('data') }, 'serve', '--port', String(port));
    blocker.close();
    expect(ran.code).toBe(0);
    expect(ran.out).toContain(`Port ${port} is taken`);
    expect(ran.out).toMatch(/Kiro Pool serves on http:\/\/127\.0\.0\.1:\d+\/v1/);
    expect(ran.out).not.toContain(`127.0.0.1:${port}/`);
  });

  it('says so when it is paused and will refuse requests', async () => {
    using folder = temporaryFolder();
    const env = { KIRO_POOL_DATA_DIR: folder.file('data') };
    await command(env, 'settings', 'set', 'paused', 'true');
    expect((await command(env, 'serve', '--port', '0')).out).toContain('kiro-pool settings set paused false');
    await command(env, 'settings', 'set', 'paused', 'false');
    expect((await command(env, 'serve', '--port', '0')).out).not.toContain('paused');
  });

  it('says when it is ready, finishes a running answer after SIGTERM, and lets go of the folder', async () => {
    await using rig = await startRig({ now: Date.now, eventDelayMs: 40 });
    rig.now = Date.now();
    await rig.add({ kind: 'social' });
    await rig.engine.close();
    const env = { ...process.env, ...rig.env, KIRO_POOL_DATA_DIR: rig.folder.file('data') };
    await using server = start(env, 'serve', '--port', '0', '--json');
    const ready = v.parse(
      v.pipe(
        v.string(),
        v.parseJson(),
        v.strictObject({ event: v.literal('ready'), url: v.string(), pid: v.number() }),
      ),
      await server.firstLine,
    );
    expect(ready.pid).toBe(server.child.pid);
    const second = await command(env, 'serve', '--port', '0');
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining(`process ${ready.pid}`) });
    const key = (await command(env, 'key', 'show')).out.trim();
    const response = await fetch(`${ready.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'claude-sonnet-5', stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let answer = (await reader?.read())?.value ?? '';
    server.child.kill('SIGTERM');
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) answer += next.value;
    expect(answer).toMatch(/👋[\s\S]*\[DONE\]/);
    expect(await server.ended).toBe(0);
    const rows = (await command(env, 'requests', '--json')).json();
    expect(rows).toMatchObject([{ outcome: 'served', key: 'default', sends: 1 }]);
  });

  it('that was killed starts again, and commands work in between', async () => {
    using folder = temporaryFolder();
    const env = { ...process.env, KIRO_POOL_DATA_DIR: folder.file('data') };
    await using first = start(env, 'serve', '--port', '0', '--json');
    await first.firstLine;
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await command(env, 'accounts', 'list', '--json')).toMatchObject({ code: 0, out: '[]\n' });
    // The process number of the dead one may belong to another program by now.
    const owner = join(folder.file('data'), 'owner.json');
    writeFileSync(
      owner,
      JSON.stringify({
        pid: process.pid,
        startedAt: 1,
        version: '0',
        socket: join(folder.file('data'), 'control.sock'),
        token: 'x',
      }),
    );
    expect(await command(env, 'key', 'list', '--json')).toMatchObject({ code: 0 });
    await using second = start(env, 'serve', '--port', '0', '--json');
    expect(await second.firstLine).toContain('ready');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it('leaves nothing behind that keeps a command alive', async () => {
    await using started = await startForm('idle');
    await using listed = start({ ...process.env, ...started.env }, 'doctor', '--json');
    expect(await listed.firstLine).toContain('Account me@example.com');
    const before = performance.now();
    expect(await listed.ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(4_000);
  });
});

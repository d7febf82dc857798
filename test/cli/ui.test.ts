import { once } from 'node:events';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../build/freshness.ts';
import { command, start } from '../support/command.ts';
import { temporaryFolder } from '../support/engine.ts';
import { send } from '../ui/ui-serving.ts';

const readySchema = v.object({ event: v.literal('ready'), url: v.string(), pid: v.number(), ui: v.string() });
const linkSchema = v.object({ url: v.string() });

beforeAll(buildIfStale, 120_000);

async function openLink(link: string): Promise<{ status: number; cookie: string; port: number }> {
  const { port, pathname, search } = new URL(link);
  const { status, headers } = await send({ port: Number(port), path: pathname + search });
  return { status, cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '', port: Number(port) };
}

describe('serve --ui', () => {
  it('prints a link to the built screens, and serve --ui again or ui print another to the same pool', async () => {
    using folder = temporaryFolder();
    const env = { KIRO_POOL_DATA_DIR: folder.file('data'), HOME: folder.path, PATH: process.env['PATH'] };
    await using serving = start(env, 'serve', '--ui', '--port', '0', '--json');
    const ready = v.parse(readySchema, JSON.parse(await serving.firstLine));
    const { status, cookie, port } = await openLink(ready.ui);
    expect(status).toBe(303);
    const page = await send({ port, path: '/ui/', headers: { cookie } });
    expect(page.status).toBe(200);
    const assets = [...page.text.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      expect((await send({ port, path: `/ui/${asset}`, headers: { cookie } })).status).toBe(200);
    }

    for (const args of [['ui'], ['serve', '--ui']]) {
      const ran = await command(env, ...args, '--json');
      expect(ran.code).toBe(0);
      const { url } = v.parse(linkSchema, ran.json());
      expect(url).not.toBe(ready.ui);
      expect((await openLink(url)).status).toBe(303);
    }
    expect((await command(env, 'ui')).out).toMatch(
      /^The screens, once and within five minutes: http:\/\/127\.0\.0\.1:\d+\/ui\/open/,
    );
    expect((await command(env, 'serve', '--json')).code).toBe(1);
    expect(serving.err()).not.toContain('code=');
    serving.child.kill('SIGTERM');
    await once(serving.child, 'exit');
  });

  it('is said in words and in JSON, and nothing is offered without being asked for', async () => {
    using folder = temporaryFolder();
    const env = { KIRO_POOL_DATA_DIR: folder.file('data'), HOME: folder.path };
    const ran = await command(env, 'serve', '--ui', '--port', '0');
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringContaining('The screens, once and within five minutes: http'),
    });
    expect((await command(env, 'serve', '--port', '0')).out).not.toContain('/ui');
    const alone = await command(env, 'ui', '--json');
    expect(alone.code).toBe(1);
    expect(JSON.parse(alone.err)).toMatchObject({
      error: { code: 'not-serving', hint: 'Start it: kiro-pool serve --ui' },
    });
  });
});

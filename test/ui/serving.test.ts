import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { snapshotSchema, type Snapshot } from '../../app/contract.ts';
import { openEngine } from '../../app/engine.ts';
import { temporaryFolder } from '../support/engine.ts';
import { askUi, pathOf, send, startUi, type UiServing } from './ui-serving.ts';

/** Listens as a browser does. */
async function listen({ port }: UiServing, cookie: string): Promise<{ response: IncomingMessage; end: () => void }> {
  const outgoing = request({ host: '127.0.0.1', port, path: '/ui/events', headers: { cookie }, agent: false });
  outgoing.on('error', () => undefined);
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  if (!(response instanceof Object)) throw new Error('no answer');
  return { response, end: () => outgoing.destroy() };
}

/** Reads snapshots until one fits. */
async function snapshotThat(response: IncomingMessage, fits: (snapshot: Snapshot) => boolean): Promise<Snapshot[]> {
  const seen: Snapshot[] = [];
  let text = '';
  const parts: AsyncIterable<Buffer> = response.iterator({ destroyOnReturn: false });
  for await (const part of parts) {
    text += part.toString('utf8');
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events.filter((each) => each.startsWith('event: snapshot\n'))) {
      const snapshot = v.parse(snapshotSchema, JSON.parse(event.slice(event.indexOf('data: ') + 6)));
      seen.push(snapshot);
      if (fits(snapshot)) return seen;
    }
  }
  throw new Error('The stream ended');
}

describe('the screens in a browser', () => {
  test('open by a link, load, ask, and are live', async () => {
    await using ui = await startUi();
    const opened = await send({ port: ui.port, path: pathOf(ui.engine.uiLink()) });
    const cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const page = await send({ port: ui.port, path: '/ui/', headers: { cookie } });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const script = await send({ port: ui.port, path: '/ui/assets/index-1.js', headers: { cookie } });
    expect(script).toMatchObject({ status: 200, text: 'export {};', headers: { 'content-type': /javascript/ } });
    const bare = await send({ port: ui.port, path: '/ui', headers: { cookie } });
    expect(bare).toMatchObject({ status: 308, headers: { location: '/ui/' } });

    const { response, end } = await listen(ui, cookie);
    expect(response.headers['content-type']).toContain('text/event-stream');
    const [first] = await snapshotThat(response, () => true);
    expect(first).toMatchObject({ endpoint: { url: ui.url, isPaused: false } });
    const reply = await askUi(ui, cookie, 'endpoint.pause', { isPaused: true });
    expect(JSON.parse(reply.text)).toEqual({ ok: true, result: {} });
    const seen = await snapshotThat(response, ({ endpoint }) => endpoint.isPaused);
    expect(seen.at(-1)?.rev).toBeGreaterThan(first?.rev ?? Infinity);
    end();

    const usage = await askUi(ui, cookie, 'usage.chart', { range: '7d' });
    expect(JSON.parse(usage.text)).toMatchObject({ ok: true, result: { buckets: { length: 7 } } });
    const failed = await askUi(ui, cookie, 'accounts.pause', { id: 'acc_nobody0000' });
    expect(JSON.parse(failed.text)).toMatchObject({ ok: false, error: { code: 'account-not-found' } });
  });

  test('stop with the endpoint, at once though windows are open', async () => {
    const ui = await startUi();
    const cookie = await ui.signIn();
    const windows = await Promise.all([listen(ui, cookie), listen(ui, cookie)]);
    const ended = windows.map(({ response }) => once(response.resume(), 'end'));
    const startedAt = performance.now();
    await ui.engine.close(10_000);
    await Promise.all(ended);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await ui[Symbol.asyncDispose]();
  });

  test('have room for many windows, and end the oldest beyond that', async () => {
    await using ui = await startUi();
    const cookie = await ui.signIn();
    const first = await listen(ui, cookie);
    const ended = once(first.response.resume(), 'end');
    const windows = [];
    for (let count = 0; count < 32; count += 1) windows.push(await listen(ui, cookie));
    await expect(ended).resolves.toEqual([]);
    for (const { end } of windows) end();
  });

  test('are not to be had while nothing is served, or without a build', async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('screens'));
    const options = { dataDir: folder.file('data'), env: {}, screens: folder.file('screens'), log: () => undefined };
    await using engine = await openEngine(options);
    expect(() => engine.uiLink()).toThrow(
      expect.objectContaining({ code: 'not-serving', hint: expect.stringContaining('--ui') }),
    );
    await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
    expect(() => engine.uiLink()).toThrow(expect.objectContaining({ code: 'no-screens', hint: 'Run: npm run build' }));
    // Nobody has a link, so nothing is under /ui but the endpoint's own refusal.
    const { port } = new URL(engine.status().url ?? '');
    expect((await send({ port: Number(port), path: '/ui/' })).status).toBe(401);
  });
});

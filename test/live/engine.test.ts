import { once } from 'node:events';
import { createServer } from 'node:net';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { snapshotSchema, type Snapshot } from '../../app/contract.ts';
import type { Engine } from '../../app/engine.ts';
import { faults } from '../emulator/emulator.ts';
import { startServing } from '../proxy/serving.ts';
import { ask, startRig } from '../support/engine.ts';

/** Resolves with the first snapshot that fits. */
function snapshotWith(engine: Engine, fits: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve) => {
    const subscription = engine.live.subscribe((snapshot) => {
      if (!fits(snapshot)) return;
      resolve(snapshot);
      queueMicrotask(() => subscription[Symbol.dispose]());
    });
  });
}

describe('what the tray and the screens are told', () => {
  it('is what the contract says, before and after there are accounts and requests', async () => {
    await using rig = await startRig();
    expect(v.parse(snapshotSchema, rig.engine.live.current())).toEqual(rig.engine.live.current());
    await rig.add({ kind: 'social', used: 10, limit: 1000 }, { kind: 'identity-center' });
    const snapshot = rig.engine.live.current();
    expect(v.parse(snapshotSchema, snapshot)).toEqual(snapshot);
    expect(snapshot).toMatchObject({
      endpoint: { url: null, isPaused: false, takenPort: null },
      strategy: { name: 'hybrid', choices: expect.arrayContaining([{ name: 'drain', meaning: expect.any(String) }]) },
      pinned: null,
      hasAcceptedRisks: false,
      theme: 'system',
      problems: [],
    });
    expect(snapshot.accounts).toHaveLength(2);
  });

  it.each([
    ['the strategy', 'strategy', { name: 'drain' }, ({ strategy }: Snapshot) => strategy.name === 'drain'],
    ['a pause', 'endpoint.pause', { isPaused: true }, ({ endpoint }: Snapshot) => endpoint.isPaused],
    ['the theme', 'settings.set', { key: 'theme', value: 'dark' }, ({ theme }: Snapshot) => theme === 'dark'],
    [
      'the risks',
      'settings.set',
      { key: 'hasAcceptedRisks', value: 'true' },
      ({ hasAcceptedRisks }: Snapshot) => hasAcceptedRisks,
    ],
  ] as const)('changes with %s', async (_what, question, input, fits) => {
    await using rig = await startRig();
    const changed = snapshotWith(rig.engine, fits);
    const handler: (input: never) => unknown = rig.engine.handlers[question];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each row pairs a question with its own input
    await handler(input as never);
    expect((await changed).rev).toBeGreaterThan(1);
  });

  it('changes with accounts: added, renamed, paused, pinned, removed', async () => {
    await using rig = await startRig();
    const added = snapshotWith(rig.engine, ({ accounts }) => accounts[0]?.credits?.limit === 1000);
    await rig.add({ kind: 'social', used: 10, limit: 1000 });
    const id = rig.engine.parts.accounts.list()[0]?.id ?? '';
    expect((await added).pool).toMatchObject({ used: 10, limit: 1000, left: 990 });
    const { handlers } = rig.engine;
    const renamed = snapshotWith(rig.engine, ({ accounts }) => accounts[0]?.label === 'Work');
    await handlers['accounts.label']({ id, label: 'Work' });
    await renamed;
    const paused = snapshotWith(rig.engine, ({ accounts }) => accounts[0]?.state.name === 'disabled');
    await handlers['accounts.pause']({ id });
    await paused;
    const pinned = snapshotWith(rig.engine, (snapshot) => snapshot.pinned === id && !!snapshot.accounts[0]?.pinned);
    await handlers['accounts.pin']({ id });
    await pinned;
    const removed = snapshotWith(rig.engine, ({ accounts }) => accounts.length === 0);
    await handlers['accounts.remove']({ id });
    await removed;
  });

  it('shows a request while it runs, and its credits and the pace when it is over', async () => {
    await using serving = await startServing({
      eventDelayMs: 20,
      accounts: [{ kind: 'social', used: 0, limit: 1000 }],
    });
    // It runs for longer than snapshots are apart.
    serving.emulator.inject({ on: 'generate', fault: { kind: 'stall', ms: 1_000, afterEvents: 1 } });
    const running = snapshotWith(serving.engine, ({ accounts }) => accounts[0]?.inFlight === 1);
    const over = snapshotWith(serving.engine, ({ requests }) => requests.length === 1);
    const answer = await serving.chat({ stream: true });
    await running;
    await answer.text();
    const { requests, accounts, pool } = await over;
    const spent = requests[0]?.credits ?? 0;
    expect(spent).toBeGreaterThan(0);
    expect(requests[0]).toMatchObject({ outcome: 'served', inputTokens: expect.any(Number) });
    expect(accounts[0]?.inFlight).toBe(0);
    expect(accounts[0]?.credits?.used).toBeGreaterThanOrEqual(spent);
    expect(pool.perDay).toBeGreaterThan(0);
    expect(accounts[0]?.perDay).toBe(pool.perDay);
    await serving.chat();
    const usage = await serving.engine.handlers.usage({ days: 30 });
    const now = await snapshotWith(serving.engine, (snapshot) => snapshot.requests.length === 2);
    expect(now.pool.perDay).toBeCloseTo(usage.pool.perDay, 1);
  });

  it('names an account that cools down, and the moment it comes back', async () => {
    await using rig = await startRig();
    await rig.add({ kind: 'social' });
    const cooling = snapshotWith(rig.engine, ({ accounts }) => accounts[0]?.state.name === 'cooling');
    rig.emulator.inject({ on: 'generate', times: 'always', fault: faults.rateLimit });
    await ask(rig);
    const { accounts } = await cooling;
    const { until } = accounts[0]?.state ?? { until: null };
    rig.now = until ?? 0;
    expect(rig.engine.live.current().accounts[0]?.state.name).toBe('ready');
  });

  it('names the port that another program has', async () => {
    await using rig = await startRig();
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const serving = snapshotWith(rig.engine, ({ endpoint }) => endpoint.url !== null);
    const url = await rig.engine.serve({ host: '127.0.0.1', port, allowLan: false });
    expect((await serving).endpoint).toEqual({ url, isPaused: false, takenPort: port });
    blocker.close();
  });

  it('keeps the newest twenty requests', async () => {
    await using serving = await startServing();
    await serving.chat();
    serving.engine.live.current();
    for (let count = 0; count < 21; count += 1) await (await serving.chat()).text();
    const all = snapshotWith(serving.engine, ({ requests }) => requests.length === 20);
    const { requests } = await all;
    expect(requests.map(({ id }) => id)).toEqual(serving.engine.parts.history.recent(20).map(({ id }) => id));
  });
});

describe('a paused endpoint', () => {
  it('refuses requests in words, and asks Kiro nothing, until it is resumed', async () => {
    await using serving = await startServing();
    await serving.engine.handlers['endpoint.pause']({ isPaused: true });
    for (const answer of [await serving.chat(), await serving.fetch('/v1/models')]) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({
        error: { code: 'paused', message: expect.stringContaining('kiro-pool settings set paused false') },
      });
    }
    expect((await fetch(`${serving.url}/health`)).status).toBe(200);
    expect((await fetch(`${serving.url}/v1/models`)).status).toBe(401);
    expect(serving.turns()).toEqual([]);
    await serving.engine.handlers['endpoint.pause']({ isPaused: false });
    expect((await serving.chat()).status).toBe(200);
  });
});

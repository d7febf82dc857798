import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { startRig } from '../support/engine.ts';
import { startForm } from '../support/form.ts';

const pinSchema = v.strictObject({ pinned: v.string() });

describe.each(['serving', 'idle'] as const)('while %s', (form) => {
  it('a pause lasts until it is ended, and ends nothing else', async () => {
    await using started = await startForm(form);
    const run = async (line: string): Promise<unknown> =>
      (await command(started.env, ...line.split(' '), '--json')).json();
    expect(await run('accounts pause me@example.com')).toMatchObject({
      state: { name: 'disabled', reason: 'You paused it.' },
    });
    expect(await run('accounts clear me@example.com')).toMatchObject({ state: { name: 'disabled' } });
    expect(await run('accounts list')).toMatchObject([{ state: { name: 'disabled' } }]);
    expect(await run('accounts resume me@example.com')).toMatchObject({ state: { name: 'ready' } });
    expect(await run('accounts resume me@example.com')).toMatchObject({ state: { name: 'ready' } });
  });

  it('a pin shows in the list, and ends with its account', async () => {
    await using started = await startForm(form);
    const run = async (line: string): Promise<unknown> =>
      (await command(started.env, ...line.split(' '), '--json')).json();
    const [account] = started.rig.emulator.accounts();
    const pinned = await run('accounts pin me@example.com');
    expect(await run('accounts list')).toMatchObject([{ pinned: true }]);
    expect((await command(started.env, 'accounts', 'list')).out).toContain('me@example.com (pinned)');
    expect(await run('settings get pinned')).toMatchObject({ value: v.parse(pinSchema, pinned).pinned });
    await run('accounts remove me@example.com');
    expect(await run('settings get pinned')).toMatchObject({ value: null });
    expect(account?.email).toBe('me@example.com');
  });

  it('pin auto ends a pin', async () => {
    await using started = await startForm(form);
    await command(started.env, 'accounts', 'pin', 'me@example.com');
    const ended = await command(started.env, 'accounts', 'pin', 'auto');
    expect(ended).toMatchObject({ code: 0, out: 'The strategy chooses again.\n' });
    expect((await command(started.env, 'accounts', 'list', '--json')).json()).toMatchObject([{ pinned: false }]);
  });

  it('the strategy is shown with the meaning of each, and set', async () => {
    await using started = await startForm(form);
    const shown = await command(started.env, 'strategy');
    expect(shown.out).toMatch(/→ +hybrid +keeps/);
    expect(shown.out.trimEnd().split('\n')).toHaveLength(5);
    expect((await command(started.env, 'strategy', 'round-robin')).out).toMatch(/→ +round-robin/);
    expect((await command(started.env, 'settings', 'get', 'strategy')).out).toBe('round-robin\n');
  });

  it('overage is off until it is allowed, and both are shown in the list and in usage', async () => {
    await using started = await startForm(form);
    const list = async (): Promise<string> => (await command(started.env, 'accounts', 'list')).out;
    expect(await list()).toMatch(/ off +ready/);
    await command(started.env, 'accounts', 'overage', 'me@example.com', 'on', '--daily-cap', '20');
    expect(await list()).toContain('allowed, but off at Kiro, 0 of 20 today');
    const usage = await command(started.env, 'usage', '--json');
    expect(usage.json()).toMatchObject({ accounts: [{ overage: { isAllowed: true, dailyCap: 20, today: 0 } }] });
    expect((await command(started.env, 'usage')).out).toMatch(/OVERAGE +PACE/);
    await command(started.env, 'accounts', 'overage', 'me@example.com', 'off');
    expect(await list()).toMatch(/ off +ready/);
  });
});

describe('usage', () => {
  it('says how long the credits last, for each account and for all', async () => {
    await using rig = await startRig({ now: Date.now });
    rig.now = Date.now();
    await rig.add(
      { kind: 'social', id: 'fast', email: 'fast@example.com', used: 990, limit: 1000 },
      { kind: 'social', id: 'slow', email: 'slow@example.com', used: 0, limit: 10_000 },
    );
    const row = { key: 'default', session: null, model: 'auto', sends: 1, outcome: 'ok', decision: [] };
    const none = { contextPercent: null, inputTokens: null, outputTokens: null, firstTokenMs: null, totalMs: null };
    for (const { id, email } of rig.engine.parts.pool.summaries()) {
      const credits = email === 'fast@example.com' ? 100 : 0.1;
      rig.engine.parts.history.record({ ...row, ...none, id: `req_${id}`, at: rig.now, account: id, credits });
    }
    await rig.engine.close();
    const env = { ...rig.env, KIRO_POOL_DATA_DIR: rig.folder.file('data') };
    const { out } = await command(env, 'usage');
    expect(out).toMatch(/fast@example.com.* runs out \w+ /);
    expect(out).toMatch(/slow@example.com.* lasts to its reset /);
    expect(out).toMatch(/All together: [\d,]+ credits left, [\d.]+ a day through Kiro Pool/);
    expect((await command(env, 'usage', '--json')).json()).toMatchObject({
      accounts: [{ left: 10, runsOutAt: expect.any(Number) }, { runsOutAt: null }],
      pool: { left: 10_010, perDay: expect.any(Number) },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { ask, conversation, noon, startRig, user } from '../support/engine.ts';
import { faults } from '../emulator/emulator.ts';

const minute = 60_000;
const metered = (credits: number): { text: string; credits: number } => ({ text: 'hello', credits });

describe('credits of an account', () => {
  it('grow with what is metered, until Kiro tells its own count again', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social', used: 100, limit: 1000, usageLagMs: minute });
    if (!account) throw new Error('no account');
    rig.emulator.script([metered(0.1), metered(0.2)]);
    await ask(rig);
    await ask(rig);
    expect(rig.summaryOf(account).credits).toMatchObject({ used: 100.3, limit: 1000 });
    rig.now += 2 * minute;
    await rig.engine.handlers['accounts.refresh']({ id: rig.summaryOf(account).id });
    expect(rig.summaryOf(account).credits?.used).toBe(100.3);
  });

  it('are unknown, not zero, while Kiro does not tell', async () => {
    await using rig = await startRig();
    rig.emulator.inject({ on: 'usage', times: 'always', fault: faults.internalError });
    await rig.add({ kind: 'social' });
    expect(rig.engine.parts.pool.summaries()).toMatchObject([
      { credits: null, plan: null, email: null, isVerified: false },
    ]);
    expect((await ask(rig)).error).toBeUndefined();
    const report = await rig.engine.handlers.usage({ days: 1 });
    expect(report).toMatchObject({ accounts: [{ credits: null, limit: null }], pool: { limit: null } });
  });

  it('come with the plan, the reset and no limit where the plan has none', async () => {
    await using rig = await startRig();
    const [pro, power] = await rig.add(
      { kind: 'social', plan: 'pro', used: 12.5 },
      { kind: 'social', plan: 'power', limit: 999_999 },
    );
    if (!pro || !power) throw new Error('no accounts');
    expect(rig.summaryOf(pro)).toMatchObject({
      plan: 'KIRO PRO',
      label: pro.email,
      isVerified: true,
      credits: { used: 12.5, limit: 1000, resetAt: Date.UTC(2026, 11, 1) },
    });
    expect(rig.summaryOf(power).credits?.limit).toBeNull();
  });

  it('that are used up end the account until they are reset, over a restart too', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social', used: 999.9, limit: 1000 });
    if (!account) throw new Error('no account');
    rig.emulator.script([metered(0.1)]);
    expect((await ask(rig)).error).toBeUndefined();
    expect(rig.summaryOf(account).state).toMatchObject({ name: 'exhausted', until: Date.UTC(2026, 11, 1) });
    await rig.restart();
    const refused = await ask(rig);
    expect(refused).toMatchObject({ error: { code: 'all-exhausted' }, trace: { sends: 0 } });
    expect(refused.error?.message).toContain(`"${account.email}"`);
    expect(refused.error?.retryAfterMs).toBe(Date.UTC(2026, 11, 1) - noon);
    account.setUsage({ used: 0 });
    rig.now = Date.UTC(2026, 11, 1);
    expect((await ask(rig)).error).toBeUndefined();
  });

  it('that are used up are never gone beyond, although overage is on at Kiro', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social', used: 1012, limit: 1000, overage: true });
    if (!account) throw new Error('no account');
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
    expect(await ask(rig)).toMatchObject({ error: { code: 'all-exhausted' }, trace: { sends: 0 } });
  });

  it('of a trial or a bonus count before the account is used up', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social', used: 1000, limit: 1000, bonuses: [{ limit: 50 }] });
    if (!account) throw new Error('no account');
    expect(rig.summaryOf(account).state.name).toBe('ready');
    rig.emulator.script([metered(1), metered(60)]);
    expect((await ask(rig)).error).toBeUndefined();
    expect((await ask(rig, conversation({ turns: [user('more')] }))).error).toBeUndefined();
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
  });

  it('that were added bring the account back at the next look', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social', used: 1000, limit: 1000 });
    if (!account) throw new Error('no account');
    const { id, state } = rig.summaryOf(account);
    expect(state.name).toBe('exhausted');
    account.setUsage({ limit: 2000 });
    await rig.engine.handlers['accounts.refresh']({ id });
    expect(rig.summaryOf(account).state.name).toBe('ready');
    // A day's limit says nothing about the plan's credits, and is not ended by looking at them.
    rig.emulator.inject({ on: 'generate', fault: faults.throttledDaily });
    await ask(rig);
    await rig.engine.handlers['accounts.refresh']({ id });
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
  });

  it('are looked at when Kiro asks for fewer requests, since that often means that none are left', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social', used: 10, limit: 1000 });
    if (!account) throw new Error('no account');
    account.setUsage({ used: 1000 });
    rig.emulator.inject({ on: 'generate', fault: faults.rateLimit });
    await ask(rig);
    await expect.poll(() => rig.summaryOf(account).state.name).toBe('exhausted');
  });
});

import { describe, expect, it } from 'vitest';
import type { EmulatedAccount } from '../emulator/emulator.ts';
import { ask, conversation, noon, startRig, user, type Rig } from '../support/engine.ts';

const metered = (credits: number): { text: string; credits: number } => ({ text: 'hello', credits });
const tomorrow = Date.UTC(2026, 10, 24);
const reset = Date.UTC(2026, 11, 1);

async function overage(
  rig: Rig,
  account: EmulatedAccount,
  isAllowed: boolean,
  dailyCap?: number,
): Promise<Rig['engine']['parts']['pool']> {
  await rig.engine.handlers['accounts.overage']({
    id: rig.summaryOf(account).id,
    isAllowed,
    ...(dailyCap === undefined ? {} : { dailyCap }),
  });
  return rig.engine.parts.pool;
}

async function one(rig: Rig, ...spec: Parameters<Rig['add']>): Promise<EmulatedAccount> {
  const [account] = await rig.add(...spec);
  if (!account) throw new Error('no account');
  return account;
}

/** A request of a session of its own. */
const fresh = (text: string): ReturnType<typeof conversation> => conversation({ turns: [user(text)] });

describe('credits beyond the plan', () => {
  it('are never spent without the user’s word, which the reason asks for', async () => {
    await using rig = await startRig();
    const account = await one(rig, { kind: 'social', used: 1000, limit: 1000, overage: true });
    const { state } = rig.summaryOf(account);
    expect(state).toMatchObject({ name: 'exhausted', until: reset });
    expect(state.reason).toContain('kiro-pool accounts overage');
    expect(await ask(rig)).toMatchObject({ error: { code: 'all-exhausted' }, trace: { sends: 0 } });
    await overage(rig, account, true);
    expect(rig.summaryOf(account).state.name).toBe('ready');
    expect((await ask(rig)).error).toBeUndefined();
    await overage(rig, account, false);
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
  });

  it('need Kiro’s switch too, and go on once that is found on', async () => {
    await using rig = await startRig();
    const account = await one(rig, { kind: 'social', used: 1000, limit: 1000 });
    await overage(rig, account, true);
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
    await rig.engine.handlers['accounts.refresh']({ id: rig.summaryOf(account).id });
    expect(rig.summaryOf(account).state.reason).toContain('switched off at Kiro');
    account.setOverage(true);
    await rig.engine.handlers['accounts.refresh']({ id: rig.summaryOf(account).id });
    expect(rig.summaryOf(account)).toMatchObject({ state: { name: 'ready' }, overage: { isOnAtKiro: true } });
    account.setOverage(false);
    await rig.engine.handlers['accounts.refresh']({ id: rig.summaryOf(account).id });
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
  });

  it('stop at the cap of the day, over a restart too, and go on when the day is over or the cap is raised', async () => {
    await using rig = await startRig();
    const account = await one(rig, { kind: 'social', used: 998, limit: 1000, overage: true });
    await overage(rig, account, true, 5);
    // Two of these credits are the plan's, so four are beyond it.
    rig.emulator.script([metered(6), metered(1.5)]);
    await ask(rig, fresh('a'));
    expect(rig.summaryOf(account)).toMatchObject({ state: { name: 'ready' }, overage: { today: 4, dailyCap: 5 } });
    await rig.restart();
    expect(rig.summaryOf(account).overage.today).toBe(4);
    await rig.engine.handlers['accounts.refresh']({ id: rig.summaryOf(account).id });
    expect((await ask(rig, fresh('b'))).error).toBeUndefined();
    expect(rig.summaryOf(account)).toMatchObject({
      state: { name: 'exhausted', until: tomorrow, reason: expect.stringContaining('cap of 5 credits') },
      overage: { today: 5.5 },
    });
    await rig.restart();
    expect(await ask(rig, fresh('c'))).toMatchObject({ error: { code: 'all-exhausted' }, trace: { sends: 0 } });
    await overage(rig, account, true, 10);
    expect(rig.summaryOf(account).state.name).toBe('ready');
    await overage(rig, account, true, 5);
    expect(rig.summaryOf(account).state.name).toBe('exhausted');
    rig.now = tomorrow;
    expect(rig.summaryOf(account)).toMatchObject({ state: { name: 'ready' }, overage: { today: 0 } });
    expect((await ask(rig, fresh('d'))).error).toBeUndefined();
  });

  it('count against a cap that is set later the same day', async () => {
    await using rig = await startRig();
    const account = await one(rig, { kind: 'social', used: 1000, limit: 1000, overage: true });
    await overage(rig, account, true);
    rig.emulator.script([metered(8)]);
    await ask(rig);
    await overage(rig, account, true, 5);
    expect(rig.summaryOf(account).state).toMatchObject({ name: 'exhausted', until: tomorrow });
  });

  it('a cap of none at all spends none', async () => {
    await using rig = await startRig();
    const account = await one(rig, { kind: 'social', used: 1000, limit: 1000, overage: true });
    await overage(rig, account, true, 0);
    expect(await ask(rig)).toMatchObject({ error: { code: 'all-exhausted' }, trace: { sends: 0 } });
  });

  it('are spent only when no other account has credits of its plan left, and that is said', async () => {
    await using rig = await startRig();
    const [spent, other] = await rig.add(
      { kind: 'social', id: 'spent', used: 1000, limit: 1000, overage: true },
      { kind: 'social', id: 'other', used: 0, limit: 1000 },
    );
    if (!spent || !other) throw new Error('no accounts');
    await overage(rig, spent, true);
    for (const strategy of ['sticky', 'round-robin', 'hybrid', 'drain']) {
      await rig.engine.handlers.strategy({ name: strategy });
      const { trace } = await ask(rig, fresh(strategy));
      expect(trace.account?.label).toBe(other.email);
      expect(trace.considered).toContainEqual(
        expect.objectContaining({
          label: spent.email,
          chosen: false,
          reason: expect.stringContaining('beyond its plan'),
        }),
      );
    }
    await rig.engine.parts.pool.pause(rig.summaryOf(other).id, true);
    expect((await ask(rig, fresh('last'))).trace.account?.label).toBe(spent.email);
  });

  it('do not begin because a trial ran out between two looks', async () => {
    await using rig = await startRig();
    const freeTrial = { limit: 500, used: 100, expiresAt: noon + 600_000 };
    const account = await one(rig, { kind: 'social', used: 1000, limit: 1000, overage: true, freeTrial });
    expect(rig.summaryOf(account).credits).toMatchObject({
      left: 400,
      extras: [{ name: 'Free trial', used: 100, limit: 500, endsAt: noon + 600_000 }],
    });
    expect((await ask(rig, fresh('a'))).error).toBeUndefined();
    rig.now = noon + 700_000;
    expect(await ask(rig, fresh('b'))).toMatchObject({ error: { code: 'all-exhausted' }, trace: { sends: 0 } });
  });

  it('are not feared because of a counter that was read before the reset', async () => {
    await using rig = await startRig();
    const account = await one(rig, { kind: 'social', used: 999.5, limit: 1000 });
    account.setUsage({ used: 0 });
    rig.now = reset + 1;
    expect((await ask(rig, fresh('a'))).error).toBeUndefined();
    expect((await ask(rig, fresh('b'))).error).toBeUndefined();
    expect(rig.summaryOf(account).state.name).toBe('ready');
  });
});

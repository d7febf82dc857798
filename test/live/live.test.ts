import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../app/contract.ts';
import { Live } from '../../app/live.ts';
import { startRig } from '../support/engine.ts';
import { HandTimers } from './timers.ts';

async function setUp() {
  await using rig = await startRig();
  const timers = new HandTimers(rig.now);
  const { rev: _, ...base } = rig.engine.live.current();
  const state = { made: 0, strategy: 'hybrid', until: null as number | null, account: await oneAccount() };
  const live = new Live({
    make: () => {
      state.made += 1;
      const account = { ...state.account, state: { name: 'cooling' as const, until: state.until, reason: 'Busy.' } };
      const accounts = state.until === null || state.until <= timers.now ? [] : [account];
      return { ...base, at: timers.now, accounts, strategy: { name: state.strategy, choices: [] } };
    },
    now: () => timers.now,
    after: timers.after,
  });
  const heard: Snapshot[] = [];
  return { timers, state, live, heard, listener: (snapshot: Snapshot) => void heard.push(snapshot) };
}

async function oneAccount(): Promise<Snapshot['accounts'][number]> {
  await using rig = await startRig();
  await rig.add({ kind: 'social' });
  const [account] = rig.engine.live.current().accounts;
  if (!account) throw new Error('The account is not in the snapshot');
  return account;
}

describe('a live snapshot', () => {
  it('is told at once to who begins to listen, and then when something changed', async () => {
    const { timers, state, live, heard, listener } = await setUp();
    using _ = live.subscribe(listener);
    expect(heard).toHaveLength(1);
    state.strategy = 'drain';
    live.changed();
    timers.pass(0);
    expect(heard.map(({ strategy }) => strategy.name)).toEqual(['hybrid', 'drain']);
    expect(heard[1]?.rev).toBeGreaterThan(heard[0]?.rev ?? Infinity);
    timers.pass(60_000);
    expect(heard).toHaveLength(2);
  });

  it('comes at most four times a second, the first change at once and the last one never lost', async () => {
    const { timers, state, live, heard, listener } = await setUp();
    using _ = live.subscribe(listener);
    for (let ms = 0; ms < 1_000; ms += 1) {
      state.strategy = String(ms);
      live.changed();
      timers.pass(1);
    }
    const duringTheSecond = heard.length - 1;
    expect(heard[1]?.strategy.name).toBe('0');
    expect(duringTheSecond).toBeLessThanOrEqual(5);
    expect(duringTheSecond).toBeGreaterThanOrEqual(4);
    timers.pass(250);
    expect(heard.at(-1)?.strategy.name).toBe('999');
    expect(state.made).toBe(heard.length);
  });

  it('costs nothing while nobody listens, and is fresh when it is asked for', async () => {
    const { timers, state, live, heard, listener } = await setUp();
    live.subscribe(listener)[Symbol.dispose]();
    timers.pass(1_000);
    const { made } = state;
    for (let count = 0; count < 100; count += 1) live.changed();
    timers.pass(10_000);
    expect(state.made).toBe(made);
    expect(timers.count).toBe(0);
    expect(heard).toHaveLength(1);
    state.strategy = 'sticky';
    live.changed();
    expect(live.current().strategy.name).toBe('sticky');
    expect(live.current()).toBe(live.current());
  });

  it('reaches all who listen, though one of them fails or came in between', async () => {
    const { timers, state, live, heard, listener } = await setUp();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    using _bad = live.subscribe(() => {
      throw new Error('This window has gone');
    });
    using _good = live.subscribe(listener);
    live.changed();
    timers.pass(1);
    state.strategy = 'sticky';
    live.changed();
    const late: Snapshot[] = [];
    using _late = live.subscribe((snapshot) => void late.push(snapshot));
    timers.pass(300);
    expect(heard.at(-1)?.strategy.name).toBe('sticky');
    expect(late[0]?.strategy.name).toBe('sticky');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings.map(({ message }) => message)).toContain('This window has gone');
  });

  it('comes anew when a cooldown ends by time alone', async () => {
    const { timers, state, live, heard, listener } = await setUp();
    state.until = timers.now + 90_000;
    using _ = live.subscribe(listener);
    expect(heard[0]?.accounts).toHaveLength(1);
    timers.pass(89_000);
    expect(heard).toHaveLength(1);
    timers.pass(1_001);
    expect(heard.at(-1)?.accounts).toHaveLength(0);
    expect(heard).toHaveLength(2);
  });

  it('ends with its engine: no timer is left, nobody is told', async () => {
    const { timers, live, heard, listener } = await setUp();
    using _ = live.subscribe(listener);
    live.changed();
    live[Symbol.dispose]();
    timers.pass(10_000);
    live.changed();
    expect(heard).toHaveLength(1);
    expect(timers.count).toBe(0);
  });
});

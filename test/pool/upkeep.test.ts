import { describe, expect, it } from 'vitest';
import { keepUpToDate, type UpkeepParts } from '../../app/engine-upkeep.ts';
import type { AccountSpec } from '../emulator/emulator.ts';
import { until } from '../proxy/serving.ts';
import { startRig, type Rig } from '../support/engine.ts';

const minute = 60_000;
const hour = 60 * minute;

/** The upkeep of a rig, on timers that a test lets go off. */
function startUpkeep(rig: Rig): Disposable & {
  advance(ms: number): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** The machine slept, and says so as it wakes: no timer has gone off. */
  wakeAfter(ms: number): void;
} {
  let timer: { at: number; run: () => void } | undefined;
  let running = 0;
  const noted = <Result>(task: Promise<Result>): Promise<Result> => {
    running += 1;
    return task.finally(() => (running -= 1));
  };
  const { pool, ...parts } = rig.engine.parts;
  const notedPool: UpkeepParts['pool'] = {
    link: {
      keepFresh: (...of) => noted(pool.link.keepFresh(...of)),
      catalogue: (...of) => noted(pool.link.catalogue(...of)),
    },
    refreshUsage: (...of) => noted(pool.refreshUsage(...of)),
  };
  const upkeep = keepUpToDate(
    { ...parts, pool: notedPool },
    {
      now: () => rig.now,
      after: (ms, run) => {
        const mine = { at: rig.now + ms, run };
        timer = mine;
        return () => {
          if (timer === mine) timer = undefined;
        };
      },
    },
  );
  const fire = async (): Promise<void> => {
    const due = timer;
    timer = undefined;
    due?.run();
    // What began comes to its end before time goes on.
    await until(() => running === 0, 'the task is done');
  };
  return {
    async advance(ms) {
      const end = rig.now + ms;
      for (let due = timer; due && due.at <= end; due = timer) {
        rig.now = Math.max(rig.now, due.at);
        await fire();
      }
      rig.now = end;
    },
    async sleep(ms) {
      rig.now += ms;
      await fire();
    },
    wakeAfter(ms) {
      rig.now += ms;
      upkeep.wake();
    },
    [Symbol.dispose]: () => upkeep[Symbol.dispose](),
  };
}

const ten = Array.from({ length: 10 }, (_, index): AccountSpec => ({ kind: 'social', id: `a${index}` }));

/** When each login was refreshed, in order. */
function refreshes(rig: Rig): number[] {
  return rig.emulator.journal.filter(({ operation }) => operation === 'SocialRefresh').map(({ at }) => at);
}

function leastGap(times: readonly number[]): number {
  return Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}

describe('the upkeep', () => {
  it('refreshes ten idle logins before they end, never two within a second', async () => {
    await using rig = await startRig();
    await rig.add(...ten);
    using upkeep = startUpkeep(rig);
    await upkeep.advance(5 * minute);
    rig.emulator.clear();
    await upkeep.advance(56 * minute);
    expect(refreshes(rig)).toHaveLength(10);
    expect(leastGap(refreshes(rig))).toBeGreaterThanOrEqual(1000);
    const ends = rig.engine.parts.accounts
      .list()
      .map(({ credential }) => 'expiresAt' in credential && credential.expiresAt);
    for (const end of ends) expect(end).toBeGreaterThan(rig.now);
    expect(rig.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  it('refreshes what ended while the machine slept, spread as well', async () => {
    await using rig = await startRig();
    await rig.add(...ten);
    using upkeep = startUpkeep(rig);
    await upkeep.advance(5 * minute);
    rig.emulator.clear();
    await upkeep.sleep(8 * hour);
    await upkeep.advance(2 * minute);
    expect(refreshes(rig)).toHaveLength(10);
    expect(leastGap(refreshes(rig))).toBeGreaterThanOrEqual(1000);
  });

  it('does not wait for its timer when the machine says that it has woken', async () => {
    await using rig = await startRig();
    await rig.add(...ten);
    using upkeep = startUpkeep(rig);
    await upkeep.advance(5 * minute);
    rig.emulator.clear();
    upkeep.wakeAfter(8 * hour);
    await upkeep.advance(2 * minute);
    expect(refreshes(rig)).toHaveLength(10);
    expect(leastGap(refreshes(rig))).toBeGreaterThanOrEqual(1000);
  });

  it('goes on when the clock is set back', async () => {
    await using rig = await startRig();
    await rig.add({ kind: 'social', id: 'a' });
    using upkeep = startUpkeep(rig);
    await upkeep.advance(5 * minute);
    rig.emulator.clear();
    await upkeep.sleep(-3 * hour);
    await upkeep.advance(minute);
    expect(rig.emulator.journal.some(({ operation }) => operation === 'GetUsageLimits')).toBe(true);
  });

  it('leaves parked, paused and dead logins alone, and begins nothing once it is over', async () => {
    await using rig = await startRig();
    const [parked, paused] = await rig.add({ kind: 'social', id: 'a' }, { kind: 'social', id: 'b' });
    if (!parked || !paused) throw new Error('no accounts');
    const { pool } = rig.engine.parts;
    pool.apply(rig.summaryOf(parked).id, { type: 'suspended', message: 'Locked.' });
    await pool.pause(rig.summaryOf(paused).id, true);
    rig.emulator.clear();
    {
      using upkeep = startUpkeep(rig);
      await upkeep.advance(2 * hour);
      expect(rig.emulator.journal).toHaveLength(0);
      await pool.pause(rig.summaryOf(paused).id, false);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    expect(rig.emulator.journal).toHaveLength(0);
  });
});

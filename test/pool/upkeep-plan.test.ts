import { describe, expect, it } from 'vitest';
import type { Account } from '../../app/pool/account.ts';
import type { AccountState } from '../../app/pool/account-state.ts';
import { planUpkeep, tickMs, type UpkeepContext } from '../../app/pool/upkeep-plan.ts';

const now = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;
const hour = 60 * minute;

function account(id: string, more: { expiresAt?: number; state?: AccountState } = {}): Account {
  return {
    id,
    label: id,
    isVerified: true,
    provenance: 'own',
    credential: { kind: 'social', accessToken: 'a', refreshToken: id, expiresAt: more.expiresAt ?? now + hour },
    state: more.state ?? { name: 'ready' },
    addedAt: 0,
  };
}

/** Looked at just now, so that only logins matter. */
function context(accounts: readonly Account[], more: Partial<UpkeepContext> = {}): UpkeepContext {
  const lookedAt = new Map(accounts.map(({ id }) => [id, now - minute]));
  return { now, lastTickAt: now - tickMs, lookedAt, busy: new Set(), ...more };
}

const ten = (expiresAt: number): Account[] =>
  Array.from({ length: 10 }, (_, index) => account(`acc_${index}`, { expiresAt }));

/** The least time between two beginnings. */
function leastGap(times: readonly number[]): number {
  return Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}

describe('the plan of the upkeep', () => {
  it('refreshes logins a little before they end, and leaves the others alone', () => {
    const accounts = [
      account('soon', { expiresAt: now + 4 * minute }),
      account('later', { expiresAt: now + 6 * minute }),
    ];
    expect(planUpkeep(accounts, context(accounts))).toEqual([{ account: 'soon', what: 'refresh', at: now }]);
  });

  it('spreads ten accounts that end together, and leaves none out', () => {
    const accounts = ten(now + 4 * minute);
    const tasks = planUpkeep(accounts, context(accounts));
    expect(new Set(tasks.map(({ account }) => account)).size).toBe(10);
    expect(leastGap(tasks.map(({ at }) => at))).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...tasks.map(({ at }) => at))).toBeLessThan(now + tickMs);
  });

  it('spreads them after a sleep of 8 h too, and gives the network a moment', () => {
    const accounts = ten(now - 7 * hour);
    const tasks = planUpkeep(accounts, context(accounts, { lastTickAt: now - 8 * hour }));
    expect(tasks).toHaveLength(10);
    expect(leastGap(tasks.map(({ at }) => at))).toBeGreaterThanOrEqual(1000);
    expect(Math.min(...tasks.map(({ at }) => at))).toBeGreaterThan(now);
  });

  it('looks at everything once more when the clock was set back', () => {
    const accounts = [account('a'), account('b')];
    const lookedAt = new Map(accounts.map(({ id }) => [id, now + 3 * hour]));
    const tasks = planUpkeep(accounts, context(accounts, { lookedAt, lastTickAt: now + 3 * hour }));
    expect(tasks.map(({ what }) => what)).toEqual(['look', 'look']);
  });

  it('puts off what does not fit, the longest waiting first', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      account(`acc_${index}`, { expiresAt: now - index * minute }),
    );
    const tasks = planUpkeep(many, context(many));
    expect(tasks[0]?.account).toBe('acc_99');
    expect(tasks.length).toBeLessThan(40);
    expect(leastGap(tasks.map(({ at }) => at))).toBeGreaterThanOrEqual(1000);
  });

  it.each<[string, AccountState]>([
    ['parked', { name: 'parked', reason: 'Kiro locked it.' }],
    ['paused', { name: 'disabled', reason: 'You paused it.' }],
    ['in need of a sign-in', { name: 'needs-sign-in', reason: 'Refused.' }],
  ])('asks nothing in the name of an account that is %s', (_what, state) => {
    const accounts = [account('held', { state, expiresAt: 0 })];
    expect(planUpkeep(accounts, context(accounts, { lookedAt: new Map() }))).toEqual([]);
  });

  it('looks at an exhausted account once an hour, at a ready one every half', () => {
    const exhausted = account('x', { state: { name: 'exhausted', until: now + 24 * hour, reason: 'Used up.' } });
    const at = (account: Account, agoMs: number): number =>
      planUpkeep([account], context([account], { lookedAt: new Map([[account.id, now - agoMs]]) })).length;
    expect([at(exhausted, 59 * minute), at(exhausted, hour)]).toEqual([0, 1]);
    expect([at(account('r'), 29 * minute), at(account('r'), 30 * minute)]).toEqual([0, 1]);
    // Its time is up, so it is as good as ready.
    const ended = account('x', { state: { name: 'exhausted', until: now, reason: 'Used up.' } });
    expect(at(ended, 30 * minute)).toBe(1);
  });

  it('keeps the login of a cooling account, and asks nothing else of Kiro', () => {
    const state: AccountState = { name: 'cooling', until: now + minute, reason: 'Fewer.', strikes: 1 };
    const accounts = [account('c', { state, expiresAt: now + minute })];
    expect(planUpkeep(accounts, context(accounts, { lookedAt: new Map() }))).toMatchObject([{ what: 'refresh' }]);
  });

  it('begins nothing for an account whose last task still runs', () => {
    const accounts = [account('a', { expiresAt: now })];
    expect(planUpkeep(accounts, context(accounts, { busy: new Set(['a']) }))).toEqual([]);
  });
});

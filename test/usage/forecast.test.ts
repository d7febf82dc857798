import { array, assert, double, integer, option, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pace } from '../../app/cli/format.ts';
import { forecast } from '../../app/usage/forecast.ts';

const day = 86_400_000;
/** Noon, UTC: half of today is over. */
const now = Date.UTC(2026, 10, 23, 12);
const noReset = { left: 100, resetAt: null };

describe('a forecast', () => {
  test('goes on at the pace of the last week', () => {
    const { perDay, runsOutAt } = forecast([90, 10, 10, 10, 10, 10, 10, 5], noReset, now);
    expect(perDay).toBeCloseTo(10);
    expect(runsOutAt).toBeCloseTo(now + 10 * day, -3);
  });

  test('does not count the days before the first use', () => {
    const empty = Array.from({ length: 25 }, () => 0);
    expect(forecast([...empty, 0, 10, 5], noReset, now).perDay).toBeCloseTo(10);
    // Whoever has used it before has had a quiet week.
    expect(forecast([1, ...empty, 0, 10, 5], noReset, now).perDay).toBeCloseTo(15 / 6.5);
  });

  test('makes no storm of a first request', () => {
    expect(forecast([1], noReset, Date.UTC(2026, 10, 23, 0, 1)).perDay).toBe(4);
  });

  test('says nothing where nothing is known or nothing is spent', () => {
    expect(forecast([0, 0, 0], noReset, now)).toEqual({ perDay: 0, runsOutAt: null });
    expect(forecast([], noReset, now)).toEqual({ perDay: 0, runsOutAt: null });
    expect(forecast([10, 5], { left: null, resetAt: null }, now).runsOutAt).toBeNull();
    expect(forecast([0.0001], { left: 10_000, resetAt: null }, now).runsOutAt).toBeNull();
  });

  test('tells whether the credits last to their reset', () => {
    expect(forecast([10, 5], { left: 100, resetAt: now + 9 * day }, now).runsOutAt).toBeNull();
    expect(forecast([10, 5], { left: 100, resetAt: now + 11 * day }, now).runsOutAt).not.toBeNull();
  });

  test('is always a time to come, before the reset, or none', () => {
    const amount = double({ min: 0, max: 1e6, noNaN: true });
    const inputs = tuple(array(amount, { maxLength: 30 }), amount, option(integer({ min: 1, max: 60 })));
    assert(
      property(inputs, ([days, left, resetDays]) => {
        const resetAt = resetDays === null ? null : now + resetDays * day;
        const { perDay, runsOutAt } = forecast(days, { left, resetAt }, now);
        expect(perDay).toBeGreaterThanOrEqual(0);
        if (runsOutAt === null) return;
        expect(runsOutAt).toBeGreaterThanOrEqual(now);
        expect(runsOutAt).toBeLessThan(resetAt ?? Infinity);
        expect(new Date(runsOutAt).toISOString()).toMatch(/^202[67]/);
      }),
    );
  });
});

describe('in words', () => {
  const supply = { left: 100, resetAt: now + 20 * day, perDay: 10 };
  test.each([
    [{ ...supply, runsOutAt: null }, 'lasts to its reset'],
    [{ ...supply, runsOutAt: now + 4 * day }, 'runs out Friday'],
    [{ ...supply, runsOutAt: now + 60_000 }, 'runs out today'],
    [{ ...supply, runsOutAt: now + 19 * day }, 'runs out 12 Dec'],
    [{ ...supply, left: 0, runsOutAt: now }, 'used up'],
    [{ ...supply, perDay: 0, runsOutAt: null }, '-'],
    [{ ...supply, left: null, runsOutAt: null }, '-'],
  ])('%o is %s', (given, words) => {
    expect(pace(given, now)).toBe(words);
  });
});

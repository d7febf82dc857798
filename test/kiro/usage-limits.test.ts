import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { headroom, parseUsageLimits, type UsageLimits } from '../../app/kiro/usage-limits.ts';

function fixture(name: string): UsageLimits {
  return parseUsageLimits(JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')));
}
const resetAt = 1_796_169_600_000;
const row = (more: object): object => ({ resourceType: 'CREDIT', currentUsage: 1, usageLimit: 10, ...more });

it('a plan with overage: used includes it', () => {
  const limits = fixture('usage_pro_overage');
  expect(limits).toEqual({
    plan: 'KIRO PRO',
    email: 'user@example.com',
    userId: 'd-1234567890.11111111-2222-3333-4444-555555555555',
    used: 1012.34,
    limit: 1000,
    isUnlimited: false,
    resetAt,
    extras: [],
    overage: { isOn: true, credits: 12.34, charges: 0.49, currency: 'USD' },
  });
  expect(headroom(limits)).toBe(0);
});

it('trial and bonus count while they are active', () => {
  const limits = fixture('usage_free_trial');
  expect(limits.extras.map(({ used, limit, endsAt }) => [used, limit, endsAt])).toEqual([
    [120.55, 500, 1_797_897_600_000],
    [1.5, 100, 1_797_897_600_000],
  ]);
  expect(headroom(limits)).toBeCloseTo(477.95);
  const over = row({
    freeTrialInfo: { freeTrialStatus: 'EXPIRED', usageLimit: 9 },
    bonuses: [{ status: 'EXHAUSTED', usageLimit: 9 }],
  });
  expect(parseUsageLimits({ usageBreakdownList: [over] }).extras).toEqual([]);
});

it('a plan that is used up', () => {
  expect(headroom(fixture('usage_exhausted'))).toBe(0);
  expect(fixture('usage_exhausted').overage.isOn).toBe(false);
});

it.each([
  ['1.7961696E9', resetAt],
  ['"2026-12-02T00:00:00Z"', Date.parse('2026-12-02T00:00:00Z')],
  ['"some day"', undefined],
  ['null', undefined],
  ['{}', undefined],
])('the date %s', (json, wanted) => {
  expect(parseUsageLimits(JSON.parse(`{"nextDateReset":${json},"usageBreakdownList":[]}`)).resetAt).toBe(wanted);
});

it('a huge limit is none', () => {
  const limits = parseUsageLimits({ usageBreakdownList: [row({ usageLimit: 999_999 })] });
  expect([limits.isUnlimited, headroom(limits)]).toEqual([true, Number.POSITIVE_INFINITY]);
});

it('the row is chosen by its resource, and an older answer has but one', () => {
  const vibe = row({ resourceType: 'VIBE', currentUsage: 7 });
  expect(parseUsageLimits({ usageBreakdownList: [vibe, row({})] }).used).toBe(1);
  expect(parseUsageLimits({ usageBreakdownList: [row({ resourceType: 'SPEC', currentUsage: 9 }), vibe] }).used).toBe(7);
  expect(parseUsageLimits({ usageBreakdown: vibe }).used).toBe(7);
});

it('no row at all still tells the owner', () => {
  expect(parseUsageLimits({ userInfo: { email: 'a@example.com' } })).toMatchObject({
    email: 'a@example.com',
    used: 0,
    limit: 0,
  });
  expect(() => parseUsageLimits([])).not.toThrow(RangeError);
  expect(() => parseUsageLimits('no')).toThrow('Invalid type');
});

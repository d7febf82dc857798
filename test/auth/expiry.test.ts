import { describe, expect, test } from 'vitest';
import { expiryAfter, expiryOf } from '../../app/auth/expiry.ts';

const at = Date.parse('2026-11-23T12:00:00.123Z');
const wholeSecond = Date.parse('2026-11-23T12:00:00Z');

describe('an expiry is understood in every format that stores write', () => {
  test.each([
    ['nanoseconds', '2026-11-23T12:00:00.123456789Z', at],
    ['microseconds', '2026-11-23T12:00:00.123456Z', at],
    ['ISO with ms', '2026-11-23T12:00:00.123Z', at],
    ['one digit of fraction', '2026-11-23T12:00:00.1Z', wholeSecond + 100],
    ['no fraction', '2026-11-23T12:00:00Z', wholeSecond],
    ['an offset', '2026-11-23T14:00:00.123456789+02:00', at],
    ['a blank and no offset', '2026-11-23 12:00:00', wholeSecond],
    ['epoch seconds', wholeSecond / 1000, wholeSecond],
    ['epoch seconds with a fraction', at / 1000, at],
    ['epoch milliseconds', at, at],
    ['epoch seconds as text', String(wholeSecond / 1000), wholeSecond],
    ['epoch milliseconds as text', String(at), at],
  ])('%s', (_name, value, expected) => {
    expect(expiryOf(value)).toBe(expected);
  });
});

test.each([undefined, null, '', 'soon', '2026-13-45T99:00:00Z', Number.NaN, Infinity, -1, {}, true])(
  'an expiry of %j counts as ended, so that the login is refreshed first',
  (value) => {
    expect(expiryOf(value)).toBe(0);
  },
);

describe('the life of a new token', () => {
  test('is counted from now, in seconds', () => {
    expect(expiryAfter(3599, 1000)).toBe(1000 + 3_599_000);
  });
  test('may be spelled as text', () => {
    expect(expiryAfter('3599', 0)).toBe(3_599_000);
  });
  test.each([undefined, null, Number.NaN, 0, -5, 'x', {}])('is an hour when the answer says %j', (value) => {
    expect(expiryAfter(value, 0)).toBe(3_600_000);
  });
});

import { describe, expect, it } from 'vitest';
import { nextState, stateAt, type AccountEvent, type AccountState } from '../../app/pool/account-state.ts';

const now = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;

const states = {
  ready: { name: 'ready' },
  cooling: { name: 'cooling', until: now + minute, reason: 'why', strikes: 1 },
  cooled: { name: 'cooling', until: now, reason: 'why', strikes: 1 },
  exhausted: { name: 'exhausted', until: now + minute, reason: 'why' },
  renewed: { name: 'exhausted', until: now, reason: 'why' },
  parked: { name: 'parked', reason: 'why' },
  'needs-sign-in': { name: 'needs-sign-in', reason: 'why' },
  disabled: { name: 'disabled', reason: 'why' },
} as const satisfies Record<string, AccountState>;

const events = {
  served: { type: 'served' },
  'rate-limited': { type: 'rate-limited', retryAfterMs: undefined },
  'edge-blocked': { type: 'edge-blocked' },
  'quota-spent': { type: 'quota-spent', resetAt: now + 9 * minute, reason: 'spent' },
  suspended: { type: 'suspended', message: 'unusual activity' },
  'not-entitled': { type: 'not-entitled', message: 'no subscription' },
  'login-rejected': { type: 'login-rejected', message: 'revoked' },
  'signed-in': { type: 'signed-in' },
  'credits-added': { type: 'credits-added' },
  cleared: { type: 'cleared' },
  paused: { type: 'paused' },
  resumed: { type: 'resumed' },
} as const satisfies { [E in AccountEvent['type']]: Extract<AccountEvent, { type: E }> };

const ready = { name: 'ready' } as const;
/** Nothing changes. */
const same = 'same';
const cooling = (until: number, strikes: number): object => ({ name: 'cooling', until, strikes });
const exhausted = { name: 'exhausted', until: now + 9 * minute, reason: 'spent' };
const parked = { name: 'parked' };
const paused = { name: 'disabled', reason: 'You paused it.' };
const signIn = { name: 'needs-sign-in', reason: 'revoked.' };

/** In the order of `states`. */
const table: Record<AccountEvent['type'], readonly (object | 'same')[]> = {
  //             ready                     cooling    cooled                    exhausted  renewed                  parked  signIn  disabled
  served: [ready, same, ready, same, ready, same, same, same],
  'rate-limited': [
    cooling(now + minute, 1),
    same,
    cooling(now + 2 * minute, 2),
    same,
    cooling(now + minute, 1),
    same,
    same,
    same,
  ],
  'edge-blocked': [
    cooling(now + 5 * minute, 0),
    same,
    cooling(now + 5 * minute, 1),
    same,
    cooling(now + 5 * minute, 0),
    same,
    same,
    same,
  ],
  'quota-spent': [exhausted, exhausted, exhausted, exhausted, exhausted, same, same, same],
  suspended: [parked, parked, parked, parked, parked, parked, parked, parked],
  'not-entitled': [parked, parked, parked, parked, parked, same, parked, same],
  'login-rejected': [signIn, signIn, signIn, signIn, signIn, same, signIn, same],
  'signed-in': [ready, ready, ready, ready, ready, same, ready, same],
  'credits-added': [same, same, same, ready, ready, same, same, same],
  cleared: [ready, ready, ready, ready, ready, ready, same, same],
  paused: [paused, paused, paused, paused, paused, same, same, paused],
  resumed: [same, same, same, same, same, same, same, ready],
};

const pairs = Object.entries(events).flatMap(([eventName, event]) =>
  Object.entries(states).map(([stateName, state], index) => {
    const expected = table[event.type][index];
    return { eventName, event, stateName, state, expected: expected === same ? state : expected };
  }),
);

describe('an event means one thing in each state', () => {
  it.each(pairs)('$eventName while $stateName', ({ event, state, expected }) => {
    expect(expected).toBeDefined();
    expect(nextState(state, event, now)).toMatchObject(expected ?? {});
  });

  it('gives a reason in words wherever an account cannot serve', () => {
    const after = pairs.map(({ event, state }) => nextState(state, event, now));
    expect(after.filter((state) => state.name !== 'ready' && !/\w/.test(state.reason))).toEqual([]);
  });
});

describe('coolings', () => {
  it('double with each refusal that follows the last cooling, up to 15 minutes', () => {
    let state: AccountState = ready;
    let at = now;
    const minutes: number[] = [];
    for (let refusal = 0; refusal < 7; refusal += 1) {
      state = nextState(state, events['rate-limited'], at);
      if (state.name !== 'cooling') throw new Error(state.name);
      minutes.push((state.until - at) / minute);
      at = state.until;
    }
    expect(minutes).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it('begin anew after a good answer', () => {
    const served = nextState(states.cooled, events.served, now);
    expect(nextState(served, events['rate-limited'], now)).toMatchObject({ until: now + minute, strikes: 1 });
  });

  it('count many refusals at once as one', () => {
    const first = nextState(ready, events['rate-limited'], now);
    const afterMany = Array.from({ length: 10 }).reduce<AccountState>(
      (state, _, index) => nextState(state, events['rate-limited'], now + index),
      first,
    );
    expect(afterMany).toEqual(first);
  });

  it('last as long as Kiro asks for, if that is longer', () => {
    const asked = { type: 'rate-limited', retryAfterMs: 10 * minute } as const;
    expect(nextState(ready, asked, now)).toMatchObject({ until: now + 10 * minute });
    expect(nextState(ready, { ...asked, retryAfterMs: 1 }, now)).toMatchObject({ until: now + minute });
  });
});

describe('what ends by itself', () => {
  it.each([states.cooling, states.exhausted])('is over when its time has come', (state) => {
    expect(stateAt(state, state.until - 1)).toBe(state);
    expect(stateAt(state, state.until)).toEqual(ready);
  });

  it.each([states.parked, states['needs-sign-in'], states.disabled])('is never what a person has to end', (state) => {
    expect(stateAt(state, Number.MAX_SAFE_INTEGER)).toBe(state);
  });
});

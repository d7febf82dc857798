import { describe, expect, it } from 'vitest';
import { Affinity } from '../../app/pool/affinity.ts';
import { Leases } from '../../app/pool/leases.ts';

const never = new AbortController().signal;

describe('leases', () => {
  it('let so many in at a time, and the others in the order they came', async () => {
    const leases = new Leases(
      () => 2,
      () => 0,
    );
    const first = await leases.acquire('a', never);
    await leases.acquire('a', never);
    const admitted: number[] = [];
    const waiting = [3, 4, 5].map(async (name) => {
      const lease = await leases.acquire('a', never);
      admitted.push(name);
      return lease;
    });
    await settle();
    expect(admitted).toEqual([]);
    expect(leases.isFull('a')).toBe(true);
    first[Symbol.dispose]();
    const third = await waiting[0];
    expect(admitted).toEqual([3]);
    third?.[Symbol.dispose]();
    await waiting[1];
    expect(admitted).toEqual([3, 4]);
    expect(leases.inFlight('a')).toBe(2);
  });

  it('of one account do not count for another', async () => {
    const leases = new Leases(
      () => 1,
      () => 0,
    );
    await leases.acquire('a', never);
    await leases.acquire('b', never);
    expect([leases.inFlight('a'), leases.inFlight('b')]).toEqual([1, 1]);
  });

  it('are not waited for by a client that left, nor kept for it', async () => {
    const leases = new Leases(
      () => 1,
      () => 0,
    );
    const held = await leases.acquire('a', never);
    const leaving = new AbortController();
    const gone = leases.acquire('a', leaving.signal);
    const next = leases.acquire('a', never);
    leaving.abort(new Error('left'));
    await expect(gone).rejects.toThrow('left');
    held[Symbol.dispose]();
    await expect(next).resolves.toBeDefined();
    expect(leases.inFlight('a')).toBe(1);
  });

  it('given back twice make room once', async () => {
    const leases = new Leases(
      () => 1,
      () => 0,
    );
    const lease = await leases.acquire('a', never);
    lease[Symbol.dispose]();
    lease[Symbol.dispose]();
    expect(leases.inFlight('a')).toBe(0);
  });

  it('say how long they were waited for', async () => {
    let now = 0;
    const leases = new Leases(
      () => 1,
      () => now,
    );
    const held = await leases.acquire('a', never);
    const waiting = leases.acquire('a', never);
    now = 320;
    held[Symbol.dispose]();
    expect((await waiting).waitedMs).toBe(320);
  });
});

describe('affinity', () => {
  it('ends an hour after the last request', () => {
    let now = 0;
    const affinity = new Affinity(() => now);
    affinity.keep('s', 'a');
    now += 59 * 60_000;
    expect(affinity.accountOf('s')).toBe('a');
    affinity.keep('s', 'a');
    now += 60 * 60_000;
    expect(affinity.accountOf('s')).toBe('a');
    now += 1;
    expect(affinity.accountOf('s')).toBeUndefined();
  });

  it('is bounded, the session that was quiet longest being forgotten first', () => {
    const affinity = new Affinity(() => 0, 2);
    affinity.keep('one', 'a');
    affinity.keep('two', 'a');
    affinity.keep('one', 'b');
    affinity.keep('three', 'a');
    expect(['one', 'two', 'three'].map((session) => affinity.accountOf(session))).toEqual(['b', undefined, 'a']);
  });
});

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

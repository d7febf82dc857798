import { describe, expect, it } from 'vitest';
import type { Sample } from './sample.ts';
import { rise } from './trend.ts';
import { verdictsOf, type Seen } from './verdicts.ts';

const MiB = 1024 * 1024;

/** An hour of an engine that keeps to everything, a sample each five seconds, with the noise that load brings. */
function seen(
  changes: Partial<Seen> = {},
  change: (sample: Sample, index: number) => Partial<Sample> = () => ({}),
): Seen {
  const samples = Array.from({ length: 720 }, (_, index): Sample => {
    const noise = (index * 37) % 11;
    const sample = sampleAt(index * 5, noise);
    return { ...sample, ...change(sample, index) };
  });
  return {
    samples,
    idleBefore: sampleAt(0, 0),
    idleAfter: sampleAt(3_700, 0),
    databaseAfter: 3 * MiB,
    stderr: '{"at":"2026-11-25T00:00:00.000Z","level":"warn","event":"upkeep.failed"}\n',
    ended: 0,
    unexplained: [],
    turns: ids,
    recorded: ids,
    brokenLogins: [],
    refreshes: [9, 9, 9, 9, 9],
    reusedTokens: 0,
    ...changes,
  };
}

const ids = Array.from({ length: 2_000 }, (_, index) => `req_${index}`);

function sampleAt(at: number, noise: number): Sample {
  return {
    at,
    requests: at * 6,
    rss: (120 + noise) * MiB,
    heap: (40 + noise / 10) * MiB,
    heapTotal: 80 * MiB,
    external: 5 * MiB,
    descriptors: 30 + noise,
    sockets: 5 + noise,
    threads: 11,
    handles: 4 + noise,
    database: MiB,
    wal: 4 * MiB,
    otherFiles: 50_000,
    delayMs: 20,
  };
}

const broken = (of: Seen): string[] =>
  verdictsOf(of)
    .filter(({ isHeld }) => !isHeld)
    .map(({ what }) => what);

describe('the verdicts of the soak', () => {
  it('are all held by an engine whose figures only go up and down', () => {
    expect(broken(seen())).toEqual([]);
  });

  it.each<[string, (sample: Sample, index: number) => Partial<Sample>]>([
    ['resident memory', ({ rss }, index) => ({ rss: rss + index * 0.05 * MiB })],
    ['heap after a full collection', ({ heap }, index) => ({ heap: (heap ?? 0) + index * 0.02 * MiB })],
    ['open descriptors', ({ descriptors }, index) => ({ descriptors: descriptors + index / 30 })],
    ['sockets', ({ sockets }, index) => ({ sockets: sockets + index / 30 })],
    ['handles and timers', ({ handles }, index) => ({ handles: handles + index / 30 })],
  ])('see %s that leaks', (what, leak) => {
    expect(broken(seen({}, leak))).toEqual([`${what}, over the second half`]);
  });

  it.each<[string, Partial<Seen>]>([
    ['open descriptors, idle before and after', { idleAfter: { ...sampleAt(3_700, 0), descriptors: 40 } }],
    ['sockets, idle before and after', { idleAfter: { ...sampleAt(3_700, 0), sockets: 12 } }],
    ['handles and timers, idle before and after', { idleAfter: { ...sampleAt(3_700, 0), handles: 12 } }],
    ['threads, idle before and after', { idleAfter: { ...sampleAt(3_700, 0), threads: 20 } }],
    ['the history, bytes a request', { databaseAfter: 12 * MiB }],
    ['standard error but for log lines', { stderr: '(node:1) MaxListenersExceededWarning: Possible leak\n' }],
    ['standard error but for log lines', { stderr: '{"level":"error","event":"proxy.failure"}\n' }],
    ['log, bytes a request', { stderr: `{"event":"${'x'.repeat(500_000)}"}\n` }],
    ['the engine ends when asked, once', { ended: 'SIGABRT' }],
    ['outcomes that no fault explains', { unexplained: ['chat: internal_error'] }],
    ['turns that the history lacks, or that nobody asked for', { recorded: ids.slice(1) }],
    ['turns that the history lacks, or that nobody asked for', { turns: ids.slice(1) }],
    ['accounts that refresh at the end', { brokenLogins: ['work: needs-sign-in'] }],
    ['refresh tokens that were sent twice', { reusedTokens: 1 }],
    ['every account has refreshed', { refreshes: [9, 9, 9, 9] }],
  ])('see that this is not held: %s', (what, changes) => {
    expect(broken(seen(changes))).toEqual([what]);
  });

  it.each<[string, Partial<Sample>]>([
    ['its write-ahead log, most', { wal: 20 * MiB }],
    ['all other files, most', { otherFiles: 2 * MiB }],
  ])('see a peak of %s', (what, peak) => {
    expect(broken(seen({}, (_, index) => (index === 400 ? peak : {})))).toEqual([what]);
  });
});

it('a rise is not moved by a few peaks, and is over the whole width', () => {
  const flat = Array.from({ length: 100 }, (_, x): [number, number] => [x, x % 10 === 0 ? 1_000 : 5]);
  const steep = Array.from({ length: 100 }, (_, x): [number, number] => [x, 2 * x]);
  expect(rise(flat)).toBe(0);
  expect(rise(steep)).toBe(198);
  expect(rise([])).toBe(0);
});

import { describe, expect, it } from 'vitest';
import type { Account } from '../../app/pool/account.ts';
import { chooseAccount, type ChoiceContext } from '../../app/pool/choice.ts';
import { hybridScore, pick, type Candidate, type StrategyContext } from '../../app/pool/strategy.ts';

const now = Date.UTC(2026, 10, 23, 12);
const day = 86_400_000;

const context: StrategyContext = {
  now,
  concurrency: 4,
  sessionAccount: undefined,
  isSessionGuessed: false,
  current: undefined,
};

function account(id: string, state: Account['state'] = { name: 'ready' }): Account {
  return {
    id: `acc_${id.padEnd(10, '0')}`,
    label: id,
    isVerified: true,
    provenance: 'own',
    credential: { kind: 'api-key', apiKey: 'none' },
    state,
    addedAt: now,
  };
}

function candidate(id: string, more: Partial<Candidate> = {}): Candidate {
  return {
    account: account(id),
    left: 1000,
    isBeyondPlan: false,
    resetAt: now + 10 * day,
    inFlight: 0,
    recentFailures: 0,
    lastTurn: 0,
    ...more,
  };
}

function chosen(
  strategy: Parameters<typeof pick>[0],
  candidates: readonly Candidate[],
  more: Partial<StrategyContext> = {},
) {
  return pick(strategy, candidates, { ...context, ...more })?.candidate.account.label;
}

describe('sticky', () => {
  const pair = [candidate('a'), candidate('b', { left: 9000 })];
  it('takes the first that can serve, and keeps the one that served last', () => {
    expect(chosen('sticky', pair)).toBe('a');
    expect(chosen('sticky', pair, { current: pair[1]?.account.id })).toBe('b');
  });
});

describe('round-robin', () => {
  it('takes the one that was used the longest ago, whatever its session', () => {
    const three = [candidate('a', { lastTurn: 3 }), candidate('b', { lastTurn: 1 }), candidate('c', { lastTurn: 2 })];
    expect(chosen('round-robin', three, { sessionAccount: three[0]?.account.id })).toBe('b');
  });
});

describe('drain', () => {
  const pair = [candidate('late', { resetAt: now + 20 * day }), candidate('soon', { resetAt: now + day })];
  it('takes what is reset first, and keeps a session where it is', () => {
    expect(chosen('drain', pair)).toBe('soon');
    expect(chosen('drain', [candidate('unknown', { resetAt: undefined }), ...pair])).toBe('soon');
    expect(chosen('drain', pair, { sessionAccount: pair[0]?.account.id })).toBe('late');
  });
});

describe('hybrid', () => {
  it('keeps a session where it is, even on a poorer account', () => {
    const pair = [candidate('poor', { left: 10 }), candidate('rich', { left: 9000 })];
    expect(chosen('hybrid', pair)).toBe('rich');
    expect(chosen('hybrid', pair, { sessionAccount: pair[0]?.account.id })).toBe('poor');
  });

  it.each([
    ['more credits left', { left: 2000 }, {}],
    ['an earlier reset', { resetAt: now + day }, {}],
    ['fewer requests in flight', {}, { inFlight: 3 }],
    ['fewer failures lately', {}, { recentFailures: 2 }],
    ['known credits', {}, { left: undefined }],
    ['a longer rest, all else being equal', { lastTurn: 1 }, { lastTurn: 2 }],
  ])('prefers %s', (_, better, worse) => {
    expect(chosen('hybrid', [candidate('worse', worse), candidate('better', better)])).toBe('better');
    expect(chosen('hybrid', [candidate('better', better), candidate('worse', worse)])).toBe('better');
  });

  it('scores 3·headroom + waste − 2·load − 2·failures', () => {
    const half = candidate('half', { left: 500, resetAt: now + 15 * day, inFlight: 2, recentFailures: 1 });
    expect(hybridScore(half, 1000, context)).toBeCloseTo(3 * 0.5 + 0.5 * 0.5 - 2 * 0.5 - 2 / 3);
  });

  it('counts an account without a limit as full, and one whose limit is not known as half full', () => {
    expect(hybridScore(candidate('a', { left: Number.POSITIVE_INFINITY, resetAt: undefined }), 1, context)).toBe(3);
    expect(hybridScore(candidate('a', { left: undefined, resetAt: undefined }), 1, context)).toBe(1.5);
  });
});

describe('a busy account', () => {
  const busy = candidate('busy', { left: 9000, inFlight: 4 });
  const idle = candidate('idle', { left: 1 });
  it.each(['hybrid', 'round-robin', 'drain'] as const)('is not waited for by new work under %s', (strategy) => {
    expect(chosen(strategy, [busy, idle])).toBe('idle');
  });

  it('is waited for by its own session, but not by what only looks like it', () => {
    const sessionAccount = busy.account.id;
    expect(chosen('hybrid', [busy, idle], { sessionAccount })).toBe('busy');
    expect(chosen('hybrid', [busy, idle], { sessionAccount, isSessionGuessed: true })).toBe('idle');
  });

  it('is waited for when all are', () => {
    expect(chosen('hybrid', [busy, { ...idle, inFlight: 4 }])).toBe('busy');
  });
});

describe('a choice', () => {
  const accounts = [
    account('one'),
    account('two'),
    account('spent', { name: 'exhausted', until: now + day, reason: 'Used.' }),
  ];
  const base: ChoiceContext = {
    ...context,
    strategy: 'hybrid',
    pinned: undefined,
    tried: new Map(),
    modelObstacle: () => undefined,
    candidate: (each) => ({ ...candidate('x'), account: each, left: each.label === 'two' ? 2000 : 1000 }),
  };

  it('says of every account why it was chosen or not', () => {
    const { considered } = chooseAccount(accounts, base);
    expect(considered.map(({ label, chosen: isChosen, reason }) => [label, isChosen, reason])).toEqual([
      ['one', false, expect.stringMatching(/^could serve too; its score is \d\.\d\d$/)],
      ['two', true, expect.stringMatching(/^hybrid: the best score, \d\.\d\d$/)],
      ['spent', false, expect.stringContaining('used up until')],
    ]);
  });

  it('is overridden by a pin, also on an account that cannot serve', () => {
    const [one, , spent] = accounts;
    expect(chooseAccount(accounts, { ...base, pinned: one?.id }).account?.label).toBe('one');
    expect(chooseAccount(accounts, { ...base, pinned: spent?.id }).account).toBeUndefined();
  });

  it('says from where a session had to move, and why', () => {
    const choice = chooseAccount(accounts, { ...base, sessionAccount: accounts[2]?.id });
    expect(choice.considered.find(({ chosen: isChosen }) => isChosen)?.reason).toContain(
      'its session moved here from "spent", which is used up until',
    );
  });
});

/** How each strategy spreads sessions over five unequal accounts, and what that costs (DESIGN §5). */
import type { contract, Output } from '../../app/contract.ts';
import { strategies, type Strategy } from '../../app/pool/strategy.ts';
import type { AccountSpec } from '../emulator/emulator.ts';
import { noon } from '../support/engine.ts';
import { figure, histogram, runProof, table, type Finding } from './page.ts';
import { startServedRig } from './served-rig.ts';
import { runSessions } from './sessions.ts';

/** What one account did under one strategy. */
interface Share {
  readonly label: string;
  readonly requests: number;
  readonly credits: number;
  readonly left: number;
  readonly state: string;
}

/** What came of one strategy. */
export interface Distribution {
  readonly strategy: Strategy;
  readonly shares: readonly Share[];
  readonly served: number;
  readonly failed: readonly string[];
  /** Turns on another account than the turn before, in the history's words. */
  readonly moves: readonly { readonly session: string; readonly reason: string }[];
  readonly prefixHits: number;
  readonly credits: number;
  /** Sends that Kiro refused. */
  readonly refused: number;
  /** Most requests that Kiro served at the same moment; eight clients ask. */
  readonly atATime: number;
}

const day = 86_400_000;
const model = 'claude-sonnet-4.5';

/** Credits left for a thousand sessions, and when the plan starts anew. Two of them cannot last. */
const unequal = [
  { id: 'free', kind: 'builder-id', plan: 'free', limit: 50, left: 20, days: 3 },
  { id: 'home', kind: 'social', plan: 'pro', limit: 1000, left: 15, days: 2 },
  { id: 'work', kind: 'social', plan: 'pro', limit: 1000, left: 600, days: 12 },
  { id: 'team', kind: 'identity-center', plan: 'power', limit: 10_000, left: 200, days: 8 },
  { id: 'big', kind: 'external-idp', plan: 'pro-plus', limit: 2000, left: 1900, days: 25 },
] as const;

/** Runs the sessions under every strategy, each on fresh accounts. */
export async function proveDistribution(sessions: number): Promise<Distribution[]> {
  const found: Distribution[] = [];
  for (const strategy of strategies) found.push(await proveStrategy(strategy, sessions));
  return found;
}

async function proveStrategy(strategy: Strategy, sessions: number): Promise<Distribution> {
  const specs: AccountSpec[] = unequal.map(({ left, days, limit, ...spec }) => ({
    ...spec,
    limit,
    used: limit - (left * sessions) / 1000,
    models: [model],
    resetAt: noon + days * day,
  }));
  await using served = await startServedRig(specs, { strategy, eventDelayMs: 2, chunking: 'frames' });
  const { rig, accounts } = served;
  const result = await runSessions(served, { count: sessions, atATime: 8, model });
  const { accounts: statistics, maxConcurrentGenerates } = rig.emulator.statistics();
  const counters = Object.values(statistics);
  const rows = await rig.engine.handlers.requests({ last: 100_000 });
  return {
    strategy,
    ...result,
    shares: accounts.map((account) => ({
      label: account.id,
      requests: statistics[account.id]?.generates ?? 0,
      credits: statistics[account.id]?.creditsCharged ?? 0,
      left: account.usage.limit - account.usage.used,
      state: rig.summaryOf(account).state.name,
    })),
    moves: movesOf(rows),
    prefixHits: counters.reduce((sum, { prefixHits }) => sum + prefixHits, 0),
    credits: counters.reduce((sum, { creditsCharged }) => sum + creditsCharged, 0),
    refused:
      rows.reduce((sum, { sends }) => sum + sends, 0) - counters.reduce((sum, { generates }) => sum + generates, 0),
    atATime: maxConcurrentGenerates,
  };
}

/** From the history, as `kiro-pool requests --why` prints it. */
function movesOf(rows: Output<typeof contract, 'requests'>): Distribution['moves'] {
  const lastOf = new Map<string, string | null>();
  const moves: { session: string; reason: string }[] = [];
  for (const { session, account, decision } of rows.toReversed()) {
    if (session === null) continue;
    const before = lastOf.get(session);
    lastOf.set(session, account);
    if (before === undefined || before === account) continue;
    moves.push({ session, reason: decision.find(({ chosen }) => chosen)?.reason ?? '' });
  }
  return moves;
}

/** What must hold, and the figures. */
export function distributionFinding(found: readonly Distribution[], sessions: number): Finding {
  const broken: string[] = [];
  const check = (isHeld: boolean, otherwise: string): void => {
    if (!isHeld) broken.push(otherwise);
  };
  for (const { strategy, failed, served, moves } of found) {
    check(failed.length === 0, `${strategy}: requests failed: ${histogram(failed)}`);
    check(served + failed.length === sessions * 5, `${strategy}: ${served} requests were served`);
    check(unexplained(strategy, moves) === 0, `${strategy}: ${unexplained(strategy, moves)} moves have no reason`);
  }
  const hybrid = found.find(({ strategy }) => strategy === 'hybrid');
  const rotating = found.find(({ strategy }) => strategy === 'round-robin');
  if (!hybrid || !rotating) throw new Error('a strategy is missing');
  check(hybrid.prefixHits > rotating.prefixHits, 'hybrid does not keep the prefix cache');
  check(hybrid.credits < rotating.credits, 'hybrid does not save credits');
  const possible = sessions * 4;
  const text = [
    `${figure(sessions)} sessions of 5 turns, 8 at a time, over HTTP and through the whole engine: each under a name of its own`,
    "(`x-session-id`), each request with everything that was said before. Prefix-cache hits and credits are the emulator's count; a",
    'hit costs 47 % less there. Moves and their reasons are read from the history of requests.',
    '',
    `Under \`hybrid\` ${figure(hybrid.prefixHits)} of ${figure(possible)} turns that continue a session hit the prefix cache, under \`round-robin\``,
    `${figure(rotating.prefixHits)}: the same work costs ${figure(hybrid.credits, 1)} credits instead of ${figure(rotating.credits, 1)}, that is`,
    `**${figure((hybrid.credits / rotating.credits) * 100)} %**.`,
    '',
    table(
      [
        'strategy',
        'served',
        'failed',
        'refused sends',
        'moves',
        'without a reason',
        'prefix hits',
        'hits, % of possible',
        'credits',
        'most at a time',
      ],
      found.map(({ strategy, served, failed, refused, moves, prefixHits, credits, atATime }) => [
        `\`${strategy}\``,
        figure(served),
        failed.length,
        refused,
        figure(moves.length),
        unexplained(strategy, moves),
        figure(prefixHits),
        figure((prefixHits / possible) * 100, 1),
        figure(credits, 1),
        atATime,
      ]),
    ),
    'Requests of each account, and the credits that they cost; in brackets its credits left before, and the days to its reset.',
    '',
    table(
      ['strategy', ...unequal.map(({ id, left, days }) => `${id} (${figure((left * sessions) / 1000, 1)}, ${days} d)`)],
      found.map(({ strategy, shares }) => [`\`${strategy}\``, ...shares.map((share) => shareText(share))]),
    ),
    ...found.map(({ strategy, moves }) => movesText(strategy, moves)),
    '',
  ];
  return { text: text.join('\n'), broken };
}

/** Where sessions stay, a move must say what moved it; where they do not, the strategy itself is the reason. */
function unexplained(strategy: Strategy, moves: Distribution['moves']): number {
  const isSaid = (reason: string): boolean =>
    strategy === 'hybrid' || strategy === 'drain' ? reason.includes('its session moved here from') : reason !== '';
  return moves.filter(({ reason }) => !isSaid(reason)).length;
}

function shareText({ requests, credits, state }: Share): string {
  return `${figure(requests)} / ${figure(credits, 1)}${state === 'ready' ? '' : `, ${state}`}`;
}

function movesText(strategy: Strategy, moves: Distribution['moves']): string {
  if (moves.length === 0) return `- \`${strategy}\` moved nobody.`;
  return `- \`${strategy}\` moved: ${histogram(moves.map(({ reason }) => inShort(reason)))}`;
}

/** The reason without what differs from one request to the next. */
function inShort(reason: string): string {
  const moved = /moved here from "(\w+)@example\.com", which is (used up|refused)/.exec(reason);
  return moved ? `${moved[1] ?? ''} ${moved[2] === 'refused' ? 'refused the request' : 'was used up'}` : `"${reason}"`;
}

if (import.meta.main) {
  await runProof('distribution', 'How sessions are spread', async ({ isShort }) => {
    const sessions = isShort ? 60 : 1000;
    return distributionFinding(await proveDistribution(sessions), sessions);
  });
}

/** Each fault that Kiro has, in one of five accounts, while fifty sessions stream at once (protocol §7.3). */
import type { EmulatedAccount } from '../emulator/emulator.ts';
import { chat, type Answered } from './client.ts';
import { faultRows, type FaultRow } from './fault-rows.ts';
import { figure, histogram, runProof, table, type Finding } from './page.ts';
import { startServedRig, turnsOf, type ServedRig } from './served-rig.ts';

/** What became of one fault. */
export interface FaultOutcome {
  readonly row: FaultRow;
  /** State of the account that has the fault, and of the other four. */
  readonly state: string;
  readonly othersState: string;
  readonly answers: readonly Answered[];
  /** Requests that were sent to the account with the fault, refreshes not counted. */
  readonly touched: number;
  /** Most sends of one request. */
  readonly maxSends: number;
  /** Requests that were sent to two accounts. */
  readonly moved: number;
  /** Sends to the other four that served nobody. */
  readonly wasted: number;
  readonly broken: readonly string[];
}

/** The first has the fault. Four share a region, and one is elsewhere. */
const specs = [
  { kind: 'social', id: 'one' },
  { kind: 'social', id: 'two', provider: 'github' },
  { kind: 'builder-id', id: 'three' },
  { kind: 'identity-center', id: 'four', apiRegion: 'eu-central-1' },
  { kind: 'external-idp', id: 'five' },
] as const;

/** Proves every row, or in the short form one of each kind. @param streams how many sessions run at once */
export async function proveFaults(streams: number, isShort = false): Promise<FaultOutcome[]> {
  const outcomes: FaultOutcome[] = [];
  for (const row of isShort ? faultRows.filter(({ isSample }) => isSample) : faultRows)
    outcomes.push(await proveFault(row, streams));
  return outcomes;
}

async function proveFault(row: FaultRow, streams: number): Promise<FaultOutcome> {
  // Round-robin, so that the fault gets its share; the default avoids an account that fails.
  await using served = await startServedRig(specs, { chunking: 'frames', eventDelayMs: 1, strategy: 'round-robin' });
  const { rig, accounts } = served;
  const [one, ...others] = accounts;
  if (one === undefined) throw new Error('no account');
  if (row.on === 'refresh') await endAccess(served, one);
  rig.emulator.inject({ on: row.on, account: one.id, times: 'always', fault: row.fault });
  const sessions = Array.from({ length: streams }, (_, index) => `session-${index}`);
  const answers = await Promise.all(
    sessions.map((session) => chat(served, { session, messages: [{ role: 'user', content: 'Stream 12 fragments' }] })),
  );
  const states = others.map((other) => rig.summaryOf(other).state.name);
  const sends = turnsOf(rig);
  const byRequest = Map.groupBy(sends, ({ body }) => requestOf(body));
  const accountsOf = [...byRequest.values()].map((group) => new Set(group.map(({ account }) => account)));
  const servedByOthers = answers.filter(({ isServed, account }) => isServed && account !== one.email).length;
  const outcome = {
    row,
    state: rig.summaryOf(one).state.name,
    othersState: [...new Set(states)].join(', '),
    answers,
    touched: accountsOf.filter((accounts) => accounts.has(one.id)).length,
    maxSends: Math.max(0, ...[...byRequest.values()].map((group) => group.length)),
    moved: accountsOf.filter(({ size }) => size > 1).length,
    wasted: sends.filter(({ account }) => account !== one.id).length - servedByOthers,
  };
  return { ...outcome, broken: brokenBy(outcome).map((what) => `${nameOf(row)}: ${what}`) };
}

/** The account's access token ends, for Kiro and for us. */
async function endAccess({ rig }: ServedRig, account: EmulatedAccount): Promise<void> {
  account.expireAccessTokens();
  const { accounts } = rig.engine.parts;
  await accounts.update(rig.summaryOf(account).id, (kept) =>
    kept.credential.kind === 'api-key' ? kept : { ...kept, credential: { ...kept.credential, expiresAt: 0 } },
  );
}

/** The id that all sends of one client request have in common (protocol §4.10). */
function requestOf(body: unknown): string {
  const id = /"agentContinuationId":"([^"]+)"/.exec(JSON.stringify(body ?? ''))?.[1];
  if (id === undefined) throw new Error('a send without a continuation id');
  return id;
}

function brokenBy({ row, ...outcome }: Omit<FaultOutcome, 'broken'>): string[] {
  const failed = outcome.answers.filter(({ isServed }) => !isServed);
  const told = failed.filter(({ error }) => error === row.told);
  const broken: string[] = [];
  const check = (isHeld: boolean, otherwise: string): void => {
    if (!isHeld) broken.push(otherwise);
  };
  check(outcome.state === row.state, `the account is ${outcome.state}, not ${row.state}`);
  check(outcome.othersState === (row.isEverybodys ? 'cooling' : 'ready'), `the others are ${outcome.othersState}`);
  check(outcome.wasted === 0, `${outcome.wasted} sends to other accounts served nobody`);
  check(outcome.maxSends <= 4, `a request was sent ${outcome.maxSends} times`);
  check(row.on === 'refresh' || outcome.touched > 0, 'the fault hit nobody');
  check(told.length === failed.length, `clients were told ${histogram(failed.map(({ error }) => String(error)))}`);
  if (row.told === undefined)
    check(failed.length === 0, `${failed.length} sessions failed that another account could serve`);
  else if (!row.isEverybodys) {
    // Who fails is who was refused: nobody else, and none of them was tried elsewhere.
    check(failed.length === outcome.touched, `${failed.length} sessions failed, ${outcome.touched} were refused`);
    check(outcome.moved === 0, `${outcome.moved} requests were moved`);
  }
  if (!row.isMidStream)
    check(
      failed.every(({ status }) => status !== 200),
      'an answer broke off that had not begun',
    );
  return broken;
}

function nameOf({ name, on }: FaultRow): string {
  return on === 'refresh' ? `${name} (on refresh)` : name;
}

function answerOf({ status, error }: Answered): string {
  return error === undefined ? String(status) : `${status} ${error}`;
}

/** The page of all rows. */
export function faultsFinding(outcomes: readonly FaultOutcome[], streams: number): Finding {
  const rows = outcomes.map(({ row, answers, state, othersState, touched, maxSends, moved, wasted }) => [
    nameOf(row),
    state,
    othersState,
    histogram(answers.map(answerOf)),
    touched,
    moved,
    maxSends,
    wasted,
  ]);
  const failed = outcomes.flatMap(({ row, answers }) =>
    row.told === undefined ? answers.filter(({ isServed }) => !isServed) : [],
  );
  const text = [
    `Five accounts in two regions, one of which answers every call with the fault, and ${streams} sessions that stream at once over`,
    'HTTP. Strategy `round-robin`, so that the account with the fault gets its share. Sends and moves are counted at the emulator.',
    '',
    `- ${outcomes.length} faults, ${figure(outcomes.length * streams)} sessions; ${failed.length} failed that another account could have served before their first byte.`,
    `- At most ${Math.max(...outcomes.map(({ maxSends }) => maxSends))} sends for one request; the bound is 4.`,
    `- ${outcomes.reduce((sum, { wasted }) => sum + wasted, 0)} sends to the other four accounts served nobody. Their state stays`,
    "  ready, but for the edge block, which is this machine's address and no account's.",
    '',
    table(
      ['fault', 'its account', 'the other four', 'clients saw', 'requests sent to it', 'moved', 'most sends', 'wasted'],
      rows,
    ),
  ];
  return { text: text.join('\n'), broken: outcomes.flatMap(({ broken }) => broken) };
}

if (import.meta.main) {
  await runProof('faults', 'Every fault, in one of five accounts', async ({ isShort }) => {
    const streams = isShort ? 10 : 50;
    return faultsFinding(await proveFaults(streams, isShort), streams);
  });
}

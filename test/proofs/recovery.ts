/** Accounts come back by themselves, or only when the user says so (DESIGN promise 2 and §5). */
import { faults, type Fault } from '../emulator/emulator.ts';
import { ask, startRig, type Outcome, type Rig } from '../support/engine.ts';
import { runProof, table, type Finding } from './page.ts';
import { turnsOf } from './served-rig.ts';

const minute = 60_000;
const hour = 60 * minute;

/** One way for an account to fall out, and one way for time to pass. */
interface Case {
  readonly name: string;
  /** What Kiro says; undefined when we meter ourselves that the credits are used up. */
  readonly fault: Fault | undefined;
  /** When it ends by itself, in ms from the refusal; undefined when only the user ends it. */
  readonly endsAfterMs: number | undefined;
}

const toDayEnd = 12 * hour;
const toMonthEnd = 7 * 24 * hour + 12 * hour;

const cases: readonly Case[] = [
  { name: 'asked for fewer requests (429)', fault: faults.rateLimit, endsAfterMs: minute },
  { name: "blocked by Kiro's edge (403 HTML)", fault: faults.edgeBlock, endsAfterMs: 5 * minute },
  { name: "today's requests used up", fault: faults.throttledDaily, endsAfterMs: toDayEnd },
  { name: "the plan's credits used up (402)", fault: faults.monthlyQuota, endsAfterMs: toMonthEnd },
  { name: "the plan's credits used up, by our own sum", fault: undefined, endsAfterMs: toMonthEnd },
  { name: 'locked for unusual activity', fault: faults.suspended, endsAfterMs: undefined },
  { name: 'not authorised', fault: faults.notAuthorized, endsAfterMs: undefined },
];

/** How the time passes: as it does, over a restart, or all at once as after a night's sleep of the machine. */
const ways = ['running', 'restarted', 'slept'] as const;
type Way = (typeof ways)[number];

/** What became of one case. */
export interface Recovery {
  readonly name: string;
  readonly way: Way;
  readonly endsAfterMs: number | undefined;
  /** State right after the refusal, a moment before its end, and at its end (or after 90 days). */
  readonly states: readonly [string, string, string];
  /** Whether it served twice then, without anybody's help. */
  readonly isBack: boolean;
  /** Sends in its name while it was out. */
  readonly sendsWhileOut: number;
}

/** What became of an account that Kiro warned. */
export interface Warning {
  readonly error: string | undefined;
  /** Sends of the warned request to the other account. */
  readonly moved: number;
  /** Requests of any kind in its name while it was parked, over a restart, 90 days and everything that a user may ask. */
  readonly whileParked: number;
  /** Requests that the other account served meanwhile. */
  readonly servedByOther: number;
  readonly isBackWhenCleared: boolean;
}

/** Proves all ways back. */
export async function proveRecovery(): Promise<{ recoveries: Recovery[]; warning: Warning }> {
  const recoveries: Recovery[] = [];
  for (const each of cases) for (const way of ways) recoveries.push(await proveCase(each, way));
  return { recoveries, warning: await proveWarning() };
}

async function proveCase({ name, fault, endsAfterMs }: Case, way: Way): Promise<Recovery> {
  await using rig = await startRig();
  const [one] = await rig.add({ kind: 'social', id: 'one', used: fault === undefined ? 999.97 : 0 });
  if (one === undefined) throw new Error('no account');
  if (fault !== undefined) rig.emulator.inject({ on: 'generate', fault });
  await ask(rig);
  const refusedAt = rig.now;
  const state = (): string => rig.summaryOf(one).state.name;
  const first = state();
  rig.emulator.clear();
  const endAt = refusedAt + (endsAfterMs ?? 90 * 24 * hour);
  if (way === 'restarted') {
    rig.now += Math.round((endAt - refusedAt) / 3);
    await rig.restart();
  }
  // A machine that sleeps sees no moment in between: the first that it knows is hours after the end.
  let before = first;
  if (way !== 'slept') {
    rig.now = endAt - 1;
    before = state();
    await ask(rig);
  }
  const sendsWhileOut = turnsOf(rig).length;
  rig.now = way === 'slept' ? endAt + 6 * hour : endAt;
  one.setUsage({ used: 0 });
  const last = state();
  const asked = [await ask(rig), await ask(rig)];
  const isBack = asked.every(({ error }) => error === undefined);
  return { name, way, endsAfterMs, states: [first, before, last], isBack, sendsWhileOut };
}

async function proveWarning(): Promise<Warning> {
  await using rig = await startRig();
  const [one, two] = await rig.add({ kind: 'social', id: 'one' }, { kind: 'social', id: 'two' });
  if (one === undefined || two === undefined) throw new Error('no accounts');
  rig.emulator.inject({ on: 'generate', account: 'one', times: 'always', fault: faults.suspended });
  const warned = await ask(rig);
  const moved = turnsOf(rig).filter(({ account }) => account === 'two').length;
  rig.emulator.clear();
  const served: Outcome[] = [];
  const askAll = async (): Promise<void> => {
    served.push(await ask(rig));
    await rig.engine.handlers.models({});
    await rig.engine.handlers.doctor({});
  };
  await askAll();
  await rig.restart();
  await rig.engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
  await askAll();
  rig.now += 90 * 24 * hour;
  await askAll();
  const { id } = rig.summaryOf(one);
  const whileParked = rig.emulator.journal.filter(({ account }) => account === 'one').length;
  await rig.engine.handlers['accounts.clear']({ id });
  await rig.engine.handlers['settings.set']({ key: 'pinned', value: id });
  const cleared = await ask(rig);
  return {
    error: warned.error?.code,
    moved,
    whileParked,
    servedByOther: served.filter(({ error, trace }) => error === undefined && trace.account?.label === two.email)
      .length,
    isBackWhenCleared: cleared.error === undefined && isServedBy(rig, 'one'),
  };
}

function isServedBy(rig: Rig, id: string): boolean {
  return turnsOf(rig).at(-1)?.account === id;
}

/** What must hold, and the figures. */
export function recoveryFinding({ recoveries, warning }: Awaited<ReturnType<typeof proveRecovery>>): Finding {
  const broken: string[] = [];
  const check = (isHeld: boolean, otherwise: string): void => {
    if (!isHeld) broken.push(otherwise);
  };
  for (const { name, way, states, isBack, endsAfterMs, sendsWhileOut } of recoveries) {
    const [first, before, last] = states;
    const which = `${name}, ${way}`;
    check(first !== 'ready' && before === first, `${which}: ${states.join(', then ')}`);
    check(
      isBack === (endsAfterMs !== undefined),
      `${which}: it ${isBack ? 'came back' : 'did not come back'} by itself`,
    );
    check((last === 'ready') === isBack, `${which}: it says ${last}`);
    check(sendsWhileOut === 0, `${which}: ${sendsWhileOut} sends while it was out`);
  }
  check(warning.error === 'account-parked', `the warned request got ${String(warning.error)}`);
  check(warning.moved === 0, 'the warned request was moved');
  check(warning.whileParked === 0, `${warning.whileParked} requests in the name of a parked account`);
  check(warning.servedByOther === 3, `the other account served ${warning.servedByOther} of 3`);
  check(warning.isBackWhenCleared, 'it does not serve after `accounts clear`');
  const text = [
    'An account of a pool of its own, on an injected clock. *Running*: the clock goes to a moment before the end, then to the end.',
    '*Restarted*: the engine is closed and opened on its folder a third of the way. *Slept*: the clock jumps to six hours after the end,',
    'as when the machine slept. For an account that only the user brings back the end is 90 days later.',
    '',
    table(
      [
        'what happened',
        'time passes',
        'ends by itself after',
        'state',
        'just before',
        'at the end',
        'serves again',
        'sends while out',
      ],
      recoveries.map(({ name, way, endsAfterMs, states, isBack, sendsWhileOut }) => [
        name,
        way,
        endsAfterMs === undefined ? 'never' : spanText(endsAfterMs),
        ...states.map((state, index) => (way === 'slept' && index === 1 ? '-' : state)),
        isBack ? 'yes' : 'no',
        sendsWhileOut,
      ]),
    ),
    'A warning ("unusual user activity") to one of two accounts:',
    '',
    table(
      ['what', 'value'],
      [
        ['the request that was warned', warning.error ?? 'served'],
        ['sends of it to the other account', warning.moved],
        [
          "requests of any kind in the parked account's name: other sessions, models, doctor, a restart, the upkeep, 90 days",
          warning.whileParked,
        ],
        ['requests that the other account served meanwhile', `${warning.servedByOther} of 3`],
        ['serves again after `accounts clear`', warning.isBackWhenCleared ? 'yes' : 'no'],
      ],
    ),
  ];
  return { text: text.join('\n'), broken };
}

function spanText(ms: number): string {
  if (ms < hour) return `${ms / minute} min`;
  return ms < 48 * hour ? `${ms / hour} h` : `${ms / hour / 24} d`;
}

if (import.meta.main) {
  await runProof('recovery', 'What comes back by itself, and what does not', async () =>
    recoveryFinding(await proveRecovery()),
  );
}

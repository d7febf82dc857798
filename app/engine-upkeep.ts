import type { EngineParts } from './engine-parts.ts';
import { describe } from './log.ts';
import { isHeld } from './pool/choice.ts';
import type { KiroLink } from './pool/kiro-link.ts';
import type { Pool } from './pool/pool.ts';
import { lateMs, planUpkeep, tickMs, type UpkeepTask } from './pool/upkeep-plan.ts';
import { unrefTimer, type After } from './timer.ts';

/** What the upkeep has of time. */
export interface UpkeepClock {
  /** Epoch ms. */
  readonly now: () => number;
  readonly after?: After;
}

/** What goes on until it is disposed of. */
export interface Upkeep extends Disposable {
  /** The machine has slept, and its timers with it: the plan is made anew now. */
  wake(): void;
}

/** What the upkeep needs of an engine. */
export interface UpkeepParts extends Pick<EngineParts, 'accounts' | 'history' | 'log'> {
  readonly pool: Pick<Pool, 'refreshUsage'> & { readonly link: Pick<KiroLink, 'keepFresh' | 'catalogue'> };
}

/** Old requests are forgotten this often. */
const pruneEveryMs = 24 * 60 * 60_000;

/**
 * Keeps idle accounts fit to serve: refreshes logins a little before they end, and asks for catalogues and credits ahead of the
 * first request and again as they age, by the plan of `planUpkeep`. One timer at a time, since those that wait while the machine
 * sleeps would all go off as it wakes. Ends when disposed of; what has begun goes on to its end.
 */
export function keepUpToDate(parts: UpkeepParts, { now, after = unrefTimer }: UpkeepClock): Upkeep {
  const { accounts, history, log } = parts;
  const lookedAt = new Map<string, number>();
  const busy = new Set<string>();
  let tasks: UpkeepTask[] = [];
  let lastTickAt: number | undefined;
  let prunedAt = now();
  let hasEnded = false;
  let callOff: () => void = () => undefined;

  const tick = (): void => {
    const at = now();
    tasks = planUpkeep(accounts.list(), { now: at, lastTickAt, lookedAt, busy });
    lastTickAt = at;
    if (Math.abs(at - prunedAt) >= pruneEveryMs) {
      history.prune(at);
      prunedAt = at;
    }
    arm(at);
  };
  const arm = (tickedAt: number): void => {
    const nextAt = tasks[0]?.at ?? tickedAt + tickMs;
    callOff = after(Math.min(Math.max(0, nextAt - now()), tickMs), () => onTimer(nextAt, tickedAt));
  };
  const onTimer = (dueAt: number, tickedAt: number): void => {
    if (hasEnded) return;
    const delayMs = Math.max(0, now() - dueAt);
    // After a sleep, or when the clock was set back, the plan is out of date.
    const isOutdated = delayMs > lateMs || now() < tickedAt;
    const [task, ...rest] = isOutdated ? [] : tasks;
    if (!task) return tick();
    begin(task);
    // A timer that is late must not push the next ones together.
    tasks = rest.map((each) => ({ ...each, at: each.at + delayMs }));
    arm(tickedAt);
  };
  const begin = ({ account, what }: UpkeepTask): void => {
    const state = accounts.get(account)?.state;
    // The user may have paused or removed it since the plan was made.
    if (!state || isHeld(state)) return;
    if (what === 'look') lookedAt.set(account, now());
    busy.add(account);
    perform(account, what, parts)
      .catch((error: unknown) => {
        if (!hasEnded) log.info('upkeep.failed', { account, what, error: describe(error) });
      })
      .finally(() => busy.delete(account));
  };

  tick();
  return {
    wake() {
      if (hasEnded) return;
      callOff();
      tick();
    },
    [Symbol.dispose]() {
      hasEnded = true;
      callOff();
    },
  };
}

async function perform(account: string, what: UpkeepTask['what'], { pool }: UpkeepParts): Promise<void> {
  if (what === 'refresh') return pool.link.keepFresh(account);
  await pool.link.catalogue(account).catch(() => undefined);
  await pool.refreshUsage(account);
}

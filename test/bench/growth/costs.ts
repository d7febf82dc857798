/** What the growth of Kiro Pool is measured by: each cost, over what it may grow, and how fast at most. */

export interface Cost {
  readonly id: string;
  readonly stage: Stage;
  readonly title: string;
  readonly unit: Unit;
  /** Digits after the point. */
  readonly digits: number;
  /** The largest exponent of its growth that is allowed. */
  readonly most: number;
}

type Unit = 'ms' | 'µs' | 'MB' | 'kB';

/** In proportion at most, and a tenth for what a machine's caches do to it. */
const linear = 1.1;
/** Not at all: over a tenfold size at most 1.6 times as much, which is what such a machine differs by from run to run. */
const flat = 0.2;

/** What is made larger, in words. */
export const stages = {
  turns: 'turns',
  bytes: 'MB of request',
  streams: 'streams',
  length: 'events in one stream',
  accounts: 'accounts',
  history: 'requests in the history',
} as const;

export type Stage = keyof typeof stages;

/** A name from outside is one of the stages. */
export function isStage(name: string): name is Stage {
  return Object.hasOwn(stages, name);
}

export const costs: readonly Cost[] = [
  cost('turnsMs', 'turns', 'added to the first token', 'ms', 2, linear),
  cost('turnsCpu', 'turns', 'CPU a request', 'ms', 2, linear),
  cost('bytesMs', 'bytes', 'added to the first token', 'ms', 1, linear),
  cost('bytesCpu', 'bytes', 'CPU a request', 'ms', 1, linear),
  cost('streamsMb', 'streams', 'resident memory', 'MB', 0, linear),
  cost('streamsKb', 'streams', 'alive for each open stream', 'kB', 0, flat),
  cost('streamsCpu', 'streams', 'CPU an event', 'µs', 1, flat),
  cost('lengthHeap', 'length', 'alive after so many events', 'MB', 1, flat),
  cost('lengthMb', 'length', 'most resident memory', 'MB', 0, flat),
  cost('lengthCpu', 'length', 'CPU an event', 'µs', 2, flat),
  cost('accountsMs', 'accounts', 'new session: added to the first token', 'ms', 2, linear),
  cost('accountsCpu', 'accounts', 'new session: CPU a request', 'ms', 2, linear),
  cost('accountsCold', 'accounts', 'cold start to the first token', 'ms', 0, linear),
  cost('accountsIdle', 'accounts', 'idle memory', 'MB', 0, linear),
  cost('accountsList', 'accounts', 'list of accounts, asked for', 'ms', 2, linear),
  cost('accountsSnapshot', 'accounts', 'snapshot for a screen', 'ms', 2, linear),
  cost('accountsRotation', 'accounts', 'a login refreshed and on disk', 'ms', 2, linear),
  cost('accountsFile', 'accounts', 'accounts.json, written for that', 'kB', 1, linear),
  cost('historyCold', 'history', 'cold start to the first token', 'ms', 0, linear),
  cost('historyIdle', 'history', 'idle memory', 'MB', 0, linear),
  cost('historyUsage', 'history', 'usage of 90 days, asked for', 'ms', 2, linear),
  cost('historyChart', 'history', 'chart of 90 days, the first', 'ms', 2, linear),
  cost('historyLast', 'history', 'the last 100 requests', 'ms', 2, flat),
  cost('historyCpu', 'history', 'CPU a request, recorded', 'ms', 2, flat),
  cost('historyFile', 'history', 'usage.db', 'MB', 1, linear),
];

/** Which of the rounds counts. To a time, whatever else the machine does only adds; memory goes up and down by itself. */
export function takenOf({ unit }: Cost): 'least' | 'median' {
  return unit === 'ms' || unit === 'µs' ? 'least' : 'median';
}

/** What a person reads: `CPU a request, ms`. */
export function nameOf({ title, unit }: Cost): string {
  return `${title}, ${unit}`;
}

function cost(id: string, stage: Stage, title: string, unit: Unit, digits: number, most: number): Cost {
  return { id, stage, title, unit, digits, most };
}

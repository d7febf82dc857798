/** The figures of the bench: what each is called, and where Kiro Pool is to stand. */

export interface Figure {
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  /** Digits after the point. */
  readonly digits: number;
  readonly goal?: Goal;
  /** The ratio is of this measured value, where it is not of the figure itself. */
  readonly ratioOf?: string;
}

/** What is to be reached. `ratio` is to the pass-through in the same round; `orAtMost` and `atMost` are in the figure's unit. */
export interface Goal {
  readonly ratio?: number;
  readonly isFloor?: boolean;
  readonly orAtMost?: number;
  readonly atMost?: number;
}

export const groups = ['start', 'memory', 'first-token', 'flood', 'paced', 'requests', 'pauses'] as const;
export type Group = (typeof groups)[number];

export const figures: readonly Figure[] = [
  figure('coldMs', 'start', 'cold start: spawn to first token, ms', 0, { ratio: 1.7 }),
  figure('idleMb', 'start', 'idle RSS, MB', 0, { ratio: 1.3 }),
  figure('kb200', 'memory', 'KB per open stream at 200', 0),
  figure('kb1000', 'memory', 'KB per open stream at 1,000', 0, { atMost: 60 }),
  figure('firstMs', 'first-token', 'time to first token p50, ms', 2, { ratio: 1.3 }),
  figure('firstAdded', 'first-token', 'added to the first token, ms', 2),
  figure('floodCpu', 'flood', 'CPU µs per event, flood', 2, { ratio: 1.25 }),
  figure('floodRate', 'flood', 'events/s, flood, 16 connections', 0, { ratio: 0.8, isFloor: true }),
  figure('pacedCpu', 'paced', 'CPU µs per event, 100 streams x 50/s', 1, { ratio: 1.15 }),
  figure('pacedP50', 'paced', 'per-chunk delay p50 there, ms', 2, { ratio: 1.2 }),
  figure('pacedP99', 'paced', 'per-chunk delay p99 there, ms', 1),
  figure('busyP50', 'paced', 'the same p50 while a screen redraws and requests end, ms', 2, { ratio: 1.2 }),
  figure('busyP99', 'paced', 'the same p99, ms', 1),
  request('5 turns', { ratio: 3.5, orAtMost: 1.5 }),
  request('200 turns', { ratio: 8 }),
  request('1 MB', { ratio: 6.5 }),
  request('5 MB', { ratio: 8 }),
  request('5 MB, not ASCII', undefined),
  figure('pauseLongest', 'pauses', 'longest delay of 20 streams in a 5 MB request, ms', 1, { ratio: 2 }),
  figure('pauseP99', 'pauses', 'p99 delay of 20 streams beside 5 MB requests, ms', 1),
];

function figure(id: string, group: Group, title: string, digits: number, goal?: Goal): Figure {
  return { id, group, title, digits, ...(goal && { goal }) };
}

function request(size: string, goal: Goal | undefined): Figure {
  const title = `request path, ${size}: added ms`;
  // Of the whole times: what is added by a pump is too close to nothing to divide by.
  const ratioOf = `whole ${size}`;
  return { id: `request ${size}`, group: 'requests', title, digits: 1, ratioOf, ...(goal && { goal }) };
}

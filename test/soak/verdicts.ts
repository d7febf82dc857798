import type { Sample } from './sample.ts';
import { median, rise } from './trend.ts';

/** All that a soak saw. */
export interface Seen {
  readonly samples: readonly Sample[];
  /** Before the load, when everything was warm, and after it. */
  readonly idleBefore: Sample;
  readonly idleAfter: Sample;
  /** Everything the engine wrote to standard error. */
  readonly stderr: string;
  /** Exit code or signal after it was asked to stop. */
  readonly ended: number | NodeJS.Signals;
  readonly unexplained: readonly string[];
  /** Ids of the turns that clients asked for, and of those in the history. */
  readonly turns: readonly string[];
  readonly recorded: readonly string[];
  /** The history's size once the engine has closed it. */
  readonly databaseAfter: number;
  /** Accounts whose login could not be refreshed at the end. */
  readonly brokenLogins: readonly string[];
  /** Refreshes of each account, and tokens sent again after they had been traded. */
  readonly refreshes: readonly number[];
  readonly reusedTokens: number;
}

/** One promise: whether it was held, in figures. */
export interface Verdict {
  readonly what: string;
  readonly bound: string;
  readonly found: string;
  readonly isHeld: boolean;
}

const MiB = 1024 * 1024;
const bounds = {
  rssRise: 16 * MiB,
  heapRise: 4 * MiB,
  /** Load comes and goes, and connections with it; one lost in a thousand requests would be more within an hour. */
  descriptorsRise: 8,
  bytesPerRequest: 2_000,
  wal: 8 * MiB,
  otherFiles: MiB,
  stderrPerTurn: 200,
};

/** What must hold after any length of time. Pure. */
export function verdictsOf(seen: Seen): Verdict[] {
  const { samples, idleBefore, idleAfter, unexplained, turns, recorded } = seen;
  const half = samples.slice(samples.length >> 1);
  const growth = (of: (sample: Sample) => number | null): number =>
    rise(
      half.flatMap((sample) => {
        const value = of(sample);
        return value === null ? [] : [[sample.at, value] as const];
      }),
    );
  const grows = (what: string, of: (sample: Sample) => number | null, most: number, unit = 1, name = ''): Verdict => {
    const found = growth(of);
    return verdict(
      `${what}, over the second half`,
      `+${most / unit}${name}`,
      `${signed(found / unit)}${name}`,
      found < most,
    );
  };
  const returns = (what: string, of: (sample: Sample) => number, slack: number): Verdict =>
    verdict(
      `${what}, idle before and after`,
      `+${slack}`,
      `${of(idleBefore)} → ${of(idleAfter)}`,
      of(idleAfter) <= of(idleBefore) + slack,
    );
  const most = (of: (sample: Sample) => number): number => Math.max(...samples.map(of));
  const perRequest = (seen.databaseAfter - idleBefore.database - idleBefore.wal) / Math.max(1, recorded.length);
  const missing = without(turns, recorded);
  const strangers = without(recorded, turns);
  const odd = oddLines(seen.stderr);
  const perTurn = seen.stderr.length / Math.max(1, turns.length);
  return [
    grows('resident memory', ({ rss }) => rss, bounds.rssRise, MiB, ' MiB'),
    grows('heap after a full collection', ({ heap }) => heap, bounds.heapRise, MiB, ' MiB'),
    grows('open descriptors', ({ descriptors }) => descriptors, bounds.descriptorsRise),
    grows('sockets', ({ sockets }) => sockets, bounds.descriptorsRise),
    grows('handles and timers', ({ handles }) => handles, bounds.descriptorsRise),
    returns('open descriptors', ({ descriptors }) => descriptors, 2),
    returns('sockets', ({ sockets }) => sockets, 2),
    returns('handles and timers', ({ handles }) => handles, 3),
    returns('threads', ({ threads }) => threads, 1),
    verdict(
      'the history, bytes a request',
      `< ${bounds.bytesPerRequest}`,
      perRequest.toFixed(0),
      perRequest < bounds.bytesPerRequest,
    ),
    verdict(
      'its write-ahead log, most',
      `< ${bounds.wal / MiB} MiB`,
      mib(most(({ wal }) => wal)),
      most(({ wal }) => wal) < bounds.wal,
    ),
    verdict(
      'all other files, most',
      `< ${bounds.otherFiles / MiB} MiB`,
      mib(most(({ otherFiles }) => otherFiles)),
      most(({ otherFiles }) => otherFiles) < bounds.otherFiles,
    ),
    verdict(
      'standard error but for log lines',
      'nothing',
      odd.length === 0 ? 'nothing' : odd.slice(0, 3).join(' / '),
      odd.length === 0,
    ),
    verdict('log, bytes a request', `< ${bounds.stderrPerTurn}`, perTurn.toFixed(0), perTurn < bounds.stderrPerTurn),
    verdict('the engine ends when asked, once', 'exit code 0', String(seen.ended), seen.ended === 0),
    verdict(
      'outcomes that no fault explains',
      'none',
      unexplained.length === 0 ? 'none' : `${unexplained.length}: ${unexplained.slice(0, 3).join('; ')}`,
      unexplained.length === 0,
    ),
    verdict(
      'turns that the history lacks, or that nobody asked for',
      '0, 0',
      `${missing}, ${strangers} of ${turns.length}`,
      missing + strangers === 0,
    ),
    verdict(
      'accounts that refresh at the end',
      'all',
      seen.brokenLogins.join('; ') || 'all',
      seen.brokenLogins.length === 0,
    ),
    verdict(
      'refresh tokens that were sent twice',
      '0',
      `${seen.reusedTokens} of ${seen.refreshes.reduce((sum, each) => sum + each, 0)} refreshes`,
      seen.reusedTokens === 0,
    ),
    verdict(
      'every account has refreshed',
      '> 0 each',
      seen.refreshes.join(', '),
      seen.refreshes.length === 5 && Math.min(...seen.refreshes) > 0,
    ),
  ];
}

/** The engine's own log is JSON, a line each; anything else is a warning of Node or a crash, and some events are bugs of ours. */
function oddLines(stderr: string): string[] {
  const isBug = (line: string): boolean => /"event":"(?:proxy\.failure|pool\.problem|store\.problem)"/.test(line);
  return stderr.split('\n').filter((line) => line !== '' && (!line.startsWith('{') || isBug(line)));
}

/** The middle of each quarter, for the page. */
export function quarters(samples: readonly Sample[], of: (sample: Sample) => number): number[] {
  const size = Math.ceil(samples.length / 4);
  return [0, 1, 2, 3].map((index) => median(samples.slice(index * size, (index + 1) * size).map(of)));
}

/** How many ids of the first list the second lacks; an id that comes twice counts as one too many. */
function without(ids: readonly string[], others: readonly string[]): number {
  const known = new Set(others);
  return ids.filter((id) => !known.delete(id)).length;
}

function verdict(what: string, bound: string, found: string, isHeld: boolean): Verdict {
  return { what, bound, found, isHeld };
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}

function mib(bytes: number): string {
  return `${(bytes / MiB).toFixed(2)} MiB`;
}

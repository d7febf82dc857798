import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { History } from '../../../app/usage/history.ts';
import type { RequestRow } from '../../../app/usage/request-row.ts';
import { now, temporaryFolder } from '../../store/accounts.ts';
import { drawn } from '../drawn.ts';
import { makeOverwritten } from '../overwrite.ts';
import { fileOutcome, openQuietly } from '../quiet-engine.ts';
import { mustHold, type Target } from '../target.ts';

const noise = fc.uint8Array({ maxLength: 600 });

type Folder = ReturnType<typeof temporaryFolder>;
type Files = Readonly<Record<string, Buffer>>;

const { closed, open, log } = seeds();

/** The history of requests, and the log of SQLite beside it that a killed process leaves, tried with the whole engine (DESIGN §7). */
export const engineHistory: readonly Target[] = [
  {
    name: 'engine-history',
    promise:
      'Whatever is in usage.db: the engine opens, answers what is asked of its history and records what happens; each request that was ' +
      'readable is still there; or the file is kept under a new name, which is told, or left alone, which is told.',
    inputs: 3_000,
    seeds: () => [closed],
    make: makeOverwritten,
    async check(input) {
      using folder = temporaryFolder();
      const { problems } = await used(folder, { 'usage.db': input });
      return fileOutcome(folder, 'usage.db', input, problems);
    },
  },
  {
    name: 'engine-history-log',
    promise:
      'Whatever is in the log beside usage.db: the same, and no request that SQLite finds in the two of them is lost without a word.',
    inputs: 2_000,
    seeds: () => [log],
    // Bytes changed, or the log cut short or whole, with others behind it.
    make: (random, seeds) =>
      random.next() < 0.5
        ? makeOverwritten(random, seeds)
        : Buffer.concat([log.subarray(0, random.below(2 * log.length)), drawn(noise, random)]),
    async check(input) {
      using folder = temporaryFolder();
      const { problems, recent } = await used(folder, { 'usage.db': open, 'usage.db-wal': input });
      return `${problems.length === 0 ? 'opens' : 'is told'}, with what the log ${recent.has('four') ? 'held' : 'held left out'}`;
    },
  },
];

/** Opens the engine on a history, and uses it. @returns what it told of it, and the requests that it knows */
async function used(
  folder: Folder,
  files: Files,
): Promise<{ problems: readonly string[]; recent: ReadonlySet<string> }> {
  const readable = idsIn(folder, files);
  const { engine, problems } = await openQuietly(folder, files);
  await using _ = engine;
  engine.parts.history.record(row('new', now() + 10));
  await engine.handlers['usage']({ days: 7 });
  const recent = new Set((await engine.handlers['requests']({ last: 50 })).map(({ id }) => id));
  mustHold(recent.has('new'), 'what happened since is not recorded');
  const isLost = readable.some((id) => !recent.has(id));
  mustHold(!isLost || problems().length > 0, 'requests are gone without a word');
  return { problems: problems(), recent };
}

/** The requests that SQLite reads from these bytes, when it finds nothing wrong with them. */
function idsIn(folder: Folder, files: Files): string[] {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(folder.file(name), bytes);
  try {
    return ids(folder.file('usage.db'));
  } catch {
    return [];
  }
}

function ids(path: string): string[] {
  using database = new DatabaseSync(path, { readOnly: true });
  return database
    .prepare('SELECT id FROM requests')
    .all()
    .map(({ id }) => String(id));
}

/** A history that was closed, and one that was not, with its log. */
function seeds(): { closed: Buffer; open: Buffer; log: Buffer } {
  using folder = temporaryFolder();
  const path = folder.file('usage.db');
  smallPages(path);
  record(path, ['one', 'two', 'three']);
  const closed = readFileSync(path);
  {
    using history = new History({ path, now });
    history.record(row('four', now() + 4));
    history.flush();
    for (const name of ['usage.db', 'usage.db-wal']) copyFileSync(folder.file(name), folder.file(`open-${name}`));
  }
  return {
    closed,
    open: readFileSync(folder.file('open-usage.db')),
    log: readFileSync(folder.file('open-usage.db-wal')),
  };
}

/** They make a small file, of which more bytes mean something. */
function smallPages(path: string): void {
  using database = new DatabaseSync(path);
  database.exec('PRAGMA page_size = 512; VACUUM');
}

function record(path: string, requests: readonly string[]): void {
  using history = new History({ path, now });
  for (const [index, id] of requests.entries()) history.record(row(id, now() + index));
  history.recordStateChange({
    at: now(),
    account: 'acc_a',
    from: 'ready',
    to: 'cooling',
    reason: 'Kiro asked to wait.',
  });
  history.recordOverage({ at: now(), account: 'acc_a', credits: 0.5 });
  history.recordUsage({ at: now(), account: 'acc_a', used: 10, limit: 1_000, extra: 0 });
}

function row(id: string, at: number): RequestRow {
  return {
    id,
    at,
    key: 'default',
    session: 's',
    model: 'claude-sonnet-5',
    account: 'acc_a',
    sends: 1,
    outcome: 'served',
    decision: [{ account: 'acc_a', chosen: true, reason: 'It is the only one.' }],
    credits: 0.25,
    contextPercent: 5,
    inputTokens: 100,
    outputTokens: 20,
    firstTokenMs: 300,
    totalMs: 900,
  };
}

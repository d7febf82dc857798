import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../app/store/store-error.ts';
import { History } from '../../../app/usage/history.ts';
import type { RequestRow } from '../../../app/usage/request-row.ts';
import { now, temporaryFolder } from '../../store/accounts.ts';
import { makeJson } from '../mutate-json.ts';
import { makeOverwritten } from '../overwrite.ts';
import { openQuietly } from '../quiet-engine.ts';
import { mustHold, type Target } from '../target.ts';

type Folder = ReturnType<typeof temporaryFolder>;

const { keysSeed, historySeed } = await seeds();

/** Files without which the engine still opens, tried with all of it (DESIGN §7). */
export const engineFiles: readonly Target[] = [
  {
    name: 'engine-keys',
    promise:
      'Whatever is in keys.json: the engine opens, with a key that lets clients in; what was there is kept to the byte, under a new ' +
      'name when it was no good, which is told. Or a newer file is refused, and left alone.',
    inputs: 3_000,
    seeds: () => [keysSeed],
    make: makeJson,
    async check(input) {
      using folder = temporaryFolder();
      const opened = await openQuietly(folder, { 'keys.json': input }).catch((error: unknown) => {
        if (error instanceof StoreError) return error;
        throw error;
      });
      if (opened instanceof StoreError) {
        mustHold(readFileSync(folder.file('data/keys.json')).equals(input), 'what was refused is changed');
        return `refused: ${opened.code}`;
      }
      await using engine = opened.engine;
      const { keys } = engine.parts;
      mustHold(keys.list().length > 0 || opened.problems().length === 0, 'no key in place of those that were lost');
      for (const { name } of keys.list().filter(({ isLocked }) => !isLocked)) {
        const key = await keys.show(name).catch((error: unknown) => {
          // Of twins one may open, and the other not.
          if (error instanceof StoreError && error.code === 'cannot-open') return undefined;
          throw error;
        });
        mustHold(key === undefined || keys.nameOf(key) !== undefined, 'a key that opens lets nobody in');
      }
      return outcomeOf(folder, 'keys.json', input, opened.problems());
    },
  },
  {
    name: 'engine-history',
    promise:
      'Whatever is in usage.db: the engine opens, answers what is asked of its history and records what happens; each request that was ' +
      'readable is still there; or the file is kept under a new name, which is told, or left alone, which is told.',
    inputs: 3_000,
    seeds: () => [historySeed],
    make: makeOverwritten,
    async check(input) {
      using folder = temporaryFolder();
      const readable = idsIn(folder, input);
      const { engine, problems } = await openQuietly(folder, { 'usage.db': input });
      await using _ = engine;
      engine.parts.history.record(row('new', now() + 10));
      await engine.handlers['usage']({ days: 7 });
      const recent = new Set((await engine.handlers['requests']({ last: 50 })).map(({ id }) => id));
      mustHold(recent.has('new'), 'what happened since is not recorded');
      const isLost = readable.some((id) => !recent.has(id));
      mustHold(!isLost || problems().length > 0, 'requests are gone without a word');
      return outcomeOf(folder, 'usage.db', input, problems());
    },
  },
];

/** Whether the file was taken as it is, set aside or left alone. @throws Broken unless its bytes are still there then */
function outcomeOf(folder: Folder, name: string, input: Buffer, problems: readonly string[]): string {
  const aside = readdirSync(folder.file('data')).filter(
    (each) => each.startsWith(`${name}.corrupt-`) && !/-(?:wal|shm)$/.test(each),
  );
  mustHold(aside.length === 0 || problems.length > 0, 'it was set aside without a word');
  if (aside.length > 0) {
    mustHold(
      aside.some((each) => readFileSync(folder.file(`data/${each}`)).equals(input)),
      'what was set aside is not what was there',
    );
    return 'kept aside';
  }
  if (problems.length === 0) return 'opens';
  mustHold(readFileSync(folder.file(`data/${name}`)).equals(input), 'what could not be used was changed');
  return 'left alone';
}

/** The requests that SQLite reads from these bytes, when it finds nothing wrong with them. */
function idsIn(folder: Folder, input: Buffer): string[] {
  try {
    const path = folder.file('before.db');
    writeFileSync(path, input);
    using database = new DatabaseSync(path, { readOnly: true });
    return database
      .prepare('SELECT id FROM requests')
      .all()
      .map(({ id }) => String(id));
  } catch {
    return [];
  }
}

async function seeds(): Promise<{ keysSeed: Buffer; historySeed: Buffer }> {
  using folder = temporaryFolder();
  const { engine } = await openQuietly(folder);
  await engine.handlers['keys.create']({ name: 'project' });
  await engine.close();
  const path = folder.file('usage.db');
  // Small pages make a small file, of which more bytes mean something.
  {
    using small = new DatabaseSync(path);
    small.exec('PRAGMA page_size = 512; VACUUM');
  }
  {
    using history = new History({ path, now });
    for (const [index, id] of ['one', 'two', 'three'].entries()) history.record(row(id, now() + index));
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
  return { keysSeed: readFileSync(folder.file('data/keys.json')), historySeed: readFileSync(path) };
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

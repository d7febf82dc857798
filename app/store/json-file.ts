import { copyFile, lstat, open, readFile, rename } from 'node:fs/promises';
import { dirname, basename } from 'node:path';
import * as v from 'valibot';
import { errnoOf, syncFolder, writeFileAtomic } from './atomic-write.ts';
import { StoreError } from './store-error.ts';

/**
 * What is kept: an object with the version of its schema. Members that the schema does not know survive with
 * `v.looseObject`.
 */
export type Versioned = { version: number };

/** Turns a document of version n into one of n + 1. It gets unchecked JSON and may throw; the result is checked. */
export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

export type JsonFileOptions<T extends Versioned> = {
  path: string;
  /** Checks a document of the newest version. */
  schema: v.GenericSchema<unknown, T>;
  /** `migrations[i]` leads from version i + 1 to i + 2, so the newest version is their number plus one. */
  migrations?: readonly Migration[];
  /** Epoch ms, for the name of a file that is set aside. */
  now: () => number;
  /** Told when a file was no good and has been set aside. */
  onProblem?: (problem: FileProblem) => void;
};

/** A file that could not be used was kept under `keptAs`, and an empty document took its place. */
export type FileProblem = { path: string; keptAs: string; message: string };

/**
 * One JSON document on disk. The owner keeps the living state; this class reads it once and writes it safely.
 *
 * - Writes are atomic and synced, one at a time; callers that come while one runs share the next.
 * - A corrupt or wrong-shaped file is renamed to `<name>.corrupt-<time>` and reported, never overwritten.
 * - A newer version is refused and left alone; an older one is migrated after a copy to `<name>.bak-v<N>`.
 */
export class JsonFile<T extends Versioned> {
  readonly path: string;
  /** The document as it was read; undefined when there was none or it was set aside. */
  readonly initial: T | undefined;
  #produce: () => T | Promise<T> = () => Promise.reject(new Error('nothing to write'));
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string, initial: T | undefined) {
    this.path = path;
    this.initial = initial;
  }

  /** @throws StoreError `read-failed`, `newer-version`, or `write-failed` when a migration could not be saved. */
  static async open<T extends Versioned>(options: JsonFileOptions<T>): Promise<JsonFile<T>> {
    const { path, migrations = [] } = options;
    const text = await readText(path);
    if (text === undefined) return new JsonFile<T>(path, undefined);
    const without = async (why: string): Promise<JsonFile<T>> => {
      await setAside(options, why);
      return new JsonFile<T>(path, undefined);
    };

    const newest = migrations.length + 1;
    const read = readDocument(text, newest);
    if (typeof read === 'string') return without(read);
    if (read.version > newest) {
      throw new StoreError(
        'newer-version',
        `${path} has version ${read.version}; this Kiro Pool knows up to ${newest}.`,
        'Update Kiro Pool. The file was left as it is.',
      );
    }

    const migrated = migrate(read, migrations);
    if (migrated === undefined) return without(`version ${read.version} could not be brought up to date`);
    const parsed = v.safeParse(options.schema, migrated);
    // Valibot's messages quote what they received, which may be a secret: only the path is told.
    if (!parsed.success) return without(`wrong content at ${pathsOf(parsed.issues)}`);

    const file = new JsonFile<T>(path, parsed.output);
    if (read.version < newest) {
      await keepBackup(path, read.version);
      await file.write(() => parsed.output);
    }
    return file;
  }

  /**
   * Writes what `produce` returns. It is called when the write's turn comes, so it must return the state of that
   * moment; of callers that wait for the same turn only the last `produce` is called.
   *
   * Resolves when a state that includes the caller's is on disk and synced.
   * @throws StoreError `write-failed`, or what `produce` threw; the file is then as before.
   */
  write(produce: () => T | Promise<T>): Promise<void> {
    this.#produce = produce;
    this.#next ??= this.#takeTurn(this.#running);
    const turn = this.#next;
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  async #takeTurn(before: Promise<void>): Promise<void> {
    await before;
    // From here on callers belong to the turn after this one.
    this.#next = undefined;
    const text = JSON.stringify(await this.#produce(), undefined, 2);
    try {
      await writeFileAtomic(this.path, `${text}\n`);
    } catch (cause) {
      throw new StoreError('write-failed', `${this.path} could not be written.`, diskHint, { cause });
    }
  }
}

const diskHint = 'Check that the disk has space and that the data folder is yours.';

/** The members where a document is wrong, without their values. */
export function pathsOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const paths = issues.map((issue) => v.getDotPath(issue) ?? 'its root');
  return [...new Set(paths)].slice(0, 5).join(', ');
}

const anyDocument = v.looseObject({ version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1) });

function readDocument(text: string, newest: number): v.InferOutput<typeof anyDocument> | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text.trim() === '' ? 'it is empty' : 'it is not JSON';
  }
  const document = v.safeParse(anyDocument, json);
  return document.success ? document.output : `it is not a document of version 1 to ${newest}`;
}

function migrate(
  document: v.InferOutput<typeof anyDocument>,
  migrations: readonly Migration[],
): Record<string, unknown> | undefined {
  let current: Record<string, unknown> = document;
  try {
    for (const [index, step] of migrations.entries()) {
      if (index + 1 >= document.version) current = { ...step(current), version: index + 2 };
    }
    return current;
  } catch {
    // A step that trips over its input means that the document is not what its version says.
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw new StoreError('read-failed', `${path} could not be read.`, 'Check its permissions.', { cause });
  }
}

async function setAside<T extends Versioned>(options: JsonFileOptions<T>, why: string): Promise<void> {
  const { path } = options;
  // ISO 8601 without colons: Windows does not allow them in a name.
  const time = new Date(options.now()).toISOString().replaceAll(/[-:]/g, '');
  let keptAs = `${path}.corrupt-${time}`;
  try {
    keptAs = await freeName(keptAs);
    await rename(path, keptAs);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw new StoreError('read-failed', `${path} is no good and could not be set aside: ${why}.`, diskHint, { cause });
  }
  const message = `${basename(path)} could not be used (${why}). It was kept as ${basename(keptAs)}.`;
  options.onProblem?.({ path, keptAs, message });
}

/** The copy is synced before the migrated document takes the name. */
async function keepBackup(path: string, version: number): Promise<void> {
  let backup = `${path}.bak-v${version}`;
  try {
    backup = await freeName(backup);
    await copyFile(path, backup);
    const handle = await open(backup, 'r+');
    try {
      await handle.chmod(0o600);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(path));
  } catch (cause) {
    throw new StoreError('write-failed', `${backup} could not be written.`, diskHint, { cause });
  }
}

/** The name itself, or with -2, -3… when something is already kept under it. */
async function freeName(wanted: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    const isFree = await lstat(name).then(
      () => false,
      (error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return true;
        throw error;
      },
    );
    if (isFree) return name;
  }
}

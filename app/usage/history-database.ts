import { chmodSync, closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chartMigration } from './chart-migration.ts';

/**
 * Something about the history went wrong. Nothing of it ever fails a request.
 *
 * - `corrupt`: the file was damaged; it was kept under `keptAs` and a fresh one begun.
 * - `newer-version`: a newer Kiro Pool wrote it; it is left alone and this run keeps its history in memory.
 * - `unusable`: it cannot be opened; this run keeps its history in memory.
 * - `write-failed`: the disk said no; new rows wait in memory and are tried again. Told once until a write succeeds.
 * - `rows-lost`: the disk said no for so long that requests are missing in the history.
 */
export type HistoryProblem = {
  code: 'corrupt' | 'newer-version' | 'unusable' | 'write-failed' | 'rows-lost';
  message: string;
  keptAs?: string;
  cause?: unknown;
};

export type OpenDatabaseOptions = {
  /** Of usage.db, in the data folder whose lock the caller owns. */
  path: string;
  /** Epoch ms, for the name of a file that is set aside. */
  now: () => number;
  onProblem: (problem: HistoryProblem) => void;
  /** A file from this size on that was closed properly is not read through at the start: see `isCheckDue`. */
  largeBytes?: number;
};

/**
 * Opens usage.db (0600, WAL) at the newest schema. Always gives a database, see {@link HistoryProblem}.
 * @param isSuspect damage was met in it, so that it is read through whatever its size
 */
export function openHistoryDatabase(options: OpenDatabaseOptions, isSuspect = false): DatabaseSync {
  const { path, onProblem, largeBytes = 32 * 1024 * 1024 } = options;
  try {
    return open(path, isSuspect || isCheckDue(path, largeBytes));
  } catch (error) {
    if (error instanceof NewerVersion) {
      const message = `${path} was written by a newer Kiro Pool. It was left alone; this run keeps its history in memory.`;
      onProblem({ code: 'newer-version', message });
      return open(':memory:');
    }
    if (!isCorrupt(error)) return inMemory(options, error);
  }
  try {
    setAside(options);
    return open(path);
  } catch (error) {
    return inMemory(options, error);
  }
}

/** Whether SQLite says that the file is damaged (SQLITE_CORRUPT, 11) or no database (SQLITE_NOTADB, 26). */
export function isCorrupt(error: unknown): boolean {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false;
  // The low byte of an extended code is the plain one.
  return [11, 26].includes(error.errcode & 0xff);
}

/** Each leads to the next `user_version`. */
const migrations = [
  `CREATE TABLE requests (
     id TEXT PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, session TEXT, model TEXT NOT NULL, account TEXT,
     sends INTEGER NOT NULL, outcome TEXT NOT NULL, decision TEXT NOT NULL, credits REAL, contextPercent REAL,
     inputTokens INTEGER, outputTokens INTEGER, firstTokenMs REAL, totalMs REAL);
   CREATE INDEX requests_at ON requests (at);
   CREATE TABLE state_changes (
     at INTEGER NOT NULL, account TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, reason TEXT NOT NULL);
   CREATE INDEX state_changes_at ON state_changes (at);
   CREATE TABLE days (
     day TEXT NOT NULL, account TEXT NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL,
     credits REAL NOT NULL, requests INTEGER NOT NULL, inputTokens INTEGER NOT NULL, outputTokens INTEGER NOT NULL,
     PRIMARY KEY (day, account, model, key)) WITHOUT ROWID;`,
  `CREATE TABLE overage (
     day TEXT NOT NULL, account TEXT NOT NULL, credits REAL NOT NULL, PRIMARY KEY (day, account)) WITHOUT ROWID;`,
  `CREATE TABLE usage_snapshots (
     at INTEGER NOT NULL, account TEXT NOT NULL, used REAL NOT NULL, "limit" REAL NOT NULL, extra REAL NOT NULL, resetAt INTEGER,
     PRIMARY KEY (account, at)) WITHOUT ROWID;`,
  chartMigration,
];

class NewerVersion extends Error {}

class DamagedDatabase extends Error {
  readonly errcode = 11;
}

/**
 * Reading through it takes some tenths of a second for 100,000 requests, and everything waits. SQLite deletes the log when it closes
 * a database, so that without one nothing was cut short; damage that came since is met when it is read (`History`).
 */
function isCheckDue(path: string, largeBytes: number): boolean {
  return existsSync(`${path}-wal`) || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < largeBytes;
}

/** @param isChecked it is read through first, what the indexes hold as well: to write where one is wrong costs sound rows */
function open(path: string, isChecked = false): DatabaseSync {
  const isFile = path !== ':memory:';
  // SQLite gives -wal and -shm the mode of the database, so it must be private before the first statement.
  if (isFile) createPrivate(path);
  // SQLite would delete the log beside a file that is no database, and with it the rows that may be saved from there.
  if (isFile && !hasHeader(path)) throw new DamagedDatabase('the header is not one of SQLite');
  using opened = new DisposableStack();
  const database = opened.use(new DatabaseSync(path, { timeout: 100 }));
  if (isFile) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const found = isChecked ? database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] : 'ok';
  if (found !== 'ok') throw new DamagedDatabase('integrity_check found damage');
  // Tables are known from here on, or their damage is.
  database.prepare('SELECT count(*) FROM sqlite_schema').get();

  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) throw new NewerVersion();
  for (const [index, sql] of migrations.entries()) {
    if (index >= version) database.exec(`BEGIN; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
  if (isFile && !hasOurTables(database)) throw new DamagedDatabase('the tables are others');
  opened.move();
  return database;
}

/** The names of tables and columns are text like any other to SQLite, which finds no damage in them. */
function hasOurTables(database: DatabaseSync): boolean {
  using fresh = open(':memory:');
  const found = columnsOf(database);
  return [...columnsOf(fresh)].every((column) => found.has(column));
}

function columnsOf(database: DatabaseSync): Set<string> {
  const sql = `SELECT t.name || ' ' || c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'`;
  return new Set(
    database
      .prepare(sql)
      .all()
      .map(({ name }) => String(name)),
  );
}

function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  else if (process.platform !== 'win32') chmodSync(path, 0o600);
}

/** An empty file counts as a database that was never written. */
function hasHeader(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(16);
    const length = readSync(file, header);
    return length === 0 || header.toString('latin1') === 'SQLite format 3\0';
  } finally {
    closeSync(file);
  }
}

/** The -wal and -shm go with their database: a fresh one must not meet the old one's log. */
function setAside({ path, now, onProblem }: OpenDatabaseOptions): void {
  const time = new Date(now()).toISOString().replaceAll(/[-:]/g, '');
  let keptAs = `${path}.corrupt-${time}`;
  for (let count = 2; existsSync(keptAs); count++) keptAs = `${path}.corrupt-${time}-${count}`;
  renameSync(path, keptAs);
  for (const companion of ['-wal', '-shm']) {
    if (existsSync(path + companion)) renameSync(path + companion, keptAs + companion);
  }
  const message = `${basename(path)} was damaged. It was kept as ${basename(keptAs)} and a fresh history begun.`;
  onProblem({ code: 'corrupt', message, keptAs });
}

function inMemory({ path, onProblem }: OpenDatabaseOptions, cause: unknown): DatabaseSync {
  const message = `${path} could not be opened. This run keeps its history in memory.`;
  onProblem({ code: 'unusable', message, cause });
  return open(':memory:');
}

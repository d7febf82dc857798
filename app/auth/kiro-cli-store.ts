import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { AuthError } from './auth-error.ts';
import {
  joinRows,
  parseRegistration,
  parseStateProfile,
  parseTokenRow,
  byTokenKey,
  type KiroCliRow,
} from './kiro-cli-row.ts';
import { isSameLogin, type ClientRegistration, type StoredLogin } from './stored-login.ts';

/**
 * Reads every login that kiro-cli keeps in its SQLite store (protocol §1.1), without changing anything in it: opened
 * read-only, never as immutable, so that what lies in a `-wal` file beside it is seen; one short read transaction.
 * A row that cannot be used is reported as a problem and never hides the others. Signed out is an empty list.
 * @param options.busyTimeoutMs how long to wait, blocking, for a program that holds the store; 5 s unless told
 * @throws AuthError `not-found` without a file, `unreadable` when it is not such a store or is held by another program
 */
export function readKiroCliStore(path: string, options: { busyTimeoutMs?: number } = {}): StoredLogin[] {
  if (!existsSync(path)) {
    throw new AuthError(
      'not-found',
      `There is no kiro-cli store at ${path}.`,
      'Sign in with kiro-cli, or name its store.',
    );
  }
  const { auth, state } = readRows(path, options.busyTimeoutMs ?? 5000);
  const registrations = new Map<string, ClientRegistration>();
  for (const { key, value } of auth.filter(({ key }) => key.endsWith(':device-registration'))) {
    const registration = parseRegistration(value);
    if (registration !== undefined) registrations.set(key, registration);
  }
  const tokens = auth
    .filter(({ key }) => key.endsWith(':token'))
    .sort(byTokenKey)
    .map(parseTokenRow);
  const profile = parseStateProfile(state.find((row) => row.key === profileKey)?.value);
  const logins = joinRows(tokens, registrations, profile);
  // kiro-cli took over the row of the program that it grew from: the same login twice, of which the current one counts.
  return logins.filter((login, index) => !logins.slice(0, index).some((earlier) => isSameLogin(earlier, login)));
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where kiro-cli may keep its store, most likely first (protocol §1.1): the path in `KIROCLI_DB_PATH`, the platform's
 * own (on Windows Local before Roaming, which only copies of copies name), last the store of the older Amazon Q CLI.
 */
export function kiroCliStorePaths(env: Environment, platform: NodeJS.Platform, home: string): string[] {
  const path = platform === 'win32' ? win32 : posix;
  const folders = dataFolders(env, platform, home);
  const paths = [
    env['KIROCLI_DB_PATH'] ?? '',
    ...folders.map((folder) => path.join(folder, platform === 'win32' ? 'Kiro-Cli' : 'kiro-cli', fileName)),
    ...folders.slice(0, 1).map((folder) => path.join(folder, 'amazon-q', fileName)),
  ];
  return [...new Set(paths.filter((path) => path !== ''))];
}

/**
 * The first of `kiroCliStorePaths` that exists.
 * @throws AuthError `not-found` that names the places
 */
export function findKiroCliStore(env: Environment, platform: NodeJS.Platform, home: string): string {
  const paths = kiroCliStorePaths(env, platform, home);
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new AuthError(
    'not-found',
    `There is no kiro-cli store; looked for ${paths.join(', ')}.`,
    'Sign in with kiro-cli first, or name its store.',
  );
}

const fileName = 'data.sqlite3';

function dataFolders(env: Environment, platform: NodeJS.Platform, home: string): string[] {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
    return [local, env['APPDATA'] || win32.join(home, 'AppData', 'Roaming')];
  }
  if (platform === 'darwin') return [posix.join(home, 'Library', 'Application Support')];
  return [env['XDG_DATA_HOME'] || posix.join(home, '.local', 'share')];
}

const profileKey = 'api.codewhisperer.profile';

// A value is text, or bytes since a migration of `state`; the cast makes either text (protocol §1.1). A kind of token
// that is new to us is read as well, so that the user hears of it. In key order, so that answers do not change by chance.
const authQuery = `SELECT key, CAST(value AS TEXT) AS value FROM auth_kv
  WHERE key GLOB 'kirocli:*:token' OR key GLOB 'kirocli:*:device-registration'
  OR key GLOB 'codewhisperer:*:token' OR key GLOB 'codewhisperer:*:device-registration' ORDER BY key DESC`;
const stateQuery = `SELECT key, CAST(value AS TEXT) AS value FROM state WHERE key = '${profileKey}'`;
const rowSchema = v.array(v.object({ key: v.string(), value: v.nullable(v.string()) }));

function readRows(path: string, busyTimeoutMs: number): { auth: KiroCliRow[]; state: KiroCliRow[] } {
  try {
    using database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs, allowExtension: false });
    database.exec('BEGIN');
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const tables = new Set(names.map((table) => table['name']));
    if (!tables.has('auth_kv')) throw wrongTables(path);
    const read = (query: string): KiroCliRow[] => v.parse(rowSchema, database.prepare(query).all());
    return { auth: read(authQuery), state: tables.has('state') ? read(stateQuery) : [] };
  } catch (cause) {
    throw cause instanceof AuthError ? cause : unreadable(path, cause);
  }
}

function wrongTables(path: string): AuthError {
  return new AuthError(
    'unreadable',
    `${path} is an SQLite database, but not a store of kiro-cli: it has no table auth_kv.`,
    'Name the data.sqlite3 of kiro-cli, or sign in with kiro-cli so that it makes its tables.',
  );
}

/** The primary result codes of SQLite that have a remedy of their own. */
const sqliteFaults = new Map<number, readonly [what: string, hint: string]>([
  [5, ['another program holds it', 'Wait until kiro-cli is idle, or quit it, then try again.']],
  [6, ['another program holds it', 'Wait until kiro-cli is idle, or quit it, then try again.']],
  [11, ['its contents are damaged', 'Sign in again with kiro-cli; move the damaged file away if that fails.']],
  [14, ['it could not be opened', 'Check that this user may read the file and its folder.']],
  [26, ['it is not an SQLite database', 'Name the data.sqlite3 of kiro-cli.']],
]);

const sqliteError = v.object({ errcode: v.number() });

function unreadable(path: string, cause: unknown): AuthError {
  const error = v.safeParse(sqliteError, cause);
  const fault = error.success ? sqliteFaults.get(error.output.errcode & 0xff) : undefined;
  const [what, hint] = fault ?? ['its tables have another shape', 'Update kiro-cli and Kiro Pool, then try again.'];
  // A schema's error carries the value that failed, which may be a secret; SQLite's own names only tables and columns.
  return new AuthError(
    'unreadable',
    `The kiro-cli store at ${path} could not be read: ${what}.`,
    hint,
    error.success ? { cause } : {},
  );
}

import { spawn } from 'node:child_process';
import { posix, win32 } from 'node:path';
import * as v from 'valibot';
import { AuthError } from './auth-error.ts';
import { kiroCliStorePaths } from './kiro-cli-store.ts';
import { parseJsonObject } from './parse-json-object.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The kiro-cli of this machine: an absolute path, and what it is run with. */
export interface KiroCliProgram {
  readonly file: string;
  /** What comes before every command; for a kiro-cli that is a script of an interpreter. */
  readonly leading?: readonly string[];
  readonly environment: Environment;
  /** How long `whoami` and `logout` may take; 60 s unless told, since offline the real one takes 16 s. */
  readonly timeoutMs?: number;
}

/** Whom kiro-cli is signed in as, in so far as it said so. */
export interface KiroCliUser {
  /** `BuilderId`, `IamIdentityCenter`, `SocialGoogle`…; `unknown` in a shape that is new to us. */
  readonly accountType: string;
  readonly email?: string;
  readonly startUrl?: string;
  readonly profileArn?: string;
}

/**
 * Where kiro-cli is installed: the first on PATH, else the places of its installers (protocol §1.1).
 * @param isProgram whether a path names a file that may be executed
 */
export function findKiroCli(
  environment: Environment,
  platform: NodeJS.Platform,
  home: string,
  isProgram: (path: string) => boolean,
): string | undefined {
  const path = platform === 'win32' ? win32 : posix;
  // A relative entry would run whatever lies in the folder that we were started in.
  const folders = (environment['PATH'] ?? environment['Path'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const name = platform === 'win32' ? 'kiro-cli.exe' : 'kiro-cli';
  return [...folders, ...installFolders(environment, platform, home)]
    .map((folder) => path.join(folder, name))
    .find((path) => isProgram(path));
}

/** The store that kiro-cli itself uses. It knows nothing of `KIROCLI_DB_PATH`, which is ours and other readers' (§1.1). */
export function ownStoreOfKiroCli(environment: Environment, platform: NodeJS.Platform, home: string): string {
  const [path = ''] = kiroCliStorePaths({ ...environment, KIROCLI_DB_PATH: undefined }, platform, home);
  return path;
}

/**
 * Asks kiro-cli whom it is signed in as (protocol §1.4); undefined when it is signed out.
 * @throws AuthError `not-found` when it cannot be run, `retry-later` when it does not answer; the signal's reason when aborted
 */
export async function whoami(program: KiroCliProgram, signal?: AbortSignal): Promise<KiroCliUser | undefined> {
  const { code, output } = await run(program, ['whoami', '-f', 'json'], signal);
  if (code === 1) return undefined;
  if (code !== 0) throw unanswered('whoami', `ended with ${code}`);
  return parseUser(output);
}

/** Signs kiro-cli out; also when it is signed in with nothing. @throws AuthError as `whoami` does */
export async function logout(program: KiroCliProgram, signal?: AbortSignal): Promise<void> {
  const { code } = await run(program, ['logout'], signal);
  if (code !== 0) throw unanswered('logout', `ended with ${code}`);
}

/** What a child gets of our environment: all but what is meant for us alone, such as the master key (DESIGN §8). */
export function environmentFor(program: KiroCliProgram): Record<string, string> {
  const ours = (name: string): boolean => name.toUpperCase().startsWith('KIRO_POOL_');
  const pairs = Object.entries(program.environment).filter(([name]) => !ours(name));
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Ends a process and what it started; on Windows the process alone. No error when it is gone already. */
export function killTree(pid: number, signal: 'SIGHUP' | 'SIGKILL'): void {
  // A process that was started this moment may not lead its group yet.
  const targets = process.platform === 'win32' ? [pid] : [-pid, pid];
  for (const target of targets) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // Gone, or no group.
    }
  }
}

function installFolders(environment: Environment, platform: NodeJS.Platform, home: string): string[] {
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
    return [local, environment['ProgramFiles'] || String.raw`C:\Program Files`].map((folder) =>
      win32.join(folder, 'Kiro-Cli'),
    );
  }
  const folders = [posix.join(home, '.local', 'bin'), '/usr/local/bin'];
  return platform === 'darwin' ? [...folders, '/opt/homebrew/bin'] : folders;
}

const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(500))), undefined);
const userSchema = v.object({
  accountType: v.fallback(v.pipe(v.string(), v.regex(/^[A-Za-z]{1,40}$/)), 'unknown'),
  email: text,
  startUrl: text,
  profileArn: text,
  profile_arn: text,
  profile: v.fallback(v.optional(v.object({ arn: text })), undefined),
});

/** Newer shapes carry an e-mail; older ones print a sentence even where JSON was asked for (protocol §1.4). */
function parseUser(output: string): KiroCliUser | undefined {
  const json = parseJsonObject(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  if (json === undefined) return parseSentence(output);
  if ('account' in json && json.account === null) return undefined;
  const { accountType, email, startUrl, profileArn, profile_arn, profile } = v.parse(userSchema, json);
  const arn = profileArn ?? profile_arn ?? profile?.arn;
  return {
    accountType,
    ...(email === undefined ? {} : { email }),
    ...(startUrl === undefined ? {} : { startUrl }),
    ...(arn === undefined ? {} : { profileArn: arn }),
  };
}

function parseSentence(output: string): KiroCliUser {
  const email = /^Email: (\S+@\S+)$/m.exec(output)?.[1];
  const known = [
    [/Logged in with Builder ID/i, 'BuilderId'],
    [/Logged in with IAM Identity Center/i, 'IamIdentityCenter'],
    [/Logged in with Google/i, 'SocialGoogle'],
    [/Logged in with GitHub/i, 'SocialGitHub'],
    [/API key/i, 'ApiKey'],
  ] as const;
  const accountType = known.find(([pattern]) => pattern.test(output))?.[1] ?? 'unknown';
  return { accountType, ...(email === undefined ? {} : { email }) };
}

type Command = readonly ['whoami', '-f', 'json'] | readonly ['logout'];

const outputLimit = 65_536;

async function run(
  program: KiroCliProgram,
  command: Command,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(program.timeoutMs ?? 60_000);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  // A group of its own, so that what it starts ends with it.
  const child = spawn(program.file, [...(program.leading ?? []), ...command], {
    env: environmentFor(program),
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: false,
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  const kill = (): void => {
    if (child.pid !== undefined) killTree(child.pid, 'SIGKILL');
  };
  stop.addEventListener('abort', kill, { once: true });
  try {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      if (output.length < outputLimit) output += part;
    });
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    child.once('error', (cause) => reject(notRunnable(cause))).once('close', resolve);
    const code = await promise;
    signal?.throwIfAborted();
    if (timeout.aborted) throw unanswered(command[0], 'did not answer in time');
    return { code, output };
  } finally {
    stop.removeEventListener('abort', kill);
  }
}

function notRunnable(cause: Error): AuthError {
  return new AuthError('not-found', 'kiro-cli could not be started.', 'Install it again, or sign in without it.', {
    cause,
  });
}

function unanswered(command: string, how: string): AuthError {
  return new AuthError(
    'retry-later',
    `kiro-cli ${command} ${how}.`,
    `Run kiro-cli ${command} in a terminal to see what it says, then try again.`,
  );
}

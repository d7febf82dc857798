/**
 * `npm run dev`: the app against the emulator of Kiro, on made-up accounts; a changed file builds and starts it again. Without
 * an Electron it is the same screens in a browser. The pool lasts until you stop it.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeCliStore } from '../test/emulator/cli-store.ts';
import { startEmulator, type Emulator } from '../test/emulator/emulator.ts';
import { build, tellError } from './build.ts';
import { electronBinary } from './electron-binary.ts';

/** Editors write a file in several steps. */
const settleMs = 150;
const root = join(import.meta.dirname, '..');
const command = join(root, 'out/cli/kiro-pool.js');
const args = process.argv.slice(2);
const stop = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.resolve());

const folder = mkdtempSync(join(tmpdir(), 'kiro-pool-dev-'));
const pool = join(folder, 'pool');
const emulator = await startEmulator({ eventDelayMs: 25 });
const env = { ...process.env, ...settingOf(emulator) };
const electron = electronBinary(process.env);

if (await tryToBuild()) {
  // In the desktop app the wizard takes them in.
  if (electron === undefined) await kiroPool('accounts', 'import', '--from', 'kiro-cli');
  let app = start();
  onChange(['app', 'main', 'renderer'], async () => {
    if (!(await tryToBuild())) return;
    await end(app);
    app = start();
  });
  await stop.promise;
  await end(app);
}
await emulator.close();
rmSync(folder, { recursive: true, force: true });
// The watchers would go on.
process.exit();

/** Three logins of a kiro-cli, and where to find them and their Kiro. */
function settingOf(emulator: Emulator): NodeJS.ProcessEnv {
  const accounts = [
    emulator.addAccount({ kind: 'social', provider: 'github', plan: 'pro', email: 'me@example.com' }),
    emulator.addAccount({ kind: 'identity-center', plan: 'power', email: 'me@work.example' }),
    emulator.addAccount({ kind: 'external-idp', plan: 'pro-plus', email: 'me@client.example' }),
  ];
  const store = join(folder, 'kiro-cli.sqlite3');
  writeCliStore(
    store,
    accounts.map((account) => ({ account, login: account.newLogin() })),
  );
  const hosts = join(folder, 'endpoints.json');
  writeFileSync(hosts, JSON.stringify(emulator.endpoints), { mode: 0o600 });
  return { KIRO_POOL_ENDPOINTS: hosts, KIRO_POOL_DATA_DIR: pool, KIROCLI_DB_PATH: store };
}

function start(): ChildProcess {
  // Named as an option, so that what it says to do next goes to this folder, too.
  const serve = [command, 'serve', '--ui', '--data-dir', pool];
  const [program, first] = electron === undefined ? [process.execPath, serve] : [electron, [root]];
  return spawn(program, [...first, ...args], { stdio: 'inherit', env });
}

async function kiroPool(...words: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [command, ...words], { env });
}

/** Does something once after changes in folders, and once more for those that came meanwhile. */
function onChange(folders: readonly string[], act: () => Promise<unknown>): void {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const settled = (): void => {
    running = running.then(() => act());
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(settled, settleMs);
  };
  for (const each of folders) watch(join(root, each), { recursive: true }, changed);
}

async function tryToBuild(): Promise<boolean> {
  try {
    await build();
    process.exitCode = 0;
    return true;
  } catch (error) {
    tellError(error);
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

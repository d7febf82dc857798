/**
 * `npm run dev`: the app against the emulator of Kiro, on made-up accounts. Where there is an Electron, a changed file builds
 * and starts the app again; else the screens open in the browser, and are built again for its next reload.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCliStore } from '../test/emulator/cli-store.ts';
import { startEmulator } from '../test/emulator/emulator.ts';
import { build } from './build.ts';
import { electronBinary } from './electron-binary.ts';

/** Editors write a file in several steps. */
const settleMs = 150;
const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const stop = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.resolve());

await tryToBuild();
const electron = electronBinary(process.env);
await (electron === undefined ? inBrowser() : inElectron(electron));
// The watchers would go on.
process.exit();

async function inBrowser(): Promise<void> {
  onChange(['renderer'], tryToBuild);
  const demo = spawn(process.execPath, ['--watch', join(root, 'app/cli/main.ts'), 'demo', '--ui', ...args], {
    stdio: 'inherit',
  });
  await Promise.race([once(demo, 'exit'), stop.promise]);
  await end(demo);
}

async function inElectron(program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kiro-pool-dev-'));
  await using emulator = await startEmulator({ eventDelayMs: 25 });
  const accounts = (['pro', 'pro-plus', 'power'] as const).map((plan) =>
    emulator.addAccount({ kind: 'builder-id', plan, email: `${plan}@example.com` }),
  );
  const store = join(folder, 'kiro-cli.sqlite3');
  writeCliStore(
    store,
    accounts.map((account) => ({ account, login: account.newLogin() })),
  );
  const endpoints = join(folder, 'endpoints.json');
  writeFileSync(endpoints, JSON.stringify(emulator.endpoints), { mode: 0o600 });
  const env = {
    ...process.env,
    KIRO_POOL_ENDPOINTS: endpoints,
    KIRO_POOL_DATA_DIR: join(folder, 'pool'),
    KIROCLI_DB_PATH: store,
  };
  const start = (): ChildProcess => spawn(program, [root, ...args], { stdio: 'inherit', env });
  let app = start();
  onChange(['app', 'main', 'renderer'], async () => {
    if (!(await tryToBuild())) return;
    await end(app);
    app = start();
  });
  await stop.promise;
  await end(app);
  rmSync(folder, { recursive: true, force: true });
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
  for (const folder of folders) watch(join(root, folder), { recursive: true }, changed);
}

async function tryToBuild(): Promise<boolean> {
  try {
    await build();
    process.stderr.write('Built.\n');
    return true;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeCliStore } from '../../emulator/cli-store.ts';
import type { EmulatedAccount } from '../../emulator/emulator.ts';
import { until } from '../../proxy/serving.ts';
import { launchShell } from '../../shell/launch.ts';
import type { LaunchOptions, ShellApp } from '../../shell/shell-app.ts';
import { command } from '../../support/command.ts';
import { startIdle } from '../../support/importing.ts';
import { belongingsBy, compare, type Belonging, type Belongings } from './belongings.ts';
import { post, seen } from './served.ts';

/** A desktop on which the app has run once: its master key lies sealed by the keyring, and there is a login and a history. */
export interface Desktop extends AsyncDisposable {
  readonly account: EmulatedAccount;
  /** For commands on the app's data folder. */
  readonly env: Readonly<Record<string, string>>;
  /** What stands in a file of the data folder. */
  read(name: string): string;
  path(name: string): string;
  launch(options: Pick<LaunchOptions, 'secrets' | 'args'>): Promise<ShellApp>;
  /** Sees to it that the app serves, and that all is there that was. @param lost what the promise gives up */
  kept(shell: ShellApp, ...lost: Belonging[]): Promise<string>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** A busy machine takes its time to start a browser. */
const longestStartMs = 20_000;

export async function startDesktop(): Promise<Desktop> {
  await using opened = new AsyncDisposableStack();
  const { emulator, folder, env: rigEnv } = opened.use(await startIdle());
  const env = { ...rigEnv, KIRO_POOL_DATA_DIR: folder.file('pool') };
  const path = (name: string): string => folder.file(`pool/${name}`);
  const launch: Desktop['launch'] = (options) =>
    launchShell({ main: `${root}out/main/index.js`, appPath: root, home: folder.path, env, ...options });
  const account = emulator.addAccount({ kind: 'social', email: 'me@example.com' });
  const store = folder.file('kiro-cli.sqlite3');
  writeCliStore(store, [{ account, login: account.newLogin() }]);
  const before = await runOnce(launch, env, store);
  const owned = opened.move();
  return {
    account,
    env,
    path,
    read: (name) => readFileSync(path(name), 'utf8'),
    launch,
    async kept(shell, ...lost) {
      const url = await urlOf(shell);
      const text = compare(before, await belongingsBy(env), lost);
      if (lost.includes('logins')) return text;
      await assertServes(url, env);
      return `${text}; the next request is served`;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The app's first run: it takes a login in, serves one request, and is quit. @returns what there is then */
async function runOnce(launch: Desktop['launch'], env: Desktop['env'], store: string): Promise<Belongings> {
  await using shell = await launch({ secrets: 'v11' });
  const url = await urlOf(shell);
  await command(env, 'accounts', 'import', '--from', 'kiro-cli', '--path', store);
  await assertServes(url, env);
  const belongings = await belongingsBy(env);
  assert.deepEqual([belongings.logins.length, belongings.requests.length], [1, 1]);
  await shell.quit();
  return belongings;
}

/** What the app asks in a dialog of its own instead of showing its tray. */
export async function dialogOf(shell: ShellApp): Promise<string> {
  const look = () => shell.control((controls) => ({ dialog: controls.dialogs()[0], tray: controls.tray() }));
  await until(async () => Object.values(await look()).some(Boolean), 'it asks, or shows its tray', longestStartMs);
  const { dialog } = await look();
  assert.ok(dialog, 'it did not ask');
  return `${dialog.message}: ${dialog.detail} [${dialog.buttons.join('] [')}]`.replaceAll(/\s+/g, ' ');
}

/** Base URL of the endpoint, once the tray tells it. */
async function urlOf(shell: ShellApp): Promise<string> {
  let host: string | undefined;
  await until(
    async () => {
      const tray = await shell.control((controls) => controls.tray());
      host = /Serving on (\S+)/.exec(tray?.tooltip ?? '')?.[1];
      return host !== undefined;
    },
    'the tray says that it serves',
    longestStartMs,
  );
  return `http://${host}`;
}

async function assertServes(url: string, env: Desktop['env']): Promise<void> {
  const key = (await command(env, 'key', 'show')).out.trim();
  const answer = await seen(await post({ url, key }));
  assert.equal(answer.isWhole, true, JSON.stringify(answer));
}

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { launchShell } from './launch.ts';
import type { LaunchOptions, ShellApp } from './shell-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The built shell; that of a packed app when `APP_MAIN` names it. */
const main = process.env['APP_MAIN'] ?? join(root, 'out/main/index.js');
const emulatedKiroCli = join(root, 'test/emulator/kiro-cli.ts');

/** A busy machine takes its time to start a browser. */
const startTime = { timeout: 30_000 } as const;

/** A machine with the app, a kiro-cli and a Kiro on it. */
export interface AppWorld extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly home: string;
  readonly shell: ShellApp;
  /** The store of the kiro-cli on this machine. */
  readonly kiroCliStore: string;
  /** The window with all screens. */
  window(): Promise<Page>;
  popover(): Promise<Page>;
  /** Base URL of the endpoint. */
  readonly url: string;
  /** The local API key, as a person gets it: from the tray to the clipboard. */
  key(): Promise<string>;
  /** Asks through the endpoint as a tool does. @returns the status and the body */
  ask(text: string, session?: string): Promise<{ status: number; text: string }>;
  /** Confirms the sign-in that waits, in the browser that was opened for it. */
  confirm(accountId: string): Promise<void>;
  /** Lets the machine sleep for so long: clocks go on, timers do not. */
  sleep(ms: number): Promise<void>;
  /** Quits, and starts the app again on the same folders. */
  restart(options?: Partial<LaunchOptions>): Promise<void>;
}

export async function startApp(
  options: Partial<LaunchOptions> & {
    prepare?: (home: string, emulator: Emulator) => void;
    /** Whether the risks are still to be accepted. */
    isFirstRun?: boolean;
  } = {},
): Promise<AppWorld> {
  const { prepare, isFirstRun = false, env, ...launch } = options;
  const home = mkdtempSync(join(tmpdir(), 'kiro-pool-app-'));
  const emulator = await startEmulator({ deviceIntervalMs: 50 });
  const endpoints = join(home, 'endpoints.json');
  writeFileSync(endpoints, JSON.stringify(emulator.endpoints));
  const port = await freePort();
  write(
    join(home, '.local/share/kiro-pool/settings.json'),
    JSON.stringify({ version: 1, port, hasAcceptedRisks: !isFirstRun }),
  );
  putKiroCli(home);
  prepare?.(home, emulator);
  const start = (more: Partial<LaunchOptions> = {}): Promise<ShellApp> =>
    launchShell({
      main,
      appPath: process.env['APP_MAIN'] === undefined ? root : join(dirname(main), '../..'),
      home,
      ...launch,
      ...more,
      env: {
        KIRO_POOL_ENDPOINTS: endpoints,
        KIRO_EMULATOR_URL: emulator.url,
        PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
        ...env,
      },
    });
  let shell = await start();
  const key = async (): Promise<string> => {
    await expect.poll(() => shell.control((controls) => controls.tray() !== undefined), startTime).toBe(true);
    await shell.control((controls) => controls.chooseFromTray(['Copy key']));
    return shell.control((controls) => controls.clipboardText());
  };
  return {
    emulator,
    home,
    get shell() {
      return shell;
    },
    kiroCliStore: join(home, '.local/share/kiro-cli/data.sqlite3'),
    window: () => shell.page(/index\.html/),
    popover: () => shell.page(/popover\.html/),
    url: `http://127.0.0.1:${port}`,
    key,
    async ask(text, session) {
      const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await key()}`,
          'content-type': 'application/json',
          ...(session === undefined ? {} : { 'x-session-id': session }),
        },
        body: JSON.stringify({ model: 'claude-sonnet-5', messages: [{ role: 'user', content: text }] }),
      });
      return { status: response.status, text: await response.text() };
    },
    async confirm(accountId) {
      const device = emulator.pendingDevices().at(-1);
      if (!device) throw new Error('no sign-in waits');
      emulator.approveDevice(device.userCode, accountId);
    },
    async sleep(ms) {
      await shell.evaluate((_electron, span) => {
        const real = Date.now.bind(Date);
        Date.now = () => real() + span;
      }, ms);
      await shell.control((controls) => void controls.power('resume'));
    },
    async restart(more) {
      await shell.quit();
      await shell[Symbol.asyncDispose]();
      shell = await start(more);
    },
    async [Symbol.asyncDispose]() {
      await shell[Symbol.asyncDispose]();
      await emulator.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** Asks as a screen does, whatever a screen may have been made to ask. */
export function askFrom(page: Page, question: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    ([name, value]): unknown => {
      const bridge: unknown = Reflect.get(window, 'kiroPool');
      if (typeof bridge !== 'object' || bridge === null || !('ask' in bridge)) return undefined;
      return typeof bridge.ask === 'function' ? bridge.ask(name, value) : undefined;
    },
    [question, input] as const,
  );
}

/** Writes a file and the folders that it needs. */
export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function putKiroCli(home: string): void {
  const program = join(home, 'bin/kiro-cli');
  write(program, `#!/bin/sh\nexec "${process.execPath}" "${emulatedKiroCli}" "$@"\n`);
  chmodSync(program, 0o755);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

if (!existsSync(main)) throw new Error(`There is no built app at ${main}. Run: npm run build`);

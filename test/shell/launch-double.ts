import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import * as v from 'valibot';
import type { Controls } from './double/controls.ts';
import type { DoubleOptions, Platform } from './double/options.ts';
import { findPage } from './find-page.ts';
import { startChromium } from './headless-chromium.ts';
import { makeLaunchHome, type LaunchHome } from './launch-home.ts';
import { MainProcess } from './main-process.ts';
import type { ElectronModule, LaunchOptions, ShellApp, WindowModel } from './shell-app.ts';
import { windowModels } from './window-models.ts';

/** A shell on the double of Electron: its main process under Node, its windows in Chromium. */
export class DoubleShell implements ShellApp {
  readonly kind = 'double';
  readonly home: string;
  readonly userData: string;
  readonly #main: MainProcess;
  readonly #context: BrowserContext;
  readonly #opened: AsyncDisposableStack;

  private constructor(
    parts: { main: MainProcess; context: BrowserContext; opened: AsyncDisposableStack },
    folders: { home: string; userData: string },
  ) {
    this.#main = parts.main;
    this.#context = parts.context;
    this.#opened = parts.opened;
    this.home = folders.home;
    this.userData = folders.userData;
  }

  static async launch(options: LaunchOptions): Promise<DoubleShell> {
    await using opening = new AsyncDisposableStack();
    const home = opening.use(await makeLaunchHome(options));
    const setup = doubleOptions(options, home);
    // Both start at once; the app becomes ready when Chromium is there.
    const starting = startChromium(home.scratch);
    starting.catch(() => undefined);
    const main = opening.use(new MainProcess(setup, home.env));
    const { endpoint } = opening.use(await starting);
    const browser = opening.use(await chromium.connectOverCDP(endpoint, { noDefaults: true }));
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium has no window to give');
    // The double only tells of a window that a page opens; it is closed here, where nobody holds it.
    context.on('page', (page) => void closeIfOpened(page));
    main.useChromium(endpoint);
    const userData = setup.paths['userData'] ?? '';
    return new DoubleShell({ main, context, opened: opening.move() }, { home: home.home, userData });
  }

  get exited(): Promise<number | null> {
    return this.#main.exited;
  }

  page(match: string | RegExp): Promise<Page> {
    return findPage(this.#context, match, () => this.output());
  }

  windows(): Promise<WindowModel[]> {
    return this.evaluate(windowModels);
  }

  evaluate<R, A>(fn: (electron: ElectronModule, argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    return this.#main.run('electron', String(fn), argument);
  }

  control<R, A>(fn: (controls: Controls, argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    return this.#main.run('controls', String(fn), argument);
  }

  output(): string {
    return this.#main.output;
  }

  async quit(): Promise<number | null> {
    // It may be gone before it could answer.
    await this.evaluate(({ app }) => app.quit()).catch(() => undefined);
    return this.exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

async function closeIfOpened(page: Page): Promise<void> {
  if (await page.opener()) await page.close();
}

const manifest = v.looseObject({
  name: v.optional(v.string(), 'Electron'),
  productName: v.optional(v.string()),
  version: v.optional(v.string(), '0.0.0'),
});

function doubleOptions(options: LaunchOptions, { home, env }: LaunchHome): DoubleOptions {
  const appPath = options.appPath ?? dirname(options.main);
  const { name, productName, version } = v.parse(
    manifest,
    JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')),
  );
  const appName = productName ?? name;
  const platform = options.platform ?? 'linux';
  const appData = join(home, appDataOf[platform]);
  return {
    main: options.main,
    appPath,
    appName,
    appVersion: version,
    args: options.args ?? [],
    platform,
    paths: {
      home,
      appData,
      userData: join(appData, appName),
      sessionData: join(appData, appName),
      logs: join(appData, appName, 'logs'),
      temp: env['TMPDIR'] ?? home,
      desktop: join(home, 'Desktop'),
      documents: join(home, 'Documents'),
      downloads: join(home, 'Downloads'),
    },
    secrets: options.secrets ?? 'v11',
    isSystemDark: options.isSystemDark ?? false,
    isOnline: options.isOnline ?? true,
    wasOpenedAtLogin: options.wasOpenedAtLogin ?? false,
    longestEntryMs: options.longestEntryMs ?? 3_000,
  };
}

const appDataOf: Readonly<Record<Platform, string>> = {
  linux: '.config',
  darwin: 'Library/Application Support',
  win32: 'AppData/Roaming',
};

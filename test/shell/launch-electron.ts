import { dirname, join } from 'node:path';
import { _electron as electron, type ElectronApplication, type Page } from '@playwright/test';
import { findPage } from './find-page.ts';
import { makeLaunchHome } from './launch-home.ts';
import type { ElectronModule, LaunchOptions, ShellApp, WindowModel } from './shell-app.ts';
import { windowModels } from './window-models.ts';

/** A shell in a real Electron. */
export class ElectronShell implements ShellApp {
  readonly kind = 'electron';
  readonly exited: Promise<number | null>;
  readonly home: string;
  readonly userData: string;
  readonly #app: ElectronApplication;
  readonly #opened: AsyncDisposableStack;
  #output = '';

  private constructor(
    app: ElectronApplication,
    opened: AsyncDisposableStack,
    folders: { home: string; userData: string },
  ) {
    this.#app = app;
    this.#opened = opened;
    this.home = folders.home;
    this.userData = folders.userData;
    const child = app.process();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.exited = new Promise((resolve) => child.once('exit', resolve));
  }

  /** @param program absolute path of Electron's program */
  static async launch(program: string, options: LaunchOptions): Promise<ElectronShell> {
    await using opening = new AsyncDisposableStack();
    const home = opening.use(await makeLaunchHome(options));
    const appPath = options.appPath ?? dirname(options.main);
    const userData = join(home.home, 'electron');
    const app = await electron.launch({
      executablePath: program,
      // By its folder, since Electron reads the name and the version from there.
      args: [`--user-data-dir=${userData}`, appPath, ...(options.args ?? [])],
      cwd: appPath,
      env: { ...home.env },
      colorScheme: null,
    });
    opening.defer(() => app.close());
    return new ElectronShell(app, opening.move(), { home: home.home, userData });
  }

  page(match: string | RegExp): Promise<Page> {
    return findPage(this.#app.context(), match, () => this.#output);
  }

  windows(): Promise<WindowModel[]> {
    return this.evaluate(windowModels);
  }

  evaluate<R, A>(fn: (electron: ElectronModule, argument: A) => R | Promise<R>, argument?: A): Promise<R>;
  evaluate(fn: never, argument?: unknown): Promise<never> {
    return this.#app.evaluate(fn, argument);
  }

  control(): Promise<never> {
    return Promise.reject(new Error('only the double can be turned like this: tag the spec @double'));
  }

  output(): string {
    return this.#output;
  }

  async quit(): Promise<number | null> {
    await this.evaluate(({ app }) => app.quit()).catch(() => undefined);
    return this.exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

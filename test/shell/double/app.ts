import { join } from 'node:path';
import { CommandLine } from './command-line.ts';
import { Dock } from './dock.ts';
import { theMachine } from './machine.ts';
import { openWindows } from './open-windows.ts';
import { readiness } from './readiness.ts';
import { InstanceLock } from './single-instance.ts';
import { DoubledEmitter, notDoubled, PreventableEvent } from './strict.ts';

type Member =
  | 'quit'
  | 'exit'
  | 'relaunch'
  | 'isReady'
  | 'whenReady'
  | 'focus'
  | 'hide'
  | 'show'
  | 'isHidden'
  | 'getAppPath'
  | 'setPath'
  | 'getVersion'
  | 'getName'
  | 'setName'
  | 'name'
  | 'getLocale'
  | 'getSystemLocale'
  | 'getPreferredSystemLanguages'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAppUserModelId'
  | 'setDesktopName'
  | 'enableSandbox'
  | 'disableHardwareAcceleration'
  | 'isPackaged'
  | 'getLoginItemSettings'
  | 'setLoginItemSettings'
  | 'setActivationPolicy'
  | 'setAboutPanelOptions'
  | 'setAppLogsPath';

/** `app`: the life of the process, in the order of Electron's shell/browser/browser.cc. */
class App extends DoubledEmitter implements Pick<Electron.App, Member> {
  readonly commandLine = new CommandLine();
  readonly #ready = Promise.withResolvers<void>();
  readonly #paths = new Map<string, string>();
  readonly #lock = new InstanceLock();
  #dock: Dock | undefined;
  #name: string | undefined;
  #isQuitting = false;
  #isEnding = false;
  #isHidden = false;
  #exitCode = 0;
  #hasAskedForReady = false;
  readonly #exitProcess = process.exit.bind(process);

  get name(): string {
    return this.getName();
  }

  set name(name: string) {
    this.setName(name);
  }

  get isPackaged(): boolean {
    return false;
  }

  /** Only macOS has one. */
  get dock(): Dock | undefined {
    if (theMachine().options.platform !== 'darwin') return undefined;
    return (this.#dock ??= new Dock());
  }

  /** Only Linux has it. */
  get setDesktopName(): (name: string) => void {
    if (theMachine().options.platform !== 'linux') throw notDoubled('app.setDesktopName beside Linux');
    return (name) => {
      process.env['CHROME_DESKTOP'] = name;
    };
  }

  isReady(): boolean {
    return readiness.isReady;
  }

  whenReady(): Promise<void> {
    this.#hasAskedForReady = true;
    return this.#ready.promise;
  }

  getName(): string {
    return this.#name ?? theMachine().options.appName;
  }

  setName(name: string): void {
    this.#name = name;
  }

  getVersion(): string {
    return theMachine().options.appVersion;
  }

  getAppPath(): string {
    return theMachine().options.appPath;
  }

  getPath(name: string): string {
    const { paths, appName } = theMachine().options;
    const path = this.#paths.get(name) ?? paths[name];
    if (path !== undefined) return path;
    if (name === 'userData' || name === 'sessionData') return join(this.getPath('appData'), appName);
    if (name === 'exe') return process.execPath;
    throw new Error(`Failed to get '${name}' path`);
  }

  setPath(name: string, path: string): void {
    if (!path.startsWith('/')) throw new Error('Path must be absolute');
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  getLocale(): string {
    return 'en-GB';
  }

  getSystemLocale(): string {
    return 'en-GB';
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-GB'];
  }

  focus(): void {
    this.#isHidden = false;
  }

  hide(): void {
    this.#isHidden = true;
  }

  show(): void {
    this.#isHidden = false;
  }

  isHidden(): boolean {
    return this.#isHidden;
  }

  enableSandbox(): void {
    if (readiness.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  disableHardwareAcceleration(): void {
    if (readiness.isReady) {
      throw new Error('app.disableHardwareAcceleration() can only be called before app is ready');
    }
  }

  setAppUserModelId(id: string): void {
    this.#paths.set('app-user-model-id', id);
  }

  setActivationPolicy(): void {
    if (theMachine().options.platform !== 'darwin') throw notDoubled('app.setActivationPolicy beside macOS');
  }

  setAboutPanelOptions(): void {}

  requestSingleInstanceLock(additionalData?: unknown): boolean {
    return this.#lock.take(this.getPath('userData'), additionalData, (argv, folder, data) => {
      this.emit('second-instance', new PreventableEvent(), argv, folder, data);
    });
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock.isHeld;
  }

  releaseSingleInstanceLock(): void {
    this.#lock.release();
  }

  getLoginItemSettings(options: Electron.LoginItemSettingsOptions = {}): Electron.LoginItemSettings {
    const { options: setup, openAtLogin } = theMachine();
    // Windows looks for the entry with the very arguments; macOS keeps none.
    const isSame = setup.platform !== 'win32' || sameList(options.args ?? [], openAtLogin.args);
    const isOn = openAtLogin.isOn && isSame;
    return {
      openAtLogin: isOn,
      wasOpenedAtLogin: setup.platform === 'darwin' && setup.wasOpenedAtLogin,
      status: isOn ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: isOn,
      launchItems: [],
    };
  }

  setLoginItemSettings(settings: Electron.Settings): void {
    const machine = theMachine();
    // Linux has no such list, and Electron does nothing there.
    if (machine.options.platform === 'linux') return;
    machine.openAtLogin = { isOn: settings.openAtLogin === true, args: settings.args ?? [] };
  }

  relaunch(): void {
    theMachine().relaunches += 1;
  }

  quit(): void {
    if (this.#isQuitting || this.#isEnding) return;
    const event = new PreventableEvent();
    // Electron counts as quitting only once nobody has objected (shell/browser/browser.cc, Browser::Quit).
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#isQuitting = true;
    if (openWindows.size === 0) this.#finish();
    else for (const window of Array.from(openWindows)) window.close();
  }

  exit(code = 0): void {
    if (this.#isEnding) return;
    // Without a message loop the process ends at once.
    if (!readiness.isReady) return this.#exitProcess(code);
    this.#exitCode = code;
    this.#isQuitting = true;
    this.#isEnding = true;
    for (const window of Array.from(openWindows)) window.destroy();
    this.#end();
  }

  /** @internal a window refused to close */
  _stayOpen(): void {
    this.#isQuitting = false;
  }

  /** @internal the last window is gone */
  _onLastWindow(): void {
    if (this.#isEnding) return;
    if (this.#isQuitting) this.#finish();
    else if (!this.emit('window-all-closed')) this.quit();
  }

  /** @internal */
  get _hasAskedForReady(): boolean {
    return this.#hasAskedForReady;
  }

  /** @internal the entry is through, and Chromium is there */
  _becomeReady(): void {
    if (this.#isEnding) return;
    this.emit('will-finish-launching');
    readiness.isReady = true;
    this.#ready.resolve();
    this.emit('ready', new PreventableEvent(), {});
  }

  protected override get doubledEvents(): readonly string[] {
    return [
      'will-finish-launching',
      'ready',
      'activate',
      'second-instance',
      'window-all-closed',
      'before-quit',
      'will-quit',
      'quit',
      'browser-window-created',
      'browser-window-focus',
      'browser-window-blur',
      'web-contents-created',
    ];
  }

  #finish(): void {
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    if (event.defaultPrevented) {
      this.#isQuitting = false;
      return;
    }
    this.#isEnding = true;
    this.#end();
  }

  #end(): void {
    this.emit('quit', new PreventableEvent(), this.#exitCode);
    this.#lock.release();
    // What the app does after it asked to quit still runs: the message loop ends after that.
    setImmediate(() => this.#exitProcess(this.#exitCode));
  }
}

export const app = new App();

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

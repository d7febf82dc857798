import { clipboard, nativeTheme, Notification, powerMonitor, type Rectangle } from 'electron';
import type { DesktopInfo, Snapshot } from '../app/contract.ts';
import type { Engine } from '../app/engine.ts';
import { desktopHandlers } from './desktop-handlers.ts';
import { KnownPages } from './known-pages.ts';
import type { LoginItem } from './login-item.ts';
import { Notices, type Notice } from './notices.ts';
import { listenToScreens, pushTo } from './screen-ipc.ts';
import { trayLevel } from './tray-level.ts';
import { trayMenu, type TrayClient, type TrayIntent } from './tray-menu.ts';
import { TrayIcon, type TrayView } from './tray.ts';
import type { Updates } from './updates.ts';
import { anchorOf, Windows } from './windows.ts';
import { statusLine, words } from './words.ts';

export interface DesktopOptions {
  readonly engine: Engine;
  readonly platform: NodeJS.Platform;
  readonly isPanelDark: () => boolean;
  /** Absolute paths of the built bridge and of the tray's icons. */
  readonly paths: { readonly preload: string; readonly trayIcons: string };
  readonly hasTrayHost: () => Promise<boolean>;
  readonly loginItem: LoginItem;
  readonly updates: (onChange: () => void) => Promise<Updates>;
  readonly onQuit: () => void;
  /** Closes everything but the process. */
  readonly close: () => Promise<void>;
}

/** How often the menu's spans ("resets in 3 d") are looked at, in ms. */
const menuTickMs = 60_000;
const updateLookMs = 24 * 60 * 60_000;

/** The app around a running engine: one snapshot feeds the tray, every window and the notifications. */
export class Desktop {
  readonly windows: Windows;
  readonly #options: DesktopOptions;
  readonly #notices = new Notices();
  readonly #opened = new DisposableStack();
  #updates: Updates | undefined;
  #updatesLookedAt = Number.NEGATIVE_INFINITY;
  #hasTray = true;
  #isStopping = false;
  #startsAtLogin: boolean | null = null;
  #clients: readonly TrayClient[] = [];
  #tray: TrayIcon | undefined;
  #hasToldStillRunning = false;

  constructor(options: DesktopOptions) {
    this.#options = options;
    this.windows = new Windows({
      preload: options.paths.preload,
      onRoute: (window, route) => pushTo(window.webContents, 'navigate', { route }),
      onClosed: () => this.#onWindowClosed(),
    });
  }

  /** Shows the tray, and begins to answer screens. */
  async start(): Promise<void> {
    const { engine, platform, loginItem } = this.#options;
    this.#updates = await this.#options.updates(() => this.#onDesktopChange());
    this.#startsAtLogin = await loginItem.isOn().catch(() => null);
    this.#hasTray = await this.#options.hasTrayHost();
    this.#listen();
    // Some Linux desktops show it late, or once an extension is on: it is there in any case.
    this.#tray = new TrayIcon(this.#view(engine.live.current()), {
      icons: this.#options.paths.trayIcons,
      platform,
      isPanelDark: this.#options.isPanelDark,
      onIntent: (intent) => void this.#act(intent).catch((error: unknown) => this.#report(error)),
      onClick: (bounds) => this.#onTrayClick(bounds),
    });
    this.#opened.use(engine.live.subscribe((snapshot) => this.#onSnapshot(snapshot)));
    const tick = setInterval(() => this.#tray?.show(this.#view(engine.live.current())), menuTickMs);
    this.#opened.defer(() => clearInterval(tick));
    nativeTheme.on('updated', () => this.#tray?.redraw());
    const updateTick = setInterval(() => this.#lookForUpdates(), updateLookMs);
    this.#opened.defer(() => clearInterval(updateTick));
    powerMonitor.on('resume', () => {
      engine.wake();
      this.#lookForUpdates();
    });
    // The menu does without them; the doctor says what is wrong.
    this.#lookForClients().catch(() => undefined);
    this.#lookForUpdates();
    if (this.#hasTray) this.windows.preparePopover();
  }

  /** The first screen: the risks until they are accepted, then a login while there is none. */
  firstRoute(): string {
    const { hasAcceptedRisks, accounts } = this.#options.engine.live.current();
    if (!hasAcceptedRisks) return 'first-run';
    return accounts.length === 0 ? 'wizard' : 'overview';
  }

  /** Stops telling anybody anything; the engine is the caller's to close. */
  stop(): void {
    this.#isStopping = true;
    this.#opened.dispose();
    this.windows.destroy();
    this.#tray?.destroy();
  }

  info(): DesktopInfo {
    const { platform } = this.#options;
    return {
      host: 'desktop',
      platform: platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other',
      hasTray: this.#hasTray,
      startsAtLogin: this.#startsAtLogin,
      update: this.#updates?.state ?? { state: 'off', version: null, detail: null },
    };
  }

  #listen(): void {
    const { engine } = this.#options;
    const pages = new KnownPages();
    const handlers = {
      ...engine.handlers,
      ...pages.watch(engine.handlers),
      ...desktopHandlers({
        engine,
        info: () => this.info(),
        isKnownPage: (url) => pages.has(url),
        show: (route) => this.windows.show(route),
        window: () => this.windows.all().find((window) => window.isVisible()),
        setStartAtLogin: (isOn) => this.#setStartAtLogin(isOn),
        checkForUpdates: () => this.#updates?.check() ?? Promise.resolve(),
        installUpdate: () => void this.#installUpdate(),
        quit: () => this.#options.onQuit(),
      }),
    };
    listenToScreens(handlers, {
      snapshot: () => engine.live.current(),
      desktop: () => this.info(),
      navigate: () => undefined,
    });
  }

  #onSnapshot(snapshot: Snapshot): void {
    nativeTheme.themeSource = snapshot.theme;
    this.#tray?.show(this.#view(snapshot));
    for (const { webContents } of this.windows.all()) pushTo(webContents, 'snapshot', snapshot);
    for (const notice of this.#notices.ofSnapshot(snapshot, Date.now())) this.#notify(notice);
  }

  #onDesktopChange(): void {
    const info = this.info();
    this.#tray?.show(this.#view(this.#options.engine.live.current()));
    for (const { webContents } of this.windows.all()) pushTo(webContents, 'desktop', info);
    for (const notice of this.#notices.ofUpdate(info)) this.#notify(notice);
  }

  #view(snapshot: Snapshot): TrayView {
    return {
      level: trayLevel(snapshot),
      tooltip: `${words.appName}\n${statusLine(snapshot)}`,
      items: trayMenu(snapshot, this.info(), this.#clients, Date.now()),
    };
  }

  #onTrayClick(bounds: Rectangle): void {
    this.windows.togglePopover(anchorOf(bounds));
  }

  #onWindowClosed(): void {
    if (!this.#isStopping && !this.#hasToldStillRunning) void this.#tellStillRunning();
  }

  /** A desktop may show its tray only after the app has started. */
  async #tellStillRunning(): Promise<void> {
    this.#hasTray = await this.#options.hasTrayHost();
    if (this.#hasTray) return;
    this.#hasToldStillRunning = true;
    this.#notify({ ...words.notices.stillRunning, route: 'overview' });
  }

  /** Once a day, also on a machine that sleeps in between, and not against the user's will. */
  #lookForUpdates(): void {
    const isDue = Date.now() - this.#updatesLookedAt >= updateLookMs - menuTickMs;
    if (!isDue || !this.#options.engine.parts.settings.get('checkForUpdates')) return;
    this.#updatesLookedAt = Date.now();
    void this.#updates?.check();
  }

  /** The new version finds the pool closed: it would be turned away by one that still has it. */
  async #installUpdate(): Promise<void> {
    await this.#options.close();
    this.#updates?.install();
  }

  async #act(intent: TrayIntent): Promise<void> {
    const { handlers } = this.#options.engine;
    switch (intent.type) {
      case 'show':
        return this.windows.show(intent.route);
      case 'pause':
        return void (await handlers['endpoint.pause']({ isPaused: intent.isPaused }));
      case 'pin':
        return void (await handlers['accounts.pin']({ id: intent.account }));
      case 'strategy':
        return void (await handlers.strategy({ name: intent.name }));
      case 'copy-url': {
        const { url } = this.#options.engine.live.current().endpoint;
        if (url !== null) await clipboard.writeText(`${url}/v1`);
        return;
      }
      case 'copy-key':
        return clipboard.writeText((await handlers['keys.show']({ name: 'default' })).key);
      case 'start-at-login':
        return this.#setStartAtLogin(intent.isOn);
      case 'check-for-updates':
        return this.#updates?.check();
      case 'install-update':
        return this.#installUpdate();
      case 'quit':
        return this.#options.onQuit();
    }
  }

  async #setStartAtLogin(isOn: boolean): Promise<void> {
    await this.#options.loginItem.set(isOn);
    this.#startsAtLogin = await this.#options.loginItem.isOn();
    this.#onDesktopChange();
  }

  /** The tools that are on this machine, for the menu; what is installed later is found at the next start. */
  async #lookForClients(): Promise<void> {
    const clients = await this.#options.engine.handlers['clients.list']({});
    this.#clients = clients
      .filter(({ status, configPath }) => status !== 'absent' && configPath !== null)
      .map(({ name, title }) => ({ name, title }));
    this.#tray?.show(this.#view(this.#options.engine.live.current()));
  }

  #notify({ title, body, route }: Notice): void {
    if (!this.#options.engine.parts.settings.get('notifications') || !Notification.isSupported()) return;
    const notification = new Notification({ title, body, silent: true });
    notification.on('click', () => this.windows.show(route));
    notification.show();
  }

  /** What was asked for in the menu has no place of its own to fail in. */
  #report(error: unknown): void {
    const body = error instanceof Error ? error.message : String(error);
    this.#notify({ title: words.menuFailed, body, route: 'overview' });
  }
}

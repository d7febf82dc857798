import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import { join } from 'node:path';
import { popoverPosition, popoverSize } from './popover-position.ts';
import { screenOrigin } from './screen-files.ts';
import { words } from './words.ts';

/** A click reaches the tray so much later at most than it takes the focus from the popover. */
const sameClickMs = 300;

/**
 * The windows: one with all screens, and the popover at the tray. Both show what the engine publishes and keep nothing, so
 * that closing one loses nothing.
 */
export class Windows {
  readonly #preload: string;
  readonly #onRoute: (window: BrowserWindow, route: string) => void;
  readonly #onClosed: () => void;
  #main: BrowserWindow | undefined;
  #popover: BrowserWindow | undefined;
  /** When the popover was hidden because something else was clicked, on the clock of `performance`. */
  #blurredAt = Number.NEGATIVE_INFINITY;

  /**
   * @param options.preload absolute path of the built bridge
   * @param options.onRoute tells a window that is open already which screen is wanted
   * @param options.onClosed the window with all screens was closed
   */
  constructor(options: {
    preload: string;
    onRoute: (window: BrowserWindow, route: string) => void;
    onClosed: () => void;
  }) {
    this.#preload = options.preload;
    this.#onRoute = options.onRoute;
    this.#onClosed = options.onClosed;
  }

  /** Every window that is there, shown or not. */
  all(): BrowserWindow[] {
    return [this.#main, this.#popover].filter((window) => window !== undefined);
  }

  /** Shows the window with all screens at one of them. */
  show(route: string): void {
    this.hidePopover();
    const open = this.#main;
    if (open) {
      this.#onRoute(open, route);
      if (open.isMinimized()) open.restore();
      open.show();
      open.focus();
      return;
    }
    const window = new BrowserWindow({
      name: 'main',
      title: words.appName,
      width: 1040,
      height: 720,
      minWidth: 320,
      minHeight: 400,
      show: false,
      autoHideMenuBar: true,
      backgroundColor: background(),
      // Electron writes it aside and swaps it in, so that a crash leaves the last good state.
      windowStatePersistence: true,
      webPreferences: this.#preferences(),
    });
    this.#main = window;
    closeWhenDead(window);
    window.once('ready-to-show', () => {
      window.show();
      window.focus();
    });
    window.on('closed', () => {
      this.#main = undefined;
      this.#onClosed();
    });
    load(window, `index.html#/${route}`);
  }

  /**
   * Makes the popover ahead, hidden, so that a click only has to show it. It is hidden, not closed, when it loses the focus.
   */
  preparePopover(): void {
    if (this.#popover) return;
    const window = new BrowserWindow({
      name: 'popover',
      title: words.appName,
      ...popoverSize,
      show: false,
      frame: false,
      resizable: false,
      maximizable: false,
      minimizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      backgroundColor: background(),
      webPreferences: this.#preferences(),
    });
    this.#popover = window;
    closeWhenDead(window);
    window.on('blur', () => {
      if (!window.isVisible()) return;
      window.hide();
      this.#blurredAt = performance.now();
    });
    window.on('closed', () => {
      this.#popover = undefined;
    });
    load(window, 'popover.html');
  }

  /** Shows the popover at the tray's icon, or hides it when it is shown. */
  togglePopover(tray: Rectangle): void {
    this.preparePopover();
    const window = this.#popover;
    if (!window) return;
    if (window.isVisible()) {
      window.hide();
      return;
    }
    // The click on the icon took the focus from the popover first: it was meant to hide it, and has.
    if (performance.now() - this.#blurredAt < sameClickMs) return;
    const { x, y } = popoverPosition(tray, screen.getDisplayMatching(anchorOf(tray)).workArea);
    window.setPosition(x, y);
    window.show();
    window.focus();
  }

  hidePopover(): void {
    if (this.#popover?.isVisible() === true) this.#popover.hide();
  }

  destroy(): void {
    for (const window of this.all()) window.destroy();
  }

  #preferences(): Electron.WebPreferences {
    return {
      preload: this.#preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    };
  }
}

/** A page whose process has gone would stay blank for good: its window is made anew when it is next asked for. */
function closeWhenDead(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', () => window.destroy());
}

/** A window that is closed before its page is there has lost nothing. */
function load(window: BrowserWindow, page: string): void {
  window.loadURL(`${screenOrigin}/${page}`).catch((error: unknown) => {
    if (!window.isDestroyed()) throw error;
  });
}

/** Linux tells no place of the icon; the pointer is on it. */
export function anchorOf(tray: Rectangle): Rectangle {
  return tray.width > 0 ? tray : { ...screen.getCursorScreenPoint(), width: 1, height: 1 };
}

/** Of the page, so that a window does not flash in the other theme before it has painted. */
function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#0e141a' : '#f4f6f8';
}

/** Where the bridge lies beside the built shell. */
export function preloadPath(shellFolder: string): string {
  return join(shellFolder, '..', 'preload', 'preload.cjs');
}

import { Menu, nativeImage, Tray, type MenuItemConstructorOptions, type NativeImage, type Rectangle } from 'electron';
import { join } from 'node:path';
import type { TrayLevel } from './tray-level.ts';
import type { TrayIntent, TrayItem } from './tray-menu.ts';

/** What the tray shows, whole. */
export interface TrayView {
  readonly level: TrayLevel;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

export interface TrayOptions {
  /** Absolute path of the folder with the tray's icons. */
  readonly icons: string;
  readonly platform: NodeJS.Platform;
  readonly isPanelDark: () => boolean;
  readonly onIntent: (intent: TrayIntent) => void;
  /** The icon was clicked; where it is. */
  readonly onClick: (bounds: Rectangle) => void;
}

/** The icon in the tray and its menu. Changes only what differs from what is shown: a rebuilt menu closes under the pointer. */
export class TrayIcon {
  readonly #options: TrayOptions;
  readonly #tray: Tray;
  #menu: Menu | undefined;
  #shown: { level: TrayLevel; tooltip: string; items: string } | undefined;

  constructor(view: TrayView, options: TrayOptions) {
    this.#options = options;
    this.#tray = new Tray(iconOf(view.level, options));
    this.#tray.on('click', (_event, bounds) => options.onClick(bounds));
    // With a context menu set, macOS and Windows would give no click of their own, or show both.
    this.#tray.on('right-click', () => {
      if (options.platform !== 'linux' && this.#menu) this.#tray.popUpContextMenu(this.#menu);
    });
    this.show(view);
  }

  show({ level, tooltip, items }: TrayView): void {
    const next = { level, tooltip, items: JSON.stringify(items) };
    const shown = this.#shown;
    this.#shown = next;
    if (shown && level !== shown.level) this.#tray.setImage(iconOf(level, this.#options));
    if (tooltip !== shown?.tooltip) this.#tray.setToolTip(tooltip);
    if (next.items === shown?.items) return;
    this.#menu = Menu.buildFromTemplate(items.map((item) => this.#template(item)));
    // Linux has the menu drawn by the desktop, which has to be given each change.
    if (this.#options.platform === 'linux') this.#tray.setContextMenu(this.#menu);
  }

  /** The panel may have changed between light and dark. */
  redraw(): void {
    if (this.#shown) this.#tray.setImage(iconOf(this.#shown.level, this.#options));
  }

  destroy(): void {
    // On Linux it goes with the process: destroying it earlier can crash at exit (electron/electron#17622, #32581).
    if (this.#options.platform !== 'linux') this.#tray.destroy();
  }

  #template(item: TrayItem): MenuItemConstructorOptions {
    switch (item.type) {
      case 'separator':
        return { type: 'separator' };
      case 'heading':
        return { label: menuText(item.label), enabled: false };
      case 'item':
        return {
          label: menuText(item.label),
          enabled: item.isEnabled,
          click: () => this.#options.onIntent(item.intent),
        };
      case 'radio':
      case 'checkbox':
        return {
          type: item.type,
          label: menuText(item.label),
          enabled: item.isEnabled,
          checked: item.isChecked,
          click: () => this.#options.onIntent(item.intent),
        };
    }
  }
}

/** To Electron an ampersand underlines the letter behind it, and is not shown itself. */
function menuText(label: string): string {
  return label.replaceAll('&', '&&');
}

/** macOS colours template images itself; the panels of the others are light or dark, whatever the theme of our windows. */
function iconOf(level: TrayLevel, { icons, platform, isPanelDark }: TrayOptions): NativeImage {
  return nativeImage.createFromPath(join(icons, iconFile(level, platform, isPanelDark())));
}

function iconFile(level: TrayLevel, platform: NodeJS.Platform, isPanelDark: boolean): string {
  if (platform === 'darwin') return `tray-${level}Template.png`;
  const panel = `tray-${level}-on-${isPanelDark ? 'dark' : 'light'}`;
  // One size, which the desktop scales: a second representation is never shown on Linux.
  return platform === 'win32' ? `${panel}.ico` : `${panel}-32.png`;
}

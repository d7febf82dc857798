/**
 * The double of the `electron` module, as the main process imports it. It keeps Electron's contracts and orders, and draws its
 * windows with Chromium; it is no Electron, and what it shows is listed in docs/electron-facts.md.
 */
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { clipboard } from './clipboard.ts';
import { dialog } from './dialog.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu, MenuItem } from './menu.ts';
import { NativeImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { net } from './net.ts';
import { Notification } from './notification.ts';
import { powerMonitor } from './power-monitor.ts';
import { protocol } from './protocol.ts';
import { safeStorage } from './safe-storage.ts';
import { screen } from './screen.ts';
import { session } from './session.ts';
import { shell } from './shell.ts';
import { notDoubled } from './strict.ts';
import { Tray } from './tray.ts';
import { WebContents } from './web-contents.ts';

const members = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage: NativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents: WebContents,
};

/** For `require('electron')` and a whole import, which name a member only when they read it. */
const electron = new Proxy(members, {
  get(target, name, receiver: object) {
    if (typeof name === 'symbol' || name in target || ['then', '__esModule', 'default'].includes(name)) {
      return Reflect.get(target, name, receiver);
    }
    throw notDoubled(name);
  },
});

export default electron;
export { electron as 'module.exports' };
export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  NativeImage as nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  WebContents as webContents,
};

import type { ElectronModule, WindowModel } from './shell-app.ts';

/** Runs in the main process: it may use nothing from outside of itself. */
export function windowModels({ BrowserWindow }: ElectronModule): WindowModel[] {
  return BrowserWindow.getAllWindows().map((window) => ({
    id: window.id,
    url: window.webContents.getURL(),
    title: window.getTitle(),
    isVisible: window.isVisible(),
    isFocused: window.isFocused(),
    bounds: window.getBounds(),
  }));
}

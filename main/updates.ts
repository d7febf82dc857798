import { app } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DesktopInfo } from '../app/contract.ts';

type UpdateState = DesktopInfo['update'];

/** Looks for newer versions, and installs one at the next start. */
export interface Updates {
  readonly state: UpdateState;
  check(): Promise<void>;
  /** Ends the app and starts the new version. */
  install(): void;
}

/** A build without a publish host has no `app-update.yml`, and looks for nothing. */
export async function createUpdates(onChange: () => void): Promise<Updates> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return noUpdates;
  const { default: updater } = await import('electron-updater');
  return new FoundUpdates(updater.autoUpdater, onChange);
}

const noUpdates: Updates = {
  state: { state: 'off', version: null, detail: null },
  check: () => Promise.resolve(),
  install: () => undefined,
};

/** The part of electron-updater that is used. */
interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  on(event: 'checking-for-update' | 'update-not-available', listener: () => void): unknown;
  on(event: 'update-available' | 'update-downloaded', listener: (info: { version: string }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(): void;
}

class FoundUpdates implements Updates {
  state: UpdateState = { state: 'idle', version: null, detail: null };
  readonly #updater: Updater;

  constructor(updater: Updater, onChange: () => void) {
    this.#updater = updater;
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = true;
    const become = (state: UpdateState['state'], version: string | null = null, detail: string | null = null): void => {
      this.state = { state, version, detail };
      onChange();
    };
    updater.on('checking-for-update', () => become('checking'));
    updater.on('update-not-available', () => become('idle'));
    updater.on('update-available', ({ version }) => become('downloading', version));
    updater.on('update-downloaded', ({ version }) => become('ready', version));
    updater.on('error', (error) => become('failed', null, error.message));
  }

  async check(): Promise<void> {
    // The error event tells, too; a promise that nobody waits for must not end the process.
    await this.#updater.checkForUpdates().catch(() => undefined);
  }

  install(): void {
    this.#updater.quitAndInstall();
  }
}

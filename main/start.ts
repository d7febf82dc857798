import { app, Menu, nativeTheme, powerMonitor } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLogFile } from '../app/store/log-file.ts';
import { Desktop } from './desktop.ts';
import { desktopHands } from './desktop-hands.ts';
import { guardScreens } from './guard.ts';
import { isHiddenStart, waitForNetwork } from './hidden-start.ts';
import { autostartItem, systemLoginItem, type LoginItem } from './login-item.ts';
import { openDesktopEngine } from './open-engine.ts';
import { serveScreens } from './screen-files.ts';
import { hasTrayHost } from './tray-host.ts';
import { createUpdates } from './updates.ts';
import type { Visitors } from './visitors.ts';
import { preloadPath } from './windows.ts';

export interface StartOptions {
  /** Absolute path of the folder of the built shell; screens, bridge and icons lie beside it. */
  readonly shellFolder: string;
  readonly dataDir: string;
  readonly desktopName: string;
  readonly visitors: Visitors;
}

/** How long running answers may go on after the user quits. */
const graceMs = 10_000;
/** The system waits for nobody for long. */
const shutdownGraceMs = 1_000;
const longestNetworkWaitMs = 30_000;

/** Puts the app together once Electron is ready. */
export async function start({ shellFolder, dataDir, desktopName, visitors }: StartOptions): Promise<void> {
  const { platform, env } = process;
  const isFromLogin = isHiddenStart(process.argv, platform);
  const isHidden = (): boolean => isFromLogin && !visitors.hasCome;
  guardScreens();
  serveScreens(join(shellFolder, '..', 'renderer'));
  if (platform === 'darwin') app.dock?.hide();
  // Elsewhere Electron would put its own menu behind Alt.
  else Menu.setApplicationMenu(null);
  if (isFromLogin) await waitForNetwork(longestNetworkWaitMs, isHidden);
  const log = openLogFile(join(dataDir, 'kiro-pool.log'));
  const loginItem = loginItemOf(platform, desktopName);
  const engine = await openDesktopEngine({
    dataDir,
    env,
    platform,
    isHidden,
    somebodyCame: visitors.first,
    log: (line) => log.write(line),
    desktop: desktopHands({ dataDir, env, platform, hasTrayHost: () => hasTrayHost(platform), loginItem }),
  });
  if (!engine) return app.exit(1);

  const desktop = new Desktop({
    engine,
    platform,
    isPanelDark: () => nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
    paths: { preload: preloadPath(shellFolder), trayIcons: join(shellFolder, '..', 'icons', 'tray') },
    hasTrayHost: () => hasTrayHost(platform),
    loginItem,
    updates: createUpdates,
    onQuit: () => app.quit(),
    close: () => close(graceMs),
  });

  let closing: Promise<void> | undefined;
  let isClosed = false;
  const close = (grace: number): Promise<void> => {
    closing ??= (async () => {
      try {
        desktop.stop();
        // It stops listening first, lets answers that run finish, and writes what is to be written.
        await engine.close(grace);
      } catch (error) {
        log.write(`${String(error)}\n`);
      } finally {
        // Whatever failed: an app that cannot be quit is worse.
        isClosed = true;
      }
    })();
    return closing;
  };
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void close(graceMs).then(() => app.quit());
  });
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    // Also while answers still run to their end because the user quits.
    const isLate = sleep(shutdownGraceMs + shutdownGraceMs);
    void Promise.race([close(shutdownGraceMs), isLate]).then(() => app.exit());
  });
  // The app goes on in the tray.
  app.on('window-all-closed', () => undefined);

  await desktop.start();
  const show = (): void => desktop.windows.show(desktop.firstRoute());
  visitors.welcome(show);
  if (!isHidden()) show();
}

function loginItemOf(platform: NodeJS.Platform, desktopName: string): LoginItem {
  if (platform !== 'linux') return systemLoginItem(app, platform);
  // Unpacked, the program is Electron, which has to be told where the app is.
  const command = app.isPackaged ? [process.execPath] : [process.execPath, app.getAppPath()];
  return autostartItem({ env: process.env, home: homedir(), command, desktopName });
}

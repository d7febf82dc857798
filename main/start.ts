import { app, nativeTheme, powerMonitor } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openLogFile } from '../app/store/log-file.ts';
import { Desktop, waitForNetwork, wasOpenedHidden } from './desktop.ts';
import { desktopHands } from './desktop-hands.ts';
import { guardScreens } from './guard.ts';
import { autostartItem, hiddenFlag, systemLoginItem, type LoginItem } from './login-item.ts';
import { openDesktopEngine } from './open-engine.ts';
import { serveScreens } from './screen-files.ts';
import { hasTrayHost } from './tray-host.ts';
import { createUpdates } from './updates.ts';
import { preloadPath } from './windows.ts';

export interface StartOptions {
  /** Absolute path of the folder of the built shell; screens, bridge and icons lie beside it. */
  readonly shellFolder: string;
  readonly dataDir: string;
  readonly desktopName: string;
}

/** How long running answers may go on after the user quits. */
const graceMs = 10_000;
/** The system waits for nobody for long. */
const shutdownGraceMs = 1_000;
const longestNetworkWaitMs = 30_000;

/** Puts the app together once Electron is ready. */
export async function start({ shellFolder, dataDir, desktopName }: StartOptions): Promise<void> {
  const { platform, env } = process;
  const isHidden = wasOpenedHidden(process.argv, hiddenFlag);
  guardScreens();
  serveScreens(join(shellFolder, '..', 'renderer'));
  if (platform === 'darwin') app.dock?.hide();
  if (isHidden) await waitForNetwork(longestNetworkWaitMs);
  const log = openLogFile(join(dataDir, 'kiro-pool.log'));
  const hasTray = await hasTrayHost(platform);
  const loginItem = loginItemOf(platform, desktopName);
  const engine = await openDesktopEngine({
    dataDir,
    env,
    platform,
    isHidden,
    log: (line) => log.write(line),
    desktop: desktopHands({ dataDir, env, platform, hasTray, loginItem }),
  });
  if (!engine) return app.exit(1);

  const desktop = new Desktop({
    engine,
    platform,
    isPanelDark: () => nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
    paths: { preload: preloadPath(shellFolder), trayIcons: join(shellFolder, '..', 'icons', 'tray') },
    hasTray,
    loginItem,
    updates: createUpdates,
    onQuit: () => app.quit(),
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
    void close(shutdownGraceMs).then(() => app.quit());
  });
  // The app goes on in the tray.
  app.on('window-all-closed', () => undefined);
  app.on('second-instance', (_event, argv) => {
    // On Windows the terminal's package starts our program once more as a helper when a sign-in is cut short.
    const isPerson = !argv.some((each) => each === hiddenFlag || each.includes('conpty_console_list_agent'));
    if (isPerson) desktop.windows.show(desktop.firstRoute());
  });
  app.on('activate', () => desktop.windows.show(desktop.firstRoute()));

  await desktop.start();
  if (!isHidden) desktop.windows.show(desktop.firstRoute());
}

function loginItemOf(platform: NodeJS.Platform, desktopName: string): LoginItem {
  if (platform !== 'linux') return systemLoginItem(app, platform);
  // Unpacked, the program is Electron, which has to be told where the app is.
  const command = app.isPackaged ? [process.execPath] : [process.execPath, app.getAppPath()];
  return autostartItem({ env: process.env, home: homedir(), command, desktopName });
}

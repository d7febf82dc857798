/**
 * The entry of the desktop app. Only what has to come before Electron is ready stands here: a wait for readiness at this level
 * would never end, since Electron becomes ready once this module is through (electron/electron#40719).
 */
import { app, dialog } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultDataDir, desktopFolder } from '../app/store/data-folder.ts';
import { makePrivateFolder } from '../app/store/private-folder.ts';
import { registerScreenScheme } from './screen-files.ts';
import { start } from './start.ts';
import { Visitors } from './visitors.ts';
import { words } from './words.ts';

/** The name of the installed `.desktop` file, which Linux finds the app's windows and portals by. */
const desktopName = 'io.github.kiro_pool.KiroPool';

const dataDir = defaultDataDir(process.env, process.platform, homedir());
app.setName(words.appName);
// What Chromium keeps is no login, and has its own place; a pool elsewhere is another app, with a lock of its own.
if (process.env['KIRO_POOL_DATA_DIR']) {
  const userData = join(dataDir, desktopFolder);
  try {
    // Electron would make the data folder open to others, and the pool refuses such a one.
    makePrivateFolder(userData);
  } catch {
    // What is wrong with the folder is told when it is opened, in a dialog.
  }
  app.setPath('userData', userData);
}
if (process.platform === 'linux') app.setDesktopName(`${desktopName}.desktop`);
if (process.platform === 'win32') app.setAppUserModelId(desktopName);
app.enableSandbox();
registerScreenScheme();

// A second start shows the window of the first, and touches no file.
if (app.requestSingleInstanceLock()) {
  const visitors = new Visitors();
  app
    .whenReady()
    .then(() => start({ shellFolder: import.meta.dirname, dataDir, desktopName, visitors }))
    .catch((error: unknown) => {
      // Else it would stay as a process that nobody sees and that keeps the next start from beginning.
      dialog.showErrorBox(words.start.failed, error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
} else app.quit();

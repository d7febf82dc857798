import { clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { readFile } from 'node:fs/promises';
import type { desktopQuestions, DesktopInfo, Handlers } from '../app/contract.ts';
import { CommandError, type Engine } from '../app/engine.ts';
import { writePrivateFile } from '../app/store/private-file.ts';
import { words } from './words.ts';

/** What the answers need of the app around them. */
export interface DesktopPorts {
  readonly engine: Engine;
  readonly info: () => DesktopInfo;
  /** Whether the engine has named this page to a screen, such as that of a sign-in under way. */
  readonly isKnownPage: (url: string) => boolean;
  readonly show: (route: string) => void;
  /** The window that a dialog belongs to. */
  readonly window: () => BrowserWindow | undefined;
  readonly setStartAtLogin: (isOn: boolean) => Promise<void>;
  readonly checkForUpdates: () => Promise<void>;
  readonly installUpdate: () => void;
  readonly quit: () => void;
}

/** Answers what screens ask of the shell. Keys go to the clipboard and come from it here, never through a screen. */
export function desktopHandlers(ports: DesktopPorts): Handlers<typeof desktopQuestions> {
  const { handlers } = ports.engine;
  return {
    'desktop.info': () => ports.info(),
    'desktop.copyText': async ({ text }) => {
      await clipboard.writeText(text);
      return {};
    },
    'desktop.copyKey': async ({ name }) => {
      await clipboard.writeText((await handlers['keys.show']({ name })).key);
      return {};
    },
    'desktop.createKey': async ({ name }) => {
      await clipboard.writeText((await handlers['keys.create']({ name })).key);
      return {};
    },
    'desktop.openUrl': async ({ url }) => {
      if (!ports.isKnownPage(url))
        throw new CommandError('page-not-known', words.cannotOpen.message, words.cannotOpen.hint);
      await shell.openExternal(url);
      return {};
    },
    'desktop.setStartAtLogin': async ({ isOn }) => {
      await ports.setStartAtLogin(isOn);
      return {};
    },
    'desktop.show': ({ route }) => {
      ports.show(route);
      return {};
    },
    'desktop.quit': () => {
      ports.quit();
      return {};
    },
    'desktop.checkForUpdates': async () => {
      await ports.checkForUpdates();
      return {};
    },
    'desktop.installUpdate': () => {
      ports.installUpdate();
      return {};
    },
    'desktop.addKeyFromClipboard': async () => {
      const key = (await clipboard.readText()).trim();
      if (!key.startsWith('ksk_')) {
        throw new CommandError('no-key-copied', words.clipboardIsNoKey.message, words.clipboardIsNoKey.hint);
      }
      const result = await handlers['accounts.addKey']({ key });
      // Left there, any program could read it. One that was not taken may still be wanted.
      if (result.result !== 'failed') clipboard.clear();
      return result;
    },
    'desktop.saveBackup': async ({ passphrase }) => {
      const { text, left } = await handlers['backup.create']({ passphrase });
      return { path: await save(ports, words.files.backup, 'kiro-pool.backup', text), left: [...left] };
    },
    'desktop.restoreBackup': async ({ passphrase }) => {
      const options = { title: words.files.restore, properties: ['openFile' as const] };
      const parent = ports.window();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      const [path] = filePaths;
      if (path === undefined) return null;
      return handlers['backup.restore']({ text: await readFile(path, 'utf8'), passphrase });
    },
    'desktop.saveText': async ({ suggestedName, text }) => ({
      path: await save(ports, words.files.text, suggestedName, text),
    }),
  };
}

/** @returns where it was saved, null when the user chose no file */
async function save(ports: DesktopPorts, title: string, name: string, text: string): Promise<string | null> {
  const options = { title, defaultPath: name };
  const parent = ports.window();
  const { canceled, filePath } = await (parent
    ? dialog.showSaveDialog(parent, options)
    : dialog.showSaveDialog(options));
  if (canceled) return null;
  // The dialog has asked whether a file that is there may go.
  await writePrivateFile(filePath, text, { force: true });
  return filePath;
}

import { expect } from '@playwright/test';
import { join } from 'node:path';
import type { ShellApp } from '../shell-app.ts';
import { docs, source, type Fact } from './fact.ts';

/** The beginning and the end of the app. */
export const lifeFacts: readonly Fact[] = [
  {
    says: 'the entry is evaluated to its end before the app is ready',
    source: docs('tutorial/esm#you-must-use-await-generously-before-the-apps-ready-event'),
    async check({ shell }) {
      const { isReady, events } = await shell.evaluate(() => ({
        isReady: globalThis.fixture.early.isReady,
        events: globalThis.fixture.events.slice(0, 3),
      }));
      expect(isReady).toBe(false);
      expect(events.filter((event) => event !== 'will-finish-launching')).toEqual(['entry', 'ready']);
    },
  },
  {
    says: 'an entry that waits for readiness at its top level never becomes ready (the double ends it and says why)',
    source: 'https://github.com/electron/electron/issues/40719',
    isOfDouble: true,
    async check({ launch }) {
      const main = join(import.meta.dirname, '../fixture-app/deadlock.js');
      const shell = await launch({ main, longestEntryMs: 300 });
      expect(await shell.exited).toBe(1);
      expect(shell.output()).toContain('waits for app.whenReady() at its top level');
    },
  },
  {
    says: 'whenReady() resolves for who asks later, too',
    source: docs('api/app#appwhenready'),
    async check({ shell }) {
      expect(await shell.evaluate(({ app }) => app.whenReady().then(() => app.isReady()))).toBe(true);
    },
  },
  {
    says: 'quitting asks before-quit, closes the windows, asks will-quit, and ends with quit and 0',
    source: docs('api/app#event-before-quit'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      expect(await shell.quit()).toBe(0);
      expect(eventsOf(shell).slice(-5)).toEqual(['before-quit', 'close', 'closed', 'will-quit', 'quit']);
    },
  },
  {
    says: 'before-quit may be prevented; the next quit goes through',
    source: docs('api/app#event-before-quit'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      const windows = await shell.evaluate(({ app, BrowserWindow }) => {
        app.once('before-quit', (event) => event.preventDefault());
        app.quit();
        return BrowserWindow.getAllWindows().length;
      });
      expect(windows).toBe(1);
      expect(await shell.quit()).toBe(0);
      expect(eventsOf(shell).filter((event) => event === 'before-quit')).toHaveLength(2);
    },
  },
  {
    says: 'a window that refuses to close ends the quitting',
    source: source('shell/browser/browser.cc'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      const isThere = await shell.evaluate(({ app, BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.once('close', (event) => event.preventDefault());
        app.quit();
        return window?.isDestroyed() === false;
      });
      expect(isThere).toBe(true);
      expect(await shell.quit()).toBe(0);
      expect(eventsOf(shell).filter((event) => event === 'will-quit')).toHaveLength(1);
    },
  },
  {
    says: 'will-quit may be prevented, when the windows are gone already',
    source: docs('api/app#event-will-quit'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await shell.evaluate(({ app }) => {
        app.once('will-quit', (event) => event.preventDefault());
        app.quit();
      });
      await expect.poll(() => eventsOf(shell)).toContain('will-quit');
      expect(await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
      expect(await shell.quit()).toBe(0);
    },
  },
  {
    says: 'with a listener for window-all-closed the app goes on without windows',
    source: docs('api/app#event-window-all-closed'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await expect.poll(() => eventsOf(shell)).toContain('window-all-closed');
      expect(await shell.evaluate(({ app }) => app.isReady())).toBe(true);
      expect(eventsOf(shell)).not.toContain('before-quit');
    },
  },
  {
    says: 'without one it quits with its last window',
    source: docs('api/app#event-window-all-closed'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await shell.evaluate(({ app, BrowserWindow }) => {
        app.removeAllListeners('window-all-closed');
        // Electron's own listener went with the others.
        app.on('window-all-closed', () => app.quit());
        BrowserWindow.getAllWindows()[0]?.close();
      });
      expect(await shell.exited).toBe(0);
      expect(eventsOf(shell)).toContain('before-quit');
    },
  },
  {
    says: 'quitting does not tell window-all-closed',
    source: docs('api/app#event-window-all-closed'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await shell.quit();
      expect(eventsOf(shell)).not.toContain('window-all-closed');
    },
  },
  {
    says: 'exit() ends with its code and asks neither the windows nor before-quit',
    source: docs('api/app#appexitexitcode'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      await shell.evaluate(({ app }) => app.exit(3)).catch(() => undefined);
      expect(await shell.exited).toBe(3);
      expect(eventsOf(shell)).not.toContain('before-quit');
      expect(eventsOf(shell)).not.toContain('close');
      expect(eventsOf(shell)).toContain('quit');
    },
  },
  {
    says: 'a second process gets no lock and quits; the first is told its arguments and its data',
    source: docs('api/app#apprequestsingleinstancelockadditionaldata'),
    // Playwright cannot take hold of a process of Electron that ends at once.
    isOfDouble: true,
    async check({ launch }) {
      const first = await launch();
      await first.page('index.html');
      const second = await launch({ home: first.home, args: ['--hello'] });
      expect(await second.exited).toBe(0);
      await expect.poll(() => eventsOf(first)).toContain('second-instance');
      const told = await first.evaluate(() => globalThis.fixture.second);
      expect(told?.argv).toContain('--hello');
      expect(told?.data).toEqual({ from: 'fixture' });
    },
  },
  {
    says: 'what follows quit() in the entry still runs',
    source: source('shell/browser/browser.cc'),
    isOfDouble: true,
    async check({ launch }) {
      const first = await launch();
      await first.page('index.html');
      const second = await launch({ home: first.home });
      await second.exited;
      expect(eventsOf(second)).toContain('entry');
    },
  },
  {
    says: 'the name and the version are those of package.json, and setName() changes the name',
    source: docs('api/app#appgetname'),
    async check({ shell }) {
      const got = await shell.evaluate(({ app }) => {
        const before = [app.getName(), app.getVersion()];
        app.setName('Other');
        const after = app.name;
        app.setName('fixture-app');
        return [...before, after];
      });
      expect(got).toEqual(['fixture-app', '1.2.3', 'Other']);
    },
  },
  {
    says: 'getPath() of an unknown name throws',
    source: docs('api/app#appgetpathname'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ app }) => {
        try {
          return Reflect.apply(Reflect.get(app, 'getPath'), app, ['nowhere']);
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toBe("Error: Failed to get 'nowhere' path");
    },
  },
  {
    says: 'enableSandbox() throws once the app is ready',
    source: docs('api/app#appenablesandbox'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ app }) => {
        try {
          app.enableSandbox();
          return '';
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toContain('can only be called before app is ready');
    },
  },
];

/** What the fixture wrote that happened to it, in order. */
function eventsOf(shell: ShellApp): string[] {
  return [...shell.output().matchAll(/^event (\S+)$/gm)].map(([, event]) => event ?? '');
}

import { expect } from '@playwright/test';
import { docs, source, type Fact } from './fact.ts';

/** Windows of the main process. */
export const windowFacts: readonly Fact[] = [
  {
    says: 'no window before the app is ready',
    source: source('shell/browser/api/electron_api_base_window.cc'),
    async check({ shell }) {
      expect(await shell.evaluate(() => globalThis.fixture.early.window)).toMatch(
        /Cannot create \w+ before app is ready/,
      );
    },
  },
  {
    says: 'a window is found by its number and by its page, and is listed until it is destroyed',
    source: docs('api/browser-window#static-methods'),
    async check({ shell }) {
      const got = await shell.evaluate(({ BrowserWindow }) => {
        const window = new BrowserWindow({ show: false });
        const found = [
          BrowserWindow.fromId(window.id) === window,
          BrowserWindow.fromWebContents(window.webContents) === window,
          BrowserWindow.getAllWindows().includes(window),
        ];
        window.destroy();
        return [...found, BrowserWindow.getAllWindows().includes(window), window.isDestroyed()];
      });
      expect(got).toEqual([true, true, true, false, true]);
    },
  },
  {
    says: 'a window that is made with show: false is not visible until it is shown',
    source: docs('tutorial/window-customization#showing-the-window-gracefully'),
    async check({ shell }) {
      const id = await shell.evaluate(({ BrowserWindow }) => new BrowserWindow({ show: false }).id);
      const isVisible = (): Promise<boolean | undefined> =>
        shell.evaluate(({ BrowserWindow }, which) => BrowserWindow.fromId(which)?.isVisible(), id);
      expect(await isVisible()).toBe(false);
      await shell.evaluate(({ BrowserWindow }, which) => BrowserWindow.fromId(which)?.show(), id);
      await expect.poll(isVisible).toBe(true);
      await shell.evaluate(({ BrowserWindow }, which) => BrowserWindow.fromId(which)?.hide(), id);
      await expect.poll(isVisible).toBe(false);
      await shell.evaluate(({ BrowserWindow }, which) => BrowserWindow.fromId(which)?.destroy(), id);
    },
  },
  {
    says: 'ready-to-show comes for a window that is not shown, once its page has painted',
    source: docs('api/browser-window#using-the-ready-to-show-event'),
    async check({ shell }) {
      const isShown = await shell.evaluate(
        ({ BrowserWindow }) =>
          new Promise<boolean>((resolve) => {
            const window = new BrowserWindow({ show: false });
            window.once('ready-to-show', () => {
              resolve(window.isVisible());
              window.destroy();
            });
            void window.loadURL('app://fixture/second.html').catch(() => undefined);
          }),
      );
      expect(isShown).toBe(false);
    },
  },
  {
    says: 'close may be prevented, and the window stays',
    source: docs('api/browser-window#event-close'),
    async check({ shell }) {
      const got = await shell.evaluate(({ BrowserWindow }) => {
        const window = new BrowserWindow({ show: false });
        window.once('close', (event) => event.preventDefault());
        window.close();
        const stayed = !window.isDestroyed();
        window.destroy();
        return stayed;
      });
      expect(got).toBe(true);
    },
  },
  {
    says: 'destroy() asks nobody: closed comes, close does not',
    source: docs('api/browser-window#windestroy'),
    async check({ shell }) {
      const got = await shell.evaluate(
        ({ BrowserWindow }) =>
          new Promise<string[]>((resolve) => {
            const events: string[] = [];
            const window = new BrowserWindow({ show: false });
            window.on('close', () => events.push('close'));
            window.on('closed', () => resolve([...events, 'closed']));
            window.destroy();
          }),
      );
      expect(got).toEqual(['closed']);
    },
  },
  {
    says: 'a destroyed window refuses to be used',
    source: source('shell/common/gin_helper/destroyable.cc'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ BrowserWindow }) => {
        const window = new BrowserWindow({ show: false });
        window.destroy();
        try {
          window.show();
          return '';
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toBe('TypeError: Object has been destroyed');
    },
  },
  {
    says: 'the title of the page becomes that of the window',
    source: docs('api/browser-window#event-page-title-updated'),
    async check({ shell }) {
      await expect
        .poll(() => shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle()))
        .toBe('Fixture');
    },
  },
  {
    says: 'setBounds() keeps what it is not told',
    source: docs('api/browser-window#winsetboundsbounds-animate'),
    async check({ shell }) {
      const got = await shell.evaluate(({ BrowserWindow }) => {
        const window = new BrowserWindow({ show: false, width: 500, height: 400 });
        window.setBounds({ width: 450 });
        const { width, height } = window.getBounds();
        window.destroy();
        return { width, height };
      });
      expect(got).toEqual({ width: 450, height: 400 });
    },
  },
];

import { expect } from '@playwright/test';
import { docs, source, type Fact } from './fact.ts';

/** Messages between a window and the main process. */
export const ipcFacts: readonly Fact[] = [
  {
    says: 'invoke() resolves with what the handler returned; Date, Map, Set, BigInt, NaN, -0 and undefined survive',
    source: docs('tutorial/ipc#object-serialization'),
    async check({ page }) {
      const types = await page.evaluate(async () => {
        const sent = [new Date(5), new Map([[1, 'a']]), new Set([2]), 3n, Number.NaN, -0, undefined];
        const got = await window.fixture.invoke('echo', ...sent);
        if (!Array.isArray(got)) return [];
        const [date, map, set, big, notANumber, zero, nothing]: unknown[] = got;
        return [
          date instanceof Date && date.getTime() === 5,
          map instanceof Map && map.get(1) === 'a',
          set instanceof Set && set.has(2),
          big === 3n,
          Number.isNaN(notANumber),
          Object.is(zero, -0),
          nothing === undefined,
        ];
      });
      expect(types).toEqual([true, true, true, true, true, true, true]);
    },
  },
  {
    says: 'a handler answers with Map, Date, undefined fields and bytes, which arrive as a Uint8Array',
    source: docs('tutorial/ipc#object-serialization'),
    async check({ page }) {
      const got = await page.evaluate(async () => {
        const value = await window.fixture.invoke('give-map');
        if (typeof value !== 'object' || value === null) return undefined;
        const map: unknown = Reflect.get(value, 'map');
        const bytes: unknown = Reflect.get(value, 'bytes');
        return {
          date: map instanceof Map && map.get('a') instanceof Date,
          hasNothing: 'nothing' in value,
          bytes: bytes instanceof Uint8Array && [...bytes],
        };
      });
      expect(got).toEqual({ date: true, hasNothing: true, bytes: [97, 98] });
    },
  },
  {
    says: 'objects with cycles and shared parts arrive as such',
    source: docs('tutorial/ipc#object-serialization'),
    async check({ page }) {
      const isSame = await page.evaluate(async () => {
        const shared = { a: 1 };
        const sent: Record<string, unknown> = { one: shared, two: shared };
        sent['self'] = sent;
        const got = await window.fixture.invoke('echo', sent);
        const [back]: unknown[] = Array.isArray(got) ? got : [];
        if (typeof back !== 'object' || back === null) return [];
        return [Reflect.get(back, 'self') === back, Reflect.get(back, 'one') === Reflect.get(back, 'two')];
      });
      // The bridge copies once more, and keeps both.
      expect(isSame).toEqual([true, true]);
    },
  },
  {
    says: 'a handler that throws rejects invoke() with the channel and the error as text; the class of the error is lost',
    source: source('lib/browser/ipc-dispatch.ts'),
    async check({ page }) {
      const got = await page.evaluate(() =>
        window.fixture.invoke('fail').catch((error: unknown) => error instanceof Error && [error.name, error.message]),
      );
      expect(got).toEqual(['Error', "Error invoking remote method 'fail': TypeError: it said no"]);
    },
  },
  {
    says: 'a channel without a handler rejects invoke()',
    source: source('lib/browser/ipc-dispatch.ts'),
    async check({ page }) {
      const got = await page.evaluate(() =>
        window.fixture.invoke('nobody').catch((error: unknown) => error instanceof Error && error.message),
      );
      expect(got).toBe("Error invoking remote method 'nobody': Error: No handler registered for 'nobody'");
    },
  },
  {
    says: 'a handler that returns a function rejects invoke()',
    source: source('shell/common/v8_util.cc'),
    async check({ page }) {
      const got = await page.evaluate(() =>
        window.fixture.invoke('give-function').catch((error: unknown) => error instanceof Error && error.message),
      );
      expect(got).toBe("Error invoking remote method 'give-function': Error: An object could not be cloned.");
    },
  },
  {
    says: 'sending a function throws at once',
    source: docs('api/ipc-renderer#ipcrenderersendchannel-args'),
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.sendFunction())).toBe('An object could not be cloned.');
    },
  },
  {
    says: 'sending a symbol throws at once',
    source: docs('api/ipc-renderer#ipcrenderersendchannel-args'),
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.sendSymbol())).toBe('An object could not be cloned.');
    },
  },
  {
    says: 'invoke() with a function rejects, and does not throw',
    source: docs('api/ipc-renderer#ipcrendererinvokechannel-args'),
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.invokeFunction())).toBe('An object could not be cloned.');
    },
  },
  {
    says: 'an instance of a class arrives as a plain object: no prototype, no getters',
    source: docs('api/ipc-renderer#ipcrenderersendchannel-args'),
    async check({ page }) {
      const got = await page.evaluate(() => window.fixture.invokePoint());
      expect(got).toEqual({ name: 'Object', isBuffer: false, keys: ['x'] });
    },
  },
  {
    says: 'messages of send() arrive in their order',
    source: docs('api/ipc-renderer#ipcrenderersendchannel-args'),
    async check({ shell, page }) {
      await page.evaluate(async () => {
        for (let index = 0; index < 50; index += 1) window.fixture.send('note', 'order', index);
        // The answer comes after everything that was sent before.
        await window.fixture.invoke('echo');
      });
      const got = await shell.evaluate(() => globalThis.fixture.received.filter(([kind]) => kind === 'order'));
      expect(got).toEqual(Array.from({ length: 50 }, (_, index) => ['order', index]));
    },
  },
  {
    says: 'the main process knows the frame that sent: its address, its origin, no parent, and its window',
    source: docs('api/structures/ipc-main-invoke-event'),
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.invoke('sender'))).toEqual({
        url: 'app://fixture/index.html',
        origin: 'app://fixture',
        parent: null,
        isOfWindow: true,
      });
    },
  },
  {
    says: 'webContents.send() reaches the listeners of the page, until they are taken off',
    source: docs('api/web-contents#contentssendchannel-args'),
    async check({ page }) {
      const got = await page.evaluate(async () => {
        const heard: unknown[] = [];
        const off = window.fixture.on('pushed', (value) => heard.push(value));
        window.fixture.send('ask', { first: new Date(7) });
        await window.fixture.invoke('echo');
        off();
        window.fixture.send('ask', 'second');
        await window.fixture.invoke('echo');
        return heard;
      });
      expect(got).toEqual([{ first: new Date(7) }]);
    },
  },
  {
    says: 'event.reply() answers the frame that sent',
    source: docs('api/structures/ipc-main-event'),
    async check({ page }) {
      const got = await page.evaluate(
        () =>
          new Promise((resolve) => {
            const off = window.fixture.on('pushed', (value) => {
              off();
              resolve(value);
            });
            window.fixture.send('ask-by-reply', 'hello');
          }),
      );
      expect(got).toBe('hello');
    },
  },
  {
    says: 'webContents.send() of a function is not sent and does not throw; it is told on the console',
    source: source('lib/browser/api/web-frame-main.ts'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ BrowserWindow }) => {
        try {
          BrowserWindow.getAllWindows()[0]?.webContents.send('pushed', () => 1);
          return 'nothing';
        } catch {
          return 'an error';
        }
      });
      expect(thrown).toBe('nothing');
      await expect.poll(() => shell.output()).toContain('Failed to serialize arguments');
    },
  },
  {
    says: 'a second handler for a channel throws',
    source: source('lib/browser/ipc-main-impl.ts'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ ipcMain }) => {
        try {
          ipcMain.handle('echo', () => 1);
          return '';
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toBe("Error: Attempted to register a second handler for 'echo'");
    },
  },
  {
    says: 'handleOnce() answers once, and removeHandler() makes room for another',
    source: docs('api/ipc-main#ipcmainhandleoncechannel-listener'),
    async check({ shell, page }) {
      await shell.evaluate(({ ipcMain }) => {
        ipcMain.handleOnce('once', () => 'first');
        ipcMain.handle('gone', () => 1);
        ipcMain.removeHandler('gone');
        ipcMain.handleOnce('gone', () => 'again');
      });
      const got = await page.evaluate(async () => [
        await window.fixture.invoke('once'),
        await window.fixture.invoke('once').catch(() => 'no handler'),
        await window.fixture.invoke('gone'),
      ]);
      expect(got).toEqual(['first', 'no handler', 'again']);
    },
  },
];

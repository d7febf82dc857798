import { expect } from '@playwright/test';
import { docs, source, type Fact } from './fact.ts';

/** Pages of a scheme of the app's own, and where they may go. */
export const pageFacts: readonly Fact[] = [
  {
    says: 'the handler of a scheme serves its pages, and the main process sees them under their own address',
    source: docs('api/protocol#protocolhandlescheme-handler'),
    async check({ shell }) {
      const url = await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
      expect(url).toBe('app://fixture/index.html');
    },
  },
  {
    says: 'a scheme that is registered as secure makes a secure context',
    source: docs('api/structures/custom-scheme'),
    async check({ page }) {
      expect(await page.evaluate(() => window.isSecureContext)).toBe(true);
    },
  },
  {
    says: 'the content security policy of the handler is enforced by Chromium: no inline script runs',
    source: docs('tutorial/security#7-define-a-content-security-policy'),
    async check({ page }) {
      const got = await page.evaluate(
        () =>
          new Promise<unknown[]>((resolve) => {
            document.addEventListener(
              'securitypolicyviolation',
              (event) => resolve([event.effectiveDirective, typeof Reflect.get(window, 'wasInline')]),
              { once: true },
            );
            const script = document.createElement('script');
            script.textContent = 'window.wasInline = true';
            document.body.append(script);
          }),
      );
      expect(got).toEqual(['script-src-elem', 'undefined']);
    },
  },
  {
    says: 'and no request leaves for an origin that it does not name',
    source: docs('tutorial/security#7-define-a-content-security-policy'),
    async check({ page }) {
      const got = await page.evaluate(async () => {
        const violated = new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          });
        });
        const failed = await fetch('https://example.com/').catch(() => 'failed');
        return [failed, await violated];
      });
      expect(got).toEqual(['failed', 'connect-src']);
    },
  },
  {
    says: 'the handler is given the method, the headers and the body of a request',
    source: docs('api/protocol#protocolhandlescheme-handler'),
    async check({ page }) {
      const got = await page.evaluate(async () => {
        const response = await fetch('/echo?a=1', { method: 'POST', body: 'hello', headers: { 'x-fixture': 'yes' } });
        const value: unknown = await response.json();
        return value;
      });
      expect(got).toEqual({ url: 'app://fixture/echo?a=1', method: 'POST', body: 'hello', header: 'yes' });
    },
  },
  {
    says: 'the status of the handler is that of the response',
    source: docs('api/protocol#protocolhandlescheme-handler'),
    async check({ page }) {
      expect(await page.evaluate(async () => (await fetch('/nothing')).status)).toBe(404);
    },
  },
  {
    says: 'a handler that throws fails the request',
    source: source('lib/browser/api/protocol.ts'),
    async check({ page }) {
      const got = await page.evaluate(() => fetch('/broken').catch((error: unknown) => error instanceof TypeError));
      expect(got).toBe(true);
    },
  },
  {
    says: 'and makes loadURL() reject with ERR_UNEXPECTED',
    source: source('lib/browser/api/protocol.ts'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      const got = await shell.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]
          ?.loadURL('app://fixture/broken')
          .catch((error: Error) => error.message),
      );
      expect(got).toBe("ERR_UNEXPECTED (-9) loading 'app://fixture/broken'");
    },
  },
  {
    says: 'a redirect of the handler is followed',
    source: docs('api/protocol#protocolhandlescheme-handler'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      const url = await shell.evaluate(async ({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        await window?.loadURL('app://fixture/moved');
        return window?.webContents.getURL();
      });
      expect(url).toBe('app://fixture/second.html');
    },
  },
  {
    says: 'will-redirect is told where a redirect leads, and may prevent it',
    source: docs('api/web-contents#event-will-redirect'),
    async check({ launch }) {
      const shell = await launch();
      const page = await shell.page('index.html');
      await shell.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.on('will-redirect', (event) => {
          globalThis.fixture.events.push(event.url);
          event.preventDefault();
        });
      });
      await page.evaluate(() => {
        location.href = '/moved';
      });
      await expect.poll(() => shell.evaluate(() => globalThis.fixture.events)).toContain('app://fixture/second.html');
      await expect(page).toHaveTitle('Fixture');
    },
  },
  {
    says: 'registerSchemesAsPrivileged() throws once the app is ready',
    source: source('shell/browser/api/electron_api_protocol.cc'),
    async check({ shell }) {
      const thrown = await shell.evaluate(({ protocol }) => {
        try {
          protocol.registerSchemesAsPrivileged([]);
          return '';
        } catch (error) {
          return String(error);
        }
      });
      expect(thrown).toContain('should be called before app is ready');
    },
  },
  {
    says: 'a second handler for a scheme throws, and unhandle() makes room for another',
    source: source('lib/browser/api/protocol.ts'),
    async check({ shell }) {
      const got = await shell.evaluate(({ protocol }) => {
        const answer = (): Response => new Response('x');
        protocol.handle('other', answer);
        let thrown = '';
        try {
          protocol.handle('other', answer);
        } catch (error) {
          thrown = String(error);
        }
        const before = protocol.isProtocolHandled('other');
        protocol.unhandle('other');
        return [thrown, before, protocol.isProtocolHandled('other')];
      });
      expect(got).toEqual(['Error: Failed to register protocol: other', true, false]);
    },
  },
  {
    says: 'net.fetch() asks the handler of a scheme, too',
    source: docs('api/net#netfetchinput-init'),
    async check({ shell }) {
      const text = await shell.evaluate(async ({ net }) => (await net.fetch('app://fixture/page.js')).text());
      expect(text).toContain('pageGlobal');
    },
  },
  {
    says: 'net.fetch() of a file that is not there rejects',
    source: docs('api/net#netfetchinput-init'),
    async check({ shell }) {
      const got = await shell.evaluate(({ net }) =>
        net.fetch('file:///no/such/file').then(
          () => '',
          (error: Error) => error.message,
        ),
      );
      expect(got).toBe('net::ERR_FILE_NOT_FOUND');
    },
  },
  {
    says: 'a click on a link asks will-navigate, which may keep the page where it is',
    source: docs('api/web-contents#event-will-navigate'),
    async check({ launch }) {
      const shell = await launch();
      const page = await shell.page('index.html');
      await shell.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.on('will-navigate', (event) => {
          globalThis.fixture.events.push(event.url);
          event.preventDefault();
        });
      });
      await page.click('#away');
      await expect.poll(() => shell.evaluate(() => globalThis.fixture.events)).toContain('https://example.com/');
      await expect(page).toHaveTitle('Fixture');
    },
  },
  {
    says: 'loadURL() does not ask will-navigate',
    source: docs('api/web-contents#event-will-navigate'),
    async check({ launch }) {
      const shell = await launch();
      await shell.page('index.html');
      const got = await shell.evaluate(async ({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        let asked = 0;
        window?.webContents.on('will-navigate', () => (asked += 1));
        await window?.loadURL('app://fixture/second.html');
        return [asked, window?.webContents.getTitle()];
      });
      expect(got).toEqual([0, 'Second']);
    },
  },
  {
    says: 'window.open() asks the handler with the address; denied, it gives no window',
    source: docs('api/web-contents#contentssetwindowopenhandlerhandler'),
    async check({ launch }) {
      const shell = await launch();
      const page = await shell.page('index.html');
      await shell.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.setWindowOpenHandler(({ url }) => {
          globalThis.fixture.events.push(url);
          return { action: 'deny' };
        });
      });
      await page.click('#popup');
      await expect.poll(() => shell.evaluate(() => globalThis.fixture.events)).toContain('https://example.com/popup');
      expect(await shell.windows()).toHaveLength(1);
    },
  },
];

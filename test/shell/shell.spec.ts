/** What the shell does around its screens: windows, popover, guard, notifications, login, power. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { faults } from '../emulator/emulator.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { askFrom, startApp, type AppWorld } from './app-world.ts';

let app: AppWorld;

test.beforeEach(async () => {
  app = await startApp();
  await app.window();
});

test.afterEach(async () => {
  await app[Symbol.asyncDispose]();
});

/** Takes a login of kiro-cli into the pool as a screen does. */
async function addAccount(id: string): Promise<void> {
  const account = app.emulator.addAccount({ id, kind: 'social', email: `${id}@example.com`, plan: 'pro' });
  writeCliStore(app.kiroCliStore, [{ account, login: account.newLogin() }]);
  const page = await app.window();
  const reply = await askFrom(page, 'accounts.import', { from: 'kiro-cli', path: app.kiroCliStore });
  expect(reply).toMatchObject({ ok: true, result: [{ result: 'added' }] });
}

test('a click on the tray shows the popover, another one hides it @double', async () => {
  const { shell } = app;
  const popover = async (): Promise<boolean | undefined> =>
    (await shell.windows()).find(({ url }) => url.includes('popover'))?.isVisible;
  await shell.page(/popover/);
  expect(await popover()).toBe(false);
  await shell.control((controls) => controls.clickTray('click'));
  await expect.poll(popover).toBe(true);
  await shell.control((controls) => controls.clickTray('click'));
  await expect.poll(popover).toBe(false);
});

test('a click that takes the focus from the popover, as on Windows, hides it and does not bring it back @double', async () => {
  const { shell } = app;
  await shell.page(/popover/);
  await shell.control((controls) => controls.clickTray('click'));
  await shell.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('popover')) window.emit('blur');
  });
  await shell.control((controls) => controls.clickTray('click'));
  const shown = (await shell.windows()).filter(({ url, isVisible }) => isVisible && url.includes('popover'));
  expect(shown).toEqual([]);
});

test('a closed window leaves the app serving, and a second start brings it back @double', async () => {
  const { shell } = app;
  await app.window();
  await shell.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('index')) window.close();
  });
  await expect.poll(async () => (await shell.windows()).some(({ url }) => url.includes('index'))).toBe(false);
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
  await shell.control((controls) => controls.secondInstance([]));
  await expect.poll(async () => (await shell.windows()).some(({ url }) => url.includes('index'))).toBe(true);
});

test('screens cannot leave, open windows, get permissions or reach the network @double', async () => {
  const { shell } = app;
  const page = await app.window();
  const before = page.url();
  await page.evaluate(() => {
    window.open('https://example.com/');
    window.location.href = 'https://example.com/';
  });
  expect(
    await page.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      ),
    ),
  ).toBe('refused');
  expect(page.url()).toBe(before);
  expect(await shell.control((controls) => controls.openedUrls())).toEqual([]);
  expect(await shell.control((controls) => controls.askPermission('media'))).toBe(false);
  expect(await shell.control((controls) => controls.checkPermission('geolocation', 'app://kiro-pool'))).toBe(false);
  const reply = await askFrom(page, 'desktop.openUrl', { url: 'file:///etc/passwd' });
  expect(reply).toMatchObject({ ok: false, error: { code: 'page-not-known' } });
  expect(await shell.control((controls) => controls.openedUrls())).toEqual([]);
});

test('a screen gets no secret, whatever it asks for, and a bad question is an answer in words', async () => {
  const page = await app.window();
  const ask = (question: string, input: unknown): Promise<unknown> => askFrom(page, question, input);
  for (const question of ['keys.show', 'keys.create', 'accounts.addKey', 'backup.create', '__proto__', 'constructor']) {
    expect(await ask(question, { name: 'default' })).toMatchObject({ ok: false, error: { code: 'unknown-question' } });
  }
  expect(await ask('accounts.pause', { id: 7 })).toMatchObject({ ok: false, error: { code: 'wrong-input' } });
  expect(await ask('accounts.pause', { id: 'nobody' })).toMatchObject({
    ok: false,
    error: { code: 'account-not-found', message: expect.stringContaining('nobody') },
  });
});

test('an account that Kiro warned about is one notification, and a click on it shows the account @double', async () => {
  const { shell } = app;
  await addAccount('warned');
  app.emulator.inject({ on: 'generate', fault: faults.suspended });
  expect((await app.ask('Hello')).status).toBe(403);
  await expect
    .poll(() => shell.control((controls) => controls.notifications().map(({ title }) => title)))
    .toEqual(['warned@example.com is parked']);
  await shell.control((controls) => controls.clickNotification('warned@example.com is parked'));
  const page = await app.window();
  await expect(page.getByText('Kiro warned about this account', { exact: false }).first()).toBeVisible();
  const tray = await shell.control((controls) => controls.tray());
  expect(tray?.image).toContain('tray-empty');
});

test('start at login is an entry that starts the app hidden, and is taken away again @double', async () => {
  const path = join(app.home, '.config/autostart/io.github.kiro_pool.KiroPool.desktop');
  await app.shell.control((controls) => controls.chooseFromTray(['Start at login']));
  await expect.poll(() => existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toMatch(/^Exec=.* --hidden$/m);
  await expect
    .poll(
      async () =>
        (await app.shell.control((controls) => controls.tray()))?.menu.find(({ label }) => label === 'Start at login')
          ?.checked,
    )
    .toBe(true);
  await app.shell.control((controls) => controls.chooseFromTray(['Start at login']));
  await expect.poll(() => existsSync(path)).toBe(false);
});

test('at shutdown the system is asked to wait until all is on disk @double', async () => {
  expect(await app.shell.control((controls) => controls.power('shutdown'))).toBe(true);
  expect(await app.shell.exited).toBe(0);
  expect(existsSync(join(app.home, '.local/share/kiro-pool/owner.json'))).toBe(false);
});

test('the theme that the user chooses is that of every window @double', async () => {
  const page = await app.window();
  await askFrom(page, 'settings.set', { key: 'theme', value: 'dark' });
  await expect.poll(() => app.shell.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
});

/** A person who closes the window while a browser is open elsewhere. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startApp, type AppWorld } from './app-world.ts';

let app: AppWorld;

test.beforeEach(async () => {
  app = await startApp();
});

test.afterEach(async () => {
  await app[Symbol.asyncDispose]();
});

async function choose(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function beginSignIn(page: Page): Promise<void> {
  await choose(page, /^Sign in in the browser/);
  await choose(page, /^Google/);
  await page.getByRole('button', { name: 'Open the browser' }).click();
  await expect(page.getByRole('heading', { name: 'Confirm this code in your browser' })).toBeVisible();
}

/** Closes the window as its cross does. */
async function closeWindow(page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  await app.shell.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      if (window.webContents.getURL().includes('index.html')) window.close();
    }
  });
  await closed;
}

/** Opens the window at the wizard, from the tray. */
async function openAgain(): Promise<Page> {
  await app.shell.control((controls) => controls.chooseFromTray(['Add account…']));
  return app.window();
}

test('the sign-in is cancelled, and the next window says so @double', async () => {
  const page = await app.window();
  await beginSignIn(page);
  await closeWindow(page);
  const next = await openAgain();
  await expect(next.getByText('The sign-in ended when its window was closed. Nothing was added.')).toBeVisible();
  await expect(next.getByRole('heading', { name: 'How do you want to add the account?' })).toBeVisible();
});

test('kiro-cli’s sign-in goes on, is found again, and a cancel gives kiro-cli its login back @double', async () => {
  const own = app.emulator.addAccount({ kind: 'builder-id', email: 'own@example.com' });
  writeCliStore(app.kiroCliStore, [{ account: own, login: own.newLogin() }]);
  const before = readFileSync(app.kiroCliStore);
  const page = await app.window();
  await choose(page, /^Sign in with the real kiro-cli/);
  await choose(page, /^GitHub/);
  await page.getByRole('button', { name: 'Start kiro-cli' }).click({ timeout: 15_000 });
  await expect(page.getByText('Waiting for you to confirm it.')).toBeVisible({ timeout: 15_000 });
  await closeWindow(page);
  const next = await openAgain();
  await expect(next.getByText('This sign-in went on while the window was closed.')).toBeVisible();
  await expect(next.getByText('Sign kiro-cli out for the moment (an AWS Builder ID)')).toBeVisible();
  await next.getByRole('button', { name: 'Cancel sign-in' }).click();
  await next.getByRole('dialog').getByRole('button', { name: 'Cancel sign-in' }).click();
  await expect(next.getByText('The sign-in was cancelled, and kiro-cli is again as it was.')).toBeVisible({
    timeout: 15_000,
  });
  expect(readFileSync(app.kiroCliStore).equals(before)).toBe(true);
});

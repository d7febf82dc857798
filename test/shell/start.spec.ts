/** Starts that go wrong end with words, or go on as well as they can. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startApp } from './app-world.ts';

test('an address that other machines reach is not served by the app, which starts all the same and says so @double', async () => {
  const app = await startApp({
    prepare: (home) => {
      const path = join(home, '.local/share/kiro-pool/settings.json');
      const settings: object = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({ ...settings, host: '0.0.0.0' }));
    },
  });
  try {
    const page = await app.window();
    await page.goto(page.url().replace(/#.*/, '#overview'));
    await expect(page.getByText('The app serves on 127.0.0.1 and not on 0.0.0.0')).toBeVisible();
    expect((await fetch(`${app.url}/health`)).status).toBe(200);
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a folder that cannot be used ends the app with words, and not as a process that nobody sees @double', async () => {
  const app = await startApp({
    env: { KIRO_POOL_DATA_DIR: '/dev/null/pool' },
  });
  try {
    expect(await app.shell.exited).toBe(1);
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a data folder that is not there yet is made, for this user alone, and served from @double', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'kiro-pool-new-'));
  const folder = join(parent, 'pools/work');
  const app = await startApp({ env: { KIRO_POOL_DATA_DIR: folder } });
  try {
    expect(await app.key()).toMatch(/^kp-/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  } finally {
    await app[Symbol.asyncDispose]();
    rmSync(parent, { recursive: true, force: true });
  }
});

test('a popover whose process has gone is made anew @double', async () => {
  const app = await startApp();
  try {
    await app.popover();
    await app.shell.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows())
        if (window.webContents.getURL().includes('popover')) window.webContents.emit('render-process-gone');
    });
    const isThere = async (): Promise<boolean> =>
      (await app.shell.windows()).some(({ url }) => url.includes('popover'));
    await expect.poll(isThere).toBe(false);
    await app.shell.control((controls) => controls.clickTray('click'));
    await expect.poll(isThere).toBe(true);
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

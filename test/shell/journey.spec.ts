/**
 * A person's first day with the app, through the real shell, bridge and screens: every way in, a tool set up, requests that
 * appear as they come, an account that cools down and comes back, the tray, and the end of it all.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { openEngine } from '../../app/engine.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { faults, type Emulator } from '../emulator/emulator.ts';
import { startApp, write, type AppWorld } from './app-world.ts';

test.describe.configure({ mode: 'serial' });

const openCodeConfig = `{
  // My own settings
  "theme": "system", // stays
  "provider": {
    "local": { "name": "Local" },
  },
}
`;
const passphrase = 'correct horse battery staple';

let app: AppWorld;
let page: Page;

test.beforeAll(async () => {
  app = await startApp({
    isFirstRun: true,
    prepare: (home) => write(join(home, '.config/opencode/opencode.json'), openCodeConfig),
  });
  page = await app.window();
});

test.afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

async function accept(name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).click();
}

async function choose(name: string | RegExp): Promise<void> {
  await page.getByRole('radio', { name }).check();
  await accept('Continue');
}

/** Chooses a line of the tray's menu once it is there: what was done just before may still be on its way to it. */
async function chooseFromTray(label: string | RegExp): Promise<void> {
  await expect(async () => {
    await app.shell.control((controls, wanted) => controls.chooseFromTray([wanted]), label);
  }).toPass();
}

async function newAccount(): Promise<void> {
  await page.goto(page.url().replace(/#.*/, '#overview'));
  await page.getByRole('link', { name: 'Add account' }).first().click();
  await expect(page.getByRole('heading', { name: 'How do you want to add the account?' })).toBeVisible();
}

test('the first run tells the risks, and goes on to the wizard once they are accepted', async () => {
  await expect(page.getByRole('heading', { name: 'The risks, in four sentences' })).toBeVisible();
  await accept('I understand the risks');
  await expect(page.getByRole('heading', { name: 'How do you want to add the account?' })).toBeVisible();
});

test('a sign-in in the browser: the kind first, then the code, then the account', async () => {
  const { emulator, shell } = app;
  emulator.addAccount({ id: 'work', kind: 'social', provider: 'google', email: 'work@example.com', plan: 'pro' });
  await choose(/Sign in in the browser/);
  expect(await shell.control((controls) => controls.openedUrls())).toEqual([]);
  await choose(/^Google/);
  await accept('Open the browser');
  await expect(page.getByRole('heading', { name: 'Confirm this code in your browser' })).toBeVisible();
  await expect.poll(() => shell.control((controls) => controls.openedUrls())).toHaveLength(1);
  await app.confirm('work');
  await expect(page.getByRole('heading', { name: 'The account is in the pool' })).toBeVisible();
  await expect(page.getByText('work@example.com').first()).toBeVisible();
  await page.getByLabel('Name').fill('Work');
  await accept('Save name');
  await expect(page.getByText('Name saved.')).toBeVisible();
});

test('OpenCode is set up from there, with the diff shown first and every comment kept', async () => {
  const path = join(app.home, '.config/opencode/opencode.json');
  await expect(page.getByText('kiro-pool').first()).toBeVisible();
  expect(readFileSync(path, 'utf8')).toBe(openCodeConfig);
  await accept('Write these changes');
  await expect(page.getByText('OpenCode is set up')).toBeVisible();
  const written = readFileSync(path, 'utf8');
  expect(written).toContain('// My own settings');
  expect(written).toContain('"local": { "name": "Local" }');
  expect(written).toContain('"kiro-pool"');
  expect(written).toContain(app.url);
  expect(written).not.toContain(await app.key());
});

test('the login of kiro-cli is forked, after its risk was told, and kiro-cli is asked afterwards', async () => {
  const own = app.emulator.addAccount({ id: 'own', kind: 'builder-id', email: 'own@example.com', plan: 'pro' });
  writeCliStore(app.kiroCliStore, [{ account: own, login: own.newLogin() }]);
  await newAccount();
  await choose(/Take the login of kiro-cli/);
  await expect(page.getByRole('heading', { name: 'Which login shall the pool take?' })).toBeVisible();
  await choose(/AWS Builder ID, from kiro-cli/);
  await expect(page.getByText('It may ask you to sign in again')).toBeVisible();
  await accept('Take the login');
  await expect(page.getByRole('heading', { name: 'The account is in the pool' })).toBeVisible();
  await expect(page.getByText('own@example.com').first()).toBeVisible();
  await expect(page.getByText(/kiro-cli is (still signed in|signed out)/)).toBeVisible();
  expect(app.emulator.statistics().reusedRefreshTokens).toBe(0);
});

test('the real kiro-cli makes a login, and has its own back afterwards', async () => {
  app.emulator.addAccount({
    id: 'client',
    kind: 'social',
    provider: 'github',
    email: 'client@example.com',
    plan: 'pro',
  });
  const before = readFileSync(app.kiroCliStore);
  await newAccount();
  await choose(/Sign in with the real kiro-cli/);
  await choose(/^GitHub/);
  await expect(page.getByText(/kiro-cli is signed in as/)).toBeVisible({ timeout: 15_000 });
  await accept('Start kiro-cli');
  await expect(page.getByText('Waiting for you to confirm it.')).toBeVisible({ timeout: 15_000 });
  await app.confirm('client');
  await expect(page.getByRole('heading', { name: 'The account is in the pool' })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText('kiro-cli is again as it was; the new login is the pool’s alone.')).toBeVisible();
  expect(readFileSync(app.kiroCliStore).equals(before)).toBe(true);
});

test('an API key goes from the clipboard into the pool, past every screen', async () => {
  const { emulator, shell } = app;
  const robot = emulator.addAccount({ id: 'robot', kind: 'api-key', email: 'robot@example.com', plan: 'pro' });
  await newAccount();
  await choose(/Kiro API key/);
  await accept('Add from clipboard');
  await expect(page.getByText('There is no Kiro API key on the clipboard.').first()).toBeVisible();
  await accept('Try again');
  await shell.control((controls, key) => controls.setClipboardText(key), robot.apiKey ?? '');
  await accept('Add from clipboard');
  await expect(page.getByRole('heading', { name: 'The account is in the pool' })).toBeVisible();
  expect(await shell.control((controls) => controls.clipboardText())).toBe('');
});

test('a backup brings its accounts along', async () => {
  const path = await backupOf(app.emulator, join(app.home, 'elsewhere'));
  await newAccount();
  await choose(/Backup of Kiro Pool/);
  await page.getByLabel('Passphrase of the backup').fill(passphrase);
  await app.shell.control((controls, file) => controls.answerDialogs([{ kind: 'open', filePaths: [file] }]), path);
  await accept('Choose the file…');
  await expect(page.getByRole('heading', { name: 'Restored' })).toBeVisible();
  await expect(page.getByText('Added').first()).toBeVisible();
});

/** What another machine has saved: one account. */
async function backupOf(emulator: Emulator, folder: string): Promise<string> {
  const account = emulator.addAccount({ id: 'other', kind: 'social', email: 'other@example.com', plan: 'pro' });
  write(join(folder, 'endpoints.json'), JSON.stringify(emulator.endpoints));
  const store = join(folder, 'kiro-cli.sqlite3');
  writeCliStore(store, [{ account, login: account.newLogin() }]);
  const env = { KIRO_POOL_ENDPOINTS: join(folder, 'endpoints.json'), HOME: folder };
  const engine = await openEngine({ dataDir: join(folder, 'pool'), env, log: () => undefined });
  await engine.handlers['accounts.import']({ from: 'kiro-cli', path: store });
  const { text } = await engine.handlers['backup.create']({ passphrase });
  await engine.close();
  const path = join(folder, 'pool.backup');
  writeFileSync(path, text);
  return path;
}

test('requests appear as they come, in the window and in the popover', async () => {
  await page.goto(page.url().replace(/#.*/, '#requests'));
  expect(await app.ask('Say exactly PONG')).toMatchObject({ status: 200, text: expect.stringContaining('PONG') });
  await expect(page.getByRole('row').filter({ hasText: 'claude-sonnet-5' })).toHaveCount(1);
  const popover = await app.popover();
  await expect(popover.getByText('claude-sonnet-5')).toBeVisible();
});

test('an account that is asked to wait counts down, and comes back by itself', async () => {
  await chooseFromTray(/^Work ·/);
  app.emulator.inject({ on: 'generate', account: 'work', times: 'always', fault: faults.rateLimit });
  const refused = await app.ask('Say exactly PONG', 'pinned');
  expect(refused.status).toBe(429);
  app.emulator.clear();
  await page.goto(page.url().replace(/#.*/, '#overview'));
  await expect(page.getByText(/Cooling down \d+:\d\d/)).toBeVisible();
  const tray = await app.shell.control((controls) => controls.tray());
  expect(tray?.menu.find(({ label }) => label.startsWith('Work'))).toMatchObject({
    enabled: false,
    label: expect.stringMatching(/cooling down until \d\d:\d\d/),
  });
  expect(tray?.image).toContain('tray-low');
  await app.sleep(61_000);
  await expect(page.getByText(/Cooling down/)).toBeHidden();
  await expect.poll(async () => (await app.shell.control((controls) => controls.tray()))?.image).toContain('tray-fine');
  expect((await app.ask('Say exactly PONG', 'pinned')).status).toBe(200);
});

test('account and strategy are switched in the tray, and the window says the same', async () => {
  const { shell } = app;
  await chooseFromTray(/^own@example.com ·/);
  await expect(page.getByText('Only own@example.com serves: it is pinned')).toBeVisible();
  await chooseFromTray('Auto');
  await chooseFromTray('Drain');
  await expect(page.getByRole('radio', { name: /Drain/ })).toBeChecked();
  const lines = (await shell.control((controls) => controls.tray()))?.menu ?? [];
  expect(lines.filter(({ checked }) => checked).map(({ label }) => label)).toEqual(['Auto', 'Drain']);
});

test('pausing in the tray refuses requests in words, until it is resumed', async () => {
  await chooseFromTray('Pause');
  await expect.poll(async () => (await app.ask('Hello')).status).toBe(503);
  expect((await app.ask('Hello')).text).toContain('paused');
  await chooseFromTray('Resume');
  await expect.poll(async () => (await app.ask('Say exactly PONG')).status).toBe(200);
});

test('quitting ends everything, and no secret was in any message between shell and screens', async () => {
  const { shell, emulator } = app;
  const key = await app.key();
  const messages = JSON.stringify(await shell.control((controls) => controls.ipc()));
  const output = shell.output();
  expect(messages.length).toBeGreaterThan(10_000);
  for (const secret of [...emulator.issuedSecrets(), emulator.account('robot').apiKey ?? '', key]) {
    expect(messages.includes(secret), 'a secret crossed to a screen').toBe(false);
    expect(output.includes(secret), 'a secret was printed').toBe(false);
  }
  await shell.control((controls) => controls.chooseFromTray(['Quit'])).catch(() => undefined);
  expect(await shell.exited).toBe(0);
  await expect(fetch(`${app.url}/health`)).rejects.toThrow();
  expect(existsSync(join(app.home, '.local/share/kiro-pool/owner.json'))).toBe(false);
});

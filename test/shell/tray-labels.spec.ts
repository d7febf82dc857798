/** Names that would be more than names in a menu: an account is called whatever Kiro or a person calls it. */
import { expect, test } from '@playwright/test';
import * as v from 'valibot';
import { writeCliStore } from '../emulator/cli-store.ts';
import { askFrom, startApp, type AppWorld } from './app-world.ts';

let app: AppWorld;

test.beforeAll(async () => {
  app = await startApp();
  await app.window();
});

test.afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** What Kiro says an account's address is, and its name in the menu. */
const told = [
  ['two\nlines\r\nand a third\u2028and a fourth', 'two lines  and a third and a fourth'],
  ['\u202etiuQ\u202c \u2066isolated\u2069@example.com', ' tiuQ   isolated @example.com'],
  [`long${'x'.repeat(10_000)}@example.com`, `long${'x'.repeat(56)}`],
  [`zalgo${'\u0301'.repeat(500)}`, `zalgo${'\u0301'.repeat(55)}`],
  ['&Quit && R&D _and_ so on\ttab', '&Quit && R&D _and_ so on tab'],
] as const;
const shownNames = told.map(([, shown]) => shown);

test('an account with any name is one short line of the menu, and a click on it chooses that account @double', async () => {
  for (const [index, [email]] of told.entries()) await addAccount(`told-${index}`, email);
  await expect.poll(async () => (await accountLines()).map((line) => line.split(' · ')[0])).toEqual(shownNames);
  for (const [email, shown] of told) {
    const line = (await accountLines()).find((each) => each.startsWith(`${shown} · `)) ?? '';
    await app.shell.control((controls, label) => controls.chooseFromTray([label]), line);
    await expect.poll(async () => (await accounts()).find(({ pinned }) => pinned)?.email).toBe(email);
  }
});

test('and so is one that a person named so @double', async () => {
  await addAccount('named', 'named@example.com');
  const id = (await accounts()).find(({ email }) => email === 'named@example.com')?.id;
  await askFrom(await app.window(), 'accounts.label', { id, label: 'R&D\n&Quit\u202e\u001b[2J' });
  await expect.poll(accountLines).toContainEqual(expect.stringContaining('R&D &Quit  [2J · '));
});

async function addAccount(id: string, email: string): Promise<void> {
  const account = app.emulator.addAccount({ id, kind: 'social', email, plan: 'pro' });
  writeCliStore(app.kiroCliStore, [{ account, login: account.newLogin() }]);
  const imported = await askFrom(await app.window(), 'accounts.import', { from: 'kiro-cli', path: app.kiroCliStore });
  expect(imported).toMatchObject({ ok: true, result: [{ result: 'added' }] });
}

const list = v.object({ result: v.array(v.object({ id: v.string(), email: v.string(), pinned: v.boolean() })) });

async function accounts(): Promise<v.InferOutput<typeof list>['result']> {
  return v.parse(list, await askFrom(await app.window(), 'accounts.list', {})).result;
}

/** The lines of accounts, as a person reads them. */
async function accountLines(): Promise<string[]> {
  const menu = (await app.shell.control((controls) => controls.tray()))?.menu ?? [];
  return menu.flatMap(({ type, label }) => (type === 'radio' && label.includes(' · ') ? [label] : []));
}

import { expect, stateOf, test } from './screen-test.ts';
import { failed, ok } from './state.ts';
import { askedOf, settle } from './stub-bridge.ts';
import { openCodePlan } from './states/clients.ts';
import { checks, report } from './states/doctor.ts';
import { list } from './states/settings.ts';
import { account, emptySnapshot, parked, signedOut, snapshot } from './sample.ts';

test.describe('a coding tool', () => {
  test('is set up with what was shown, and its cheap model only when that was ticked', async ({ page, show }) => {
    const applied = ok({ ...openCodePlan, backups: [] });
    const state = stateOf('clients-list');
    await show({ ...state, answers: { ...state.answers, 'clients.apply': applied, 'clients.undo': ok(openCodePlan) } });
    await page.getByRole('link', { name: 'Show settings OpenCode' }).press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Set up OpenCode' })).toBeFocused();
    // It begins with what the tool was set up with.
    await expect(page.getByLabel('Model to start with')).toHaveValue('claude-sonnet-4.5');
    const name = 'opencode';
    await expect.poll(() => askedOf(page, 'clients.preview')).toEqual([{ name, model: 'claude-sonnet-4.5' }]);
    const model = 'claude-haiku-4.5';
    await page.getByLabel('Model to start with').selectOption('Claude Haiku 4.5');
    await expect.poll(() => askedOf(page, 'clients.preview')).toContainEqual({ name, model });
    expect(await askedOf(page, 'clients.apply')).toEqual([]);
    await page.getByRole('checkbox', { name: /cheap model/ }).check();
    await page.getByRole('button', { name: 'Write these changes' }).press('Enter');
    await expect(page.locator(':focus')).toContainText('OpenCode is set up');
    expect(await askedOf(page, 'clients.apply')).toEqual([{ name, model, smallModel: 'claude-haiku-4.5' }]);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect(page.locator(':focus')).toContainText('OpenCode is as before');
    expect(await askedOf(page, 'clients.undo')).toEqual([{ name }]);
  });

  test('shows each line that changes with its sign and its numbers, for ears as well', async ({ page, show }) => {
    await show(stateOf('clients-set-up'));
    const diff = page.getByRole('region', { name: /^Changes in/ });
    const text = await diff.getByRole('row').nth(5).innerText();
    expect(text.trim().split(/\s+/).slice(0, 3)).toEqual(['5', '+', 'added']);
    await expect(diff.getByRole('row', { name: 'removed' })).toHaveCount(1);
    await diff.focus();
    await page.keyboard.press('End');
    await expect.poll(() => diff.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
  });

  test('leads to the wizard where there is no account to use', async ({ page, show }) => {
    await show({ ...stateOf('clients-no-models'), snapshot: emptySnapshot });
    await page.getByRole('link', { name: 'Add account' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'How do you want to add the account?' })).toBeFocused();
  });

  test('whose config cannot be read is left alone', async ({ page, show }) => {
    await show(stateOf('clients-list'));
    await expect(page.getByText('The file is left exactly as it is.')).toBeVisible();
    await expect(page.getByRole('link', { name: /Continue/ })).toHaveCount(0);
    await show(stateOf('clients-broken'));
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name: 'Set up Continue' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Write these changes' })).toHaveCount(0);
    expect(await askedOf(page, 'clients.preview')).toEqual([]);
  });

  test('is undone only after a second question', async ({ page, show }) => {
    await show(stateOf('clients-undo'));
    expect(await askedOf(page, 'clients.undo')).toEqual([]);
    await page.evaluate((plan) => window.stub.answer({ 'clients.undo': plan }), ok(openCodePlan));
    await page.getByRole('button', { name: 'Undo set-up' }).press('Enter');
    await expect.poll(() => askedOf(page, 'clients.undo')).toEqual([{ name: 'opencode' }]);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Undo OpenCode' })).toBeFocused();
  });

  test('keeps what was chosen when writing fails, and says why', async ({ page, show }) => {
    const state = stateOf('clients-set-up');
    const refusal = failed('The file cannot be written.', 'See who owns it.');
    await show({ ...state, answers: { ...state.answers, 'clients.apply': refusal } });
    await page.getByRole('button', { name: 'Write these changes' }).click();
    await expect(page.getByText('See who owns it.')).toBeVisible();
    await expect(page.getByRole('checkbox', { name: /cheap model/ })).toBeChecked();
  });
});

test.describe('the doctor', () => {
  test('leads to the wizard where an account is missing or its login is gone, not where it is parked', async ({
    page,
    show,
  }) => {
    const toWizard = page.getByRole('link', { name: /^(?:Sign in again|Add account)/ });
    const fault = { status: 'failed', detail: 'No.', fix: 'Mend it.', action: null, actionLabel: null } as const;
    const accounts = [account('fine', {}), parked, signedOut];
    const logins = accounts.map(({ label }) => ({ ...fault, name: `Account ${label}` }));
    const state = stateOf('doctor-problems');
    await show({
      ...state,
      snapshot: { ...snapshot, accounts },
      answers: { doctor: ok([...logins, { ...fault, name: 'Models' }]) },
    });
    await expect(toWizard).toHaveCount(2);
    await expect(page.getByRole('link', { name: `Sign in again: Account ${signedOut.label}` })).toBeVisible();
    await show({ ...state, snapshot: emptySnapshot, answers: { doctor: ok([{ ...fault, name: 'Accounts' }]) } });
    await page.reload();
    await toWizard.click();
    await expect(page.getByRole('heading', { level: 1, name: 'How do you want to add the account?' })).toBeFocused();
  });

  test('mends what it can with a button, and shows what it then found', async ({ page, show }) => {
    await show(stateOf('doctor-fixing'));
    expect(await askedOf(page, 'doctor.fix')).toEqual([{ action: 'client:opencode' }]);
    await settle(page, 'doctor.fix', ok(checks.filter(({ name }) => name !== 'OpenCode')));
    await expect(page.getByText('One thing does not work, one is worth a look.')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Set up again/ })).toHaveCount(0);
  });

  test('saves a report exactly as it was read', async ({ page, show }) => {
    const state = stateOf('doctor-report');
    await show({ ...state, answers: { ...state.answers, 'desktop.saveText': ok({ path: '/home/ada/report.txt' }) } });
    await expect(page.getByRole('region', { name: 'Text of the report' })).toHaveText(report);
    expect(await askedOf(page, 'desktop.saveText')).toEqual([]);
    await page.getByRole('button', { name: 'Save…' }).click();
    await expect(page.getByText('Saved as /home/ada/report.txt')).toBeVisible();
    expect(await askedOf(page, 'desktop.saveText')).toEqual([{ suggestedName: 'kiro-pool-report.txt', text: report }]);
  });
});

test.describe('settings', () => {
  test('say at the field what the engine refuses, and keep what was typed', async ({ page, show }) => {
    await show(stateOf('settings-refused'));
    const port = page.getByRole('textbox', { name: 'Port' });
    await expect(port).toHaveAccessibleDescription(/must be a whole number from 1 to 65535/);
    await expect(port).toHaveValue('80000');
    expect(await askedOf(page, 'settings.set')).toEqual([{ key: 'port', value: '80000' }]);
  });

  test('are sent as the engine reads them, by every kind of control', async ({ page, show }) => {
    const state = stateOf('settings-all');
    const [any] = list;
    if (!any) throw new Error('There are no settings.');
    await show({ ...state, answers: { ...state.answers, 'settings.set': ok(any) } });
    await page.getByRole('switch', { name: 'Notifications' }).press('Space');
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.getByLabel('Pinned account').selectOption('None: the strategy chooses');
    await page.getByLabel('HTTP proxy').fill('http://proxy.example:3128');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => askedOf(page, 'settings.set'))
      .toEqual([
        { key: 'notifications', value: 'false' },
        { key: 'theme', value: 'dark' },
        { key: 'pinned', value: 'none' },
        { key: 'proxyUrl', value: 'http://proxy.example:3128' },
      ]);
  });

  test('make a key that goes to the clipboard and to no screen, and revoke one after a second question', async ({
    page,
    show,
  }) => {
    const state = stateOf('settings-all');
    const done = ok({});
    await show({
      ...state,
      answers: { ...state.answers, 'desktop.createKey': done, 'keys.revoke': done, 'desktop.copyKey': done },
    });
    await page.getByLabel('Name of the new key').press('Enter');
    await expect(page.getByText('Give it a name first.')).toBeVisible();
    await page.getByLabel('Name of the new key').fill('website');
    await page.keyboard.press('Enter');
    await expect(page.getByText('website was created and copied.')).toBeVisible();
    await page.getByRole('button', { name: 'Copy key default' }).click();
    await page.getByRole('button', { name: 'Revoke key blog-engine' }).click();
    expect(await askedOf(page, 'keys.revoke')).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
    await expect.poll(() => askedOf(page, 'keys.revoke')).toEqual([{ name: 'blog-engine' }]);
    expect(await askedOf(page, 'desktop.createKey')).toEqual([{ name: 'website' }]);
    expect(await askedOf(page, 'desktop.copyKey')).toEqual([{ name: 'default' }]);
  });

  test('save a backup only with a passphrase that was typed twice', async ({ page, show }) => {
    const state = stateOf('settings-backup');
    const saved = ok({ path: '/home/ada/pool.backup', left: ['the account "Old"'] });
    await show({ ...state, answers: { ...state.answers, 'desktop.saveBackup': saved } });
    await expect(page.getByText('The two are not the same.')).toBeVisible();
    expect(await askedOf(page, 'desktop.saveBackup')).toEqual([]);
    await expect(page.getByRole('meter', { name: 'Strength of the passphrase' })).toHaveAttribute(
      'aria-valuetext',
      /^Fair/,
    );
    await page.getByLabel('Passphrase, once more').fill('correct horse battery');
    await page.keyboard.press('Enter');
    await expect(
      page.getByText('Left out, since they cannot be opened on this machine: the account "Old".'),
    ).toBeVisible();
    expect(await askedOf(page, 'desktop.saveBackup')).toEqual([{ passphrase: 'correct horse battery' }]);
    await expect(page.getByLabel('Passphrase', { exact: true })).toHaveValue('');
  });

  test('open at the part that was asked for', async ({ page, show }) => {
    await show({ ...stateOf('settings-all'), route: 'settings/keys' });
    await expect(page.getByRole('heading', { name: 'Keys of the endpoint' })).toBeInViewport();
  });

  test('have no way to show a secret in a browser', async ({ page, show }) => {
    await show(stateOf('settings-in-browser'));
    await expect(page.getByRole('button', { name: /copy/i })).toHaveCount(0);
    await expect(page.getByLabel('Passphrase')).toHaveCount(0);
    await expect(page.getByText('kiro-pool backup FILE')).toBeVisible();
  });
});

import type { Page } from '@playwright/test';
import { emptySnapshot, snapshot, work } from './sample.ts';
import { expect, stateOf, test } from './screen-test.ts';
import { failed, ok, type Answers, type State } from './state.ts';
import { askedOf, pushSnapshot, settle } from './stub-bridge.ts';
import { openCodePlan } from './states/clients.ts';
import { profiles } from './states/wizard-browser.ts';
import { atCode, kiroCli, logins } from './states/wizard-kiro-cli.ts';
import { added, prompt, toAhead } from './states/wizard-steps.ts';

const { loginId } = prompt;
const wizard: State = { name: 'wizard', page: 'dashboard', route: 'wizard', snapshot: emptySnapshot };
const underWay: Answers = {
  'login.start': ok(prompt),
  'login.wait': 'never',
  'login.cancel': ok({}),
  'desktop.openUrl': ok({}),
  'clients.preview': ok(openCodePlan),
  models: ok([]),
};
const withAccount = { ...snapshot, rev: 20, accounts: [{ ...work, label: added.label }] };

async function onHeading(page: Page, name: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
}

async function toCode(page: Page): Promise<void> {
  await toAhead(page, /^Sign in in the browser/, 'GitHub');
  await page.getByRole('button', { name: 'Open the browser' }).click();
  await onHeading(page, /^Confirm this code/);
}

test('an account comes in by keyboard alone, and OpenCode is set up with it', async ({ page, show }) => {
  await show({
    ...wizard,
    answers: {
      ...underWay,
      'accounts.label': ok({ ...work, label: 'Work' }),
      'clients.apply': ok({ ...openCodePlan, backups: ['/backups/opencode.jsonc'] }),
      'clients.undo': ok(openCodePlan),
    },
  });
  await page.getByRole('radio', { name: 'Sign in in the browser' }).focus();
  await page.keyboard.press('Enter');
  await onHeading(page, 'Which kind of account is it?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'GitHub' })).toBeChecked();
  await page.keyboard.press('Enter');
  await onHeading(page, 'What happens now');
  expect(await askedOf(page, 'login.start')).toEqual([]);
  await expect(page.getByText('kiro-cli and the Kiro IDE stay signed in as they are')).toBeVisible();
  await page.getByRole('button', { name: 'Open the browser' }).press('Enter');
  await onHeading(page, /^Confirm this code/);
  expect(await askedOf(page, 'login.start')).toEqual([{ kind: 'github' }]);
  expect(await askedOf(page, 'desktop.openUrl')).toEqual([{ url: prompt.url }]);
  await expect(page.getByRole('img', { name: 'Code: K Q R T - W D P N' })).toBeVisible();
  await expect(page.getByText('9:42')).toBeVisible();

  await pushSnapshot(page, withAccount);
  await settle(page, 'login.wait', ok(added));
  await onHeading(page, 'The account is in the pool');
  await expect(page.getByText('612 of 1,000 left')).toBeVisible();
  await page.getByLabel('Name').fill('Work');
  await page.keyboard.press('Enter');
  await expect.poll(() => askedOf(page, 'accounts.label')).toEqual([{ id: added.id, label: 'Work' }]);
  await expect(page.getByRole('region', { name: /^Changes in .*opencode.jsonc/ })).toContainText('kiro-pool');
  await page.getByRole('button', { name: 'Write these changes' }).press('Enter');
  await expect(page.getByText('was written can be taken back')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(page.getByText('What you have changed since stays.')).toBeVisible();
});

test('nothing opens for an organisation whose place cannot be right', async ({ page, show }) => {
  await show(stateOf('wizard-kind'));
  const url = page.getByLabel('Start URL');
  await expect(url).toBeFocused();
  await expect(url).toHaveAccessibleDescription(/This is not a start URL/);
  await url.fill('');
  await expect(url).toHaveAccessibleDescription(/The start URL is missing/);
  await url.fill('https://d-1234567890.awsapps.com/start');
  await page.keyboard.press('Enter');
  await onHeading(page, 'What happens now');
  await page.keyboard.press('Escape');
  await onHeading(page, 'Which kind of account is it?');
  await expect(url).toHaveValue('https://d-1234567890.awsapps.com/start');
  expect(await askedOf(page, 'login.start')).toEqual([]);
});

test('Escape goes back where nothing is lost, and asks where a code would be', async ({ page, show }) => {
  await show({ ...wizard, answers: underWay });
  await toCode(page);
  await page.keyboard.press('Escape');
  const dialog = page.getByRole('dialog', { name: 'Cancel this sign-in?' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await askedOf(page, 'login.cancel')).toEqual([]);

  await page.keyboard.press('Escape');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel sign-in' }).press('Enter');
  await expect.poll(() => askedOf(page, 'login.cancel')).toEqual([{ loginId }]);
  await settle(page, 'login.wait', failed('The sign-in was cancelled.', ''));
  await expect(page.getByText('The sign-in was cancelled. Nothing was added.')).toBeVisible();
  for (const name of ['Which kind of account is it?', 'How do you want to add the account?']) {
    await page.keyboard.press('Escape');
    await onHeading(page, name);
  }
  await page.keyboard.press('Escape');
  await onHeading(page, 'Overview');
});

test('another screen in between loses no code', async ({ page, show }) => {
  await show({ ...wizard, answers: underWay });
  await toCode(page);
  await page.getByRole('link', { name: 'Overview' }).click();
  await onHeading(page, 'Overview');
  await page.evaluate(() => {
    window.location.hash = 'wizard';
  });
  await onHeading(page, /^Confirm this code/);
  expect(await askedOf(page, 'login.start')).toHaveLength(1);
});

test('an error leads back to what was chosen', async ({ page, show }) => {
  await show(stateOf('wizard-failed'));
  await expect(page.getByText('Start it again, and confirm it this time.')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await onHeading(page, 'What happens now');
  await expect(page.getByText('sign-in page of AWS Builder ID')).toBeVisible();
});

test.describe('a window that is closed midway', () => {
  test('ends the sign-in, and says so when it is opened again', async ({ page, show }) => {
    const closed = failed('The sign-in was cancelled.', 'Nothing was added; start it again when you like.');
    await show({ ...wizard, answers: underWay });
    await toCode(page);
    await show({ ...wizard, answers: { ...underWay, 'login.wait': closed } });
    await page.reload();
    await expect(page.getByText('The sign-in ended when its window was closed. Nothing was added.')).toBeVisible();
    expect(await askedOf(page, 'login.cancel')).toEqual([{ loginId }]);
  });

  test('loses no sign-in that was confirmed meanwhile', async ({ page, show }) => {
    await show({ ...wizard, answers: underWay });
    await toCode(page);
    await show({ ...wizard, snapshot: withAccount, answers: { ...underWay, 'login.wait': ok(added) } });
    await page.reload();
    await onHeading(page, 'The account is in the pool');
  });

  test('finds a sign-in with kiro-cli again, and opens no second page', async ({ page, show }) => {
    const state = stateOf('wizard-hand-off');
    await show(state);
    expect(await askedOf(page, 'desktop.openUrl')).toHaveLength(1);
    await show({ ...wizard, answers: { 'handOff.news': [ok(atCode), ok(atCode)] } });
    await page.reload();
    await expect(page.getByText('This sign-in went on while the window was closed.')).toBeVisible();
    await expect(page.getByRole('img', { name: /^Code: K Q R T/ })).toBeVisible();
    expect(await askedOf(page, 'handOff.start')).toEqual([]);
    expect(await askedOf(page, 'desktop.openUrl')).toEqual([]);
    await settle(
      page,
      'handOff.news',
      ok({ steps: [{ type: 'put-back' }, { type: 'cancelled' }], isOver: true, result: null }),
    );
    await expect(page.getByText('The sign-in was cancelled, and kiro-cli is again as it was.')).toBeVisible();
  });
});

test('kiro-cli’s own login ends only after the user has read whose, and chosen what becomes of it', async ({
  page,
  show,
}) => {
  await show(stateOf('wizard-ahead-hand-off'));
  await expect(page.getByText('kiro-cli is signed in as ada.l@example.com. That login ends')).toBeVisible();
  expect(await askedOf(page, 'handOff.start')).toEqual([]);
  await page.getByRole('radio', { name: 'kiro-cli stays signed in to the new account' }).check();
  await page.evaluate(
    (start) => window.stub.answer({ 'handOff.start': start, 'handOff.news': 'never' }),
    ok({ handOffId: 'h' }),
  );
  await page.getByRole('button', { name: 'Start kiro-cli' }).click();
  await onHeading(page, 'Signing in with kiro-cli');
  expect(await askedOf(page, 'handOff.start')).toEqual([{ kind: 'github', previous: 'keep-new' }]);
  const row = { row: 'kirocli:social:token', kind: 'social' } as const;
  await settle(page, 'handOff.news', ok({ steps: [{ type: 'signed-in', ...row }], isOver: false, result: null }));
  await expect(page.getByText('It is too late to cancel now.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel sign-in' })).toHaveCount(0);
});

test('a login is taken over with its row, and kiro-cli is asked afterwards', async ({ page, show }) => {
  await show(stateOf('wizard-done-sync'));
  const [login] = logins;
  expect(await askedOf(page, 'accounts.import')).toEqual([{ from: 'kiro-cli', path: login?.path, row: login?.row }]);
  await expect(page.getByText('kiro-cli is signed out now.')).toBeVisible();
});

test('a login that cannot be taken cannot be chosen', async ({ page, show }) => {
  await show({
    ...wizard,
    route: 'wizard/sync',
    answers: { 'sources.find': ok({ logins: [...logins], kiroCli }) },
  });
  await expect(page.getByRole('radio', { name: 'Unknown kind, from Kiro IDE' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Continue' })).toHaveAttribute('aria-disabled', 'true');
});

test('the profile that is charged is the user’s choice', async ({ page, show }) => {
  await show(stateOf('wizard-profile'));
  await page.evaluate(
    (reply) => window.stub.answer({ 'accounts.profile': reply }),
    failed('Kiro did not answer.', 'Try again.'),
  );
  const charge = page.getByRole('button', { name: 'Charge this profile' });
  await charge.press('Enter');
  expect(await askedOf(page, 'accounts.profile')).toEqual([]);
  await page.getByRole('radio', { name: 'Research' }).check();
  await charge.click();
  await expect(page.getByText('Kiro did not answer.')).toBeVisible();
  await page.evaluate(
    (reply) => window.stub.answer({ 'accounts.profile': reply }),
    ok({ ...added, result: 'updated' as const }),
  );
  await charge.click();
  await onHeading(page, 'The account has a new login');
  expect(await askedOf(page, 'accounts.profile')).toContainEqual({ id: added.id, profile: profiles[1].arn });
});

test('an API key never comes to the screen', async ({ page, show }) => {
  const refused = { ...added, id: null, result: 'failed' as const, reason: 'Kiro refuses this key.' };
  await show({ ...stateOf('wizard-key'), answers: { 'desktop.addKeyFromClipboard': ok(refused) } });
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Add from clipboard' }).click();
  await expect(page.getByText('Kiro refuses this key.')).toBeVisible();
  await page.keyboard.press('Escape');
  await onHeading(page, 'Add a Kiro API key');
});

test('a backup is restored with what became of each part, and a dialog that was left changes nothing', async ({
  page,
  show,
}) => {
  const restored = stateOf('wizard-restored').answers?.['desktop.restoreBackup'];
  if (restored === undefined) throw new Error('The state restores a backup.');
  await show({ ...stateOf('wizard-backup'), answers: { 'desktop.restoreBackup': ok(null) } });
  await expect(page.getByLabel('Passphrase of the backup')).toBeFocused();
  await page.keyboard.type('four words of mine');
  await page.keyboard.press('Enter');
  await expect.poll(() => askedOf(page, 'desktop.restoreBackup')).toEqual([{ passphrase: 'four words of mine' }]);
  await onHeading(page, 'Restore a backup');
  await page.evaluate((answer) => window.stub.answer({ 'desktop.restoreBackup': answer }), restored);
  await page.getByLabel('Passphrase of the backup').fill('four words of mine');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /^Studio Kept as it was/ })).toBeVisible();
});

test.describe('the first run', () => {
  test('lets nobody past the risks, and leads on to the first account', async ({ page, show }) => {
    const { snapshot: first, ...state } = stateOf('first-run-welcome');
    if (!first) throw new Error('The state has a snapshot.');
    const setting = { key: 'hasAcceptedRisks', value: true, default: false, description: '', allowed: '' };
    await show({ ...state, snapshot: first, route: 'overview', answers: { 'settings.set': ok(setting) } });
    await expect(page.getByRole('listitem')).toHaveCount(4);
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await page.getByRole('button', { name: 'I understand the risks' }).press('Enter');
    await expect.poll(() => askedOf(page, 'settings.set')).toEqual([{ key: 'hasAcceptedRisks', value: 'true' }]);
    await pushSnapshot(page, { ...first, rev: first.rev + 1, hasAcceptedRisks: true });
    await onHeading(page, 'How do you want to add the account?');
  });

  test('says how to come back where there is no tray, and what a missing keyring means', async ({ page, show }) => {
    await show(stateOf('first-run-plain-desktop'));
    await expect(page.getByText('start Kiro Pool once more')).toBeVisible();
    await expect(page.getByText('sealed with a key that everybody knows')).toBeVisible();
  });
});

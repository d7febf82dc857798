import { statusLine } from '../../main/words.ts';
import { pushSnapshot } from './stub-bridge.ts';
import { account, request, snapshot, studio, work } from './sample.ts';
import { expect, stateOf, test } from './screen-test.ts';
import { ok, pictureTime } from './state.ts';

test.describe('while the pool changes', () => {
  test('the focus stays where it is, on every kind of control', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    const controls = [
      page.getByRole('button', { name: 'Actions for Studio' }),
      page.getByRole('button', { name: 'Pause' }),
      page.getByRole('radio', { name: 'Hybrid' }),
      page.getByRole('link', { name: 'Usage' }),
    ];
    for (const [index, control] of controls.entries()) {
      await control.focus();
      await pushSnapshot(page, {
        ...snapshot,
        rev: 10 + index,
        accounts: [
          account('new', { label: `New ${index}` }),
          { ...studio, inFlight: index },
          { ...work, pinned: true },
        ],
        pinned: work.id,
      });
      await expect(page.getByRole('heading', { name: `New ${index}` })).toBeVisible();
      await expect(control).toBeFocused();
    }
  });

  test('an open menu and an open dialog stay open', async ({ page, show }) => {
    await show(stateOf('overview-menu'));
    await pushSnapshot(page, { ...snapshot, rev: 10, accounts: [work, { ...studio, inFlight: 2 }] });
    await expect(page.getByText('Serving 2')).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Rename…' })).toBeVisible();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Atelier');
    await pushSnapshot(page, { ...snapshot, rev: 11, accounts: [work, { ...studio, inFlight: 3 }] });
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Atelier');
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  });

  test('a new request comes in above the one that has the focus', async ({ page, show }) => {
    await show(stateOf('requests-ready'));
    const row = page.getByRole('link', { name: '10:21:12' });
    await row.focus();
    const newest = request(0, { id: 'req_new', at: pictureTime + 60_000, model: 'claude-sonnet-9' });
    await pushSnapshot(page, { ...snapshot, rev: 10, requests: [newest, ...snapshot.requests.slice(0, 19)] });
    await expect(page.getByRole('row').nth(1)).toContainText('claude-sonnet-9');
    await expect(row).toBeFocused();
    await expect(page.getByRole('status').filter({ hasText: '21 requests' })).toBeVisible();
  });

  test('a request of another day tells its day, and only the newest are counted as such', async ({ page, show }) => {
    const hour = 3_600_000;
    const hundred = Array.from({ length: 100 }, (_, index) => request(index, { at: pictureTime - index * hour }));
    await show({
      ...stateOf('requests-ready'),
      snapshot: { ...snapshot, requests: hundred.slice(0, 20) },
      answers: { requests: ok(hundred) },
    });
    await expect(page.getByRole('link', { name: '00:30:00' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Nov 24, 23:30' })).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: 'The last 100 requests' })).toBeVisible();
    await page.getByLabel('Account').selectOption('Studio');
    await expect(page.getByRole('status').filter({ hasText: '33 of the last 100 requests' })).toBeVisible();
  });

  test('a snapshot that is older than what is shown is dropped', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    await pushSnapshot(page, { ...snapshot, rev: 9, accounts: [account('a', { label: 'Newest' })] });
    await pushSnapshot(page, { ...snapshot, rev: 8, accounts: [account('b', { label: 'Late' })] });
    await expect(page.getByRole('heading', { name: 'Newest' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Late' })).toHaveCount(0);
  });

  test('charts keep their picture until the new one is there', async ({ page, show }) => {
    await show(stateOf('usage-30d'));
    const first = page.getByRole('img', { name: /^Wed, Nov 25: 1/ });
    await first.focus();
    await page.evaluate((answer) => window.stub.answer({ 'usage.chart': answer }), 'never' as const);
    await page.getByLabel('last 7 days').check();
    await expect(first).toBeVisible();
    await page.evaluate((answer) => window.stub.answer({ 'usage.chart': answer }), ok({ bucketMs: 1, buckets: [] }));
  });
});

test.describe('when the engine is gone', () => {
  test('the screen says since when, and forgets it when the engine is back', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    await page.evaluate(() => window.stub.link('lost'));
    await expect(page.getByText('Not connected since 10:30.')).toBeVisible();
    await page.evaluate(() => window.stub.link('connected'));
    await expect(page.getByText('Not connected')).toHaveCount(0);
  });

  test('a process that was started anew is believed though it counts from one', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    await page.evaluate(() => window.stub.link('lost'));
    await pushSnapshot(page, { ...snapshot, rev: 1, accounts: [account('fresh', { label: 'Fresh' })] });
    await expect(page.getByRole('heading', { name: 'Fresh' })).toBeVisible();
  });

  test('what fails says why and what to do, and the button can be pressed again', async ({ page, show }) => {
    const error = { code: 'failed', message: 'The endpoint is busy.', hint: 'Try again in a minute.' };
    await show({ ...stateOf('overview-ready'), answers: { 'endpoint.pause': { ok: false, error } } });
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.click();
    const toast = page.getByRole('region', { name: 'Notifications' });
    await expect(toast).toContainText('The endpoint is busy.');
    await expect(toast).toContainText('Try again in a minute.');
    await expect(pause).toBeFocused();
    await expect(pause).not.toHaveAttribute('aria-disabled');
  });

  test('what failed is said no more on another screen', async ({ page, show }) => {
    const error = { code: 'failed', message: 'The endpoint is busy.', hint: 'Try again in a minute.' };
    await show({ ...stateOf('overview-ready'), answers: { 'endpoint.pause': { ok: false, error } } });
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText(error.message)).toBeVisible();
    await page.getByRole('link', { name: 'Requests' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible();
    await expect(page.getByText(error.message)).toHaveCount(0);
  });
});

for (const endpoint of [
  snapshot.endpoint,
  { ...snapshot.endpoint, isPaused: true },
  { ...snapshot.endpoint, url: null },
]) {
  const known = { ...snapshot, endpoint };
  const [status = '', ready = ''] = statusLine(known).split(' · ');

  test(`the windows say what the tray says: ${status}`, async ({ page, show }) => {
    for (const name of ['popover-ready', 'overview-ready']) {
      await show({ ...stateOf(name), snapshot: known });
      await expect(page.locator('.status-line').filter({ hasText: status }).first()).toHaveText(status);
      await expect(page.getByText(ready, { exact: true }).first()).toBeVisible();
    }
  });
}

test('popover and dashboard say the same of the same snapshot', async ({ page, show }) => {
  const said: Record<string, string[]> = {};
  for (const name of ['popover-ready', 'overview-ready']) {
    await show(stateOf(name));
    const status = await page.locator('.status-line').first().innerText();
    const meters = await page.getByRole('meter').evaluateAll((all) => all.map((each) => each.ariaValueText ?? ''));
    const pills = await page.locator('.pill').allInnerTexts();
    said[name] = [status, ...meters, ...pills];
  }
  expect(said['popover-ready']).toEqual(said['overview-ready']);
});

test('a countdown runs, and its account comes back with the next snapshot', async ({ page, show }) => {
  await show(stateOf('popover-ready'));
  await expect(page.getByText('4:05')).toBeVisible();
  await page.clock.setFixedTime(pictureTime + 65_000);
  await expect(page.getByText('3:00')).toBeVisible();
  await pushSnapshot(page, { ...snapshot, rev: 8, accounts: [work, studio] });
  await expect(page.getByText('3:00')).toHaveCount(0);
});

import type { Page } from '@playwright/test';
import { chart } from './sample-usage.ts';
import { snapshot, studio, work } from './sample.ts';
import { expect, stateOf, test } from './screen-test.ts';
import { ok } from './state.ts';

/** What was asked of the engine, by question. */
function askedOf(page: Page, question: string): Promise<unknown[]> {
  return page.evaluate(
    (name) => window.stub.asked.filter((each) => each.question === name).map((each) => each.input),
    question,
  );
}

test.describe('by keyboard alone', () => {
  test('the first stop skips the navigation', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Add account' })).toBeFocused();
    expect(new URL(page.url()).hash).toBe('#overview');
  });

  test('every stop of a screen can be seen', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    const stops = new Set<string>();
    for (;;) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return undefined;
        const marked =
          element.closest('label')?.querySelector('input + span') ?? element.closest('.radio-card') ?? element;
        const { outlineStyle, outlineWidth } = getComputedStyle(marked);
        const name = element.getAttribute('aria-label') ?? element.textContent;
        return { name: `${element.tagName} ${name}`, outline: `${outlineStyle} ${outlineWidth}` };
      });
      if (!stop || stops.has(stop.name)) break;
      stops.add(stop.name);
      expect(stop.outline, stop.name).toBe('solid 2px');
    }
    expect(stops.size).toBeGreaterThan(15);
  });

  test('screens are changed, and the heading of the new one has the focus', async ({ page, show }) => {
    await show({ ...stateOf('overview-ready'), answers: { 'usage.chart': ok(chart('30d')) } });
    await page.getByRole('link', { name: 'Usage' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeFocused();
    await expect(page).toHaveTitle('Usage · Kiro Pool');
    await expect(page.getByRole('link', { name: 'Usage' })).toHaveAttribute('aria-current', 'page');
  });

  test('a menu opens, is walked through and closes, and the focus comes back', async ({ page, show }) => {
    await show({ ...stateOf('overview-ready'), answers: { 'accounts.pause': ok(studio) } });
    const button = page.getByRole('button', { name: 'Actions for Studio' });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Use only this one' })).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('menuitem', { name: 'Remove…' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(button).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(button).toBeFocused();
    expect(await askedOf(page, 'accounts.pause')).toEqual([{ id: studio.id }]);
  });

  test('an account is renamed in a dialog that gives the focus back', async ({ page, show }) => {
    await show({ ...stateOf('overview-ready'), answers: { 'accounts.label': ok({ ...work, label: 'Office' }) } });
    const button = page.getByRole('button', { name: 'Actions for Work' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
    await page.keyboard.type('Office');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(button).toBeFocused();
    expect(await askedOf(page, 'accounts.label')).toEqual([{ id: work.id, label: 'Office' }]);
  });

  test('a strategy is chosen with the arrow keys', async ({ page, show }) => {
    await show({
      ...stateOf('overview-ready'),
      answers: { strategy: ok({ strategy: 'drain', choices: snapshot.strategy.choices }) },
    });
    await page.getByRole('radio', { name: 'Hybrid' }).focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => askedOf(page, 'strategy')).toEqual([{ name: 'drain' }]);
  });

  test('the values of a chart are read one by one', async ({ page, show }) => {
    await show(stateOf('usage-30d'));
    await page.getByRole('img', { name: /^Wed, Nov 25: [\d.]+, Work/ }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('img', { name: /^Tue, Nov 24: .* Studio/ })).toBeFocused();
    await expect(page.locator('.chart-tip')).toContainText('Tue, Nov 24');
    await page.keyboard.press('Home');
    await expect(page.getByRole('img', { name: /^Tue, Oct 27: .* Work/ })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.locator('.chart-tip')).toHaveCount(0);
  });

  test('a request is opened, and left again', async ({ page, show }) => {
    await show(stateOf('requests-ready'));
    await page.getByRole('link', { name: '10:21:12' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Request' })).toBeFocused();
    await expect(page.getByText('2 sends, retries included')).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeFocused();
  });

  test('the popover is paused, copied from and left', async ({ page, show }) => {
    const done = ok({});
    await show({
      ...stateOf('popover-ready'),
      answers: {
        'endpoint.pause': done,
        'desktop.copyText': done,
        'desktop.copyKey': done,
        'desktop.show': done,
        'keys.list': ok([{ name: 'default', createdAt: 0 }]),
      },
    });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => askedOf(page, 'endpoint.pause')).toEqual([{ isPaused: true }]);
    for (const name of ['Copy base URL', 'Copy key', 'Dashboard']) {
      const button = page.getByRole('button', { name });
      while (!(await button.evaluate((element) => element === document.activeElement)))
        await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => askedOf(page, 'desktop.copyText')).toEqual([{ text: 'http://127.0.0.1:8788/v1' }]);
    await expect.poll(() => askedOf(page, 'desktop.copyKey')).toEqual([{ name: 'default' }]);
    await expect.poll(() => askedOf(page, 'desktop.show')).toEqual([{ route: 'overview' }]);
  });
});

test.describe('overage', () => {
  test('is not allowed without the tick that says it costs money', async ({ page, show }) => {
    await show({ ...stateOf('overview-overage'), answers: { 'accounts.overage': ok(work) } });
    await expect(page.getByText('Tick this to go on.')).toBeVisible();
    expect(await askedOf(page, 'accounts.overage')).toEqual([]);
    await page.getByLabel('I know that this costs money').check();
    await page.getByRole('button', { name: 'Allow overage' }).click();
    await expect
      .poll(() => askedOf(page, 'accounts.overage'))
      .toEqual([{ id: work.id, isAllowed: true, dailyCap: 50 }]);
  });

  test('has a cap that is a number', async ({ page, show }) => {
    await show(stateOf('overview-overage'));
    await page.getByLabel('I know that this costs money').check();
    await page.getByLabel('At most a day').fill('lots');
    await page.getByRole('button', { name: 'Allow overage' }).click();
    await expect(page.getByText('A number from 0 to 1,000,000, or nothing.')).toBeVisible();
    expect(await askedOf(page, 'accounts.overage')).toEqual([]);
  });
});

test('an account is removed only after a second question', async ({ page, show }) => {
  await show({ ...stateOf('overview-remove'), answers: { 'accounts.remove': ok({}) } });
  expect(await askedOf(page, 'accounts.remove')).toEqual([]);
  await page.getByRole('button', { name: 'Remove account' }).click();
  await expect.poll(() => askedOf(page, 'accounts.remove')).toEqual([{ id: work.id }]);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

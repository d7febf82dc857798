import { expect, stateOf, test } from './screen-test.ts';

const some = [
  'popover-ready',
  'overview-ready',
  'overview-overage',
  'usage-30d',
  'requests-ready',
  'request-served',
  'wizard-hand-off',
  'clients-set-up',
  'settings-refused',
];

test.describe('with the colours of the system', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });

  for (const name of some) {
    test(`nothing is lost: ${name}`, async ({ page, show }) => {
      await show(stateOf(name));
      await expect(page).toHaveScreenshot(`forced-${name}.png`);
    });
  }

  test('a meter still shows its level', async ({ page, show }) => {
    await show(stateOf('overview-ready'));
    const colours = await page
      .getByRole('meter', { name: 'Credits of Work' })
      .evaluate((meter) => [meter, ...meter.children].map((part) => getComputedStyle(part).backgroundColor));
    expect(new Set(colours).size).toBe(2);
  });
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  for (const name of [
    'overview-loading',
    'overview-remove',
    'popover-loading',
    'wizard-code',
    'wizard-hand-off',
    'doctor-fixing',
  ]) {
    test(`nothing moves: ${name}`, async ({ page, show }) => {
      await show(stateOf(name));
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    });
  }
});

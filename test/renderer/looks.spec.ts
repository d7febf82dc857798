/** Pictures of one of each kind of thing: enough to see when a change of styles reaches further than it was meant to. */
import { expect, stateOf, test } from './screen-test.ts';

const light = { colorScheme: 'light', forcedColors: 'none' } as const;
const dark = { colorScheme: 'dark', forcedColors: 'none' } as const;
/** The colours of the system, in which nothing may be lost. */
const forced = { colorScheme: 'light', forcedColors: 'active' } as const;

const inThemes = [
  'popover-ready',
  'popover-trouble',
  'overview-ready',
  'overview-trouble',
  'overview-overage',
  'overview-menu',
  'usage-30d',
  'usage-value',
  'requests-ready',
  'request-retried',
  'first-run-plain-desktop',
  'wizard-kind',
  'wizard-hand-off',
  'wizard-done',
  'clients-list',
  'clients-set-up',
  'doctor-problems',
  'settings-refused',
];
const inForced = [
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

test.describe('it looks as it did, in light and dark and in the colours of the system:', () => {
  for (const name of new Set([...inThemes, ...inForced])) {
    test(name, async ({ page, show }) => {
      await page.emulateMedia(light);
      await show(stateOf(name));
      if (inThemes.includes(name)) {
        await expect.soft(page).toHaveScreenshot(`${name}-light.png`);
        await page.emulateMedia(dark);
        await expect.soft(page).toHaveScreenshot(`${name}-dark.png`);
      }
      if (inForced.includes(name)) {
        await page.emulateMedia(forced);
        await expect.soft(page).toHaveScreenshot(`forced-${name}.png`);
      }
    });
  }
});

test('a meter still shows its level in the colours of the system', async ({ page, show }) => {
  await page.emulateMedia(forced);
  await show(stateOf('overview-ready'));
  const colours = await page
    .getByRole('meter', { name: 'Credits of Work' })
    .evaluate((meter) => [meter, ...meter.children].map((part) => getComputedStyle(part).backgroundColor));
  expect(new Set(colours).size).toBe(2);
});

test('the theme that the user chose counts for more than the system’s', async ({ page, show }) => {
  const state = stateOf('overview-ready');
  if (!state.snapshot) throw new Error('The state has a snapshot.');
  await page.emulateMedia(light);
  await show({ ...state, snapshot: { ...state.snapshot, theme: 'dark' } });
  await expect(page).toHaveScreenshot('overview-ready-dark.png');
});

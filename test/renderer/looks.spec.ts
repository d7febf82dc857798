import { expect, stateOf, test } from './screen-test.ts';

/** One of each kind of thing: enough to see when a change of styles reaches further than it was meant to. */
const some = [
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

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in ${theme} colours, it looks as it did:`, () => {
    test.use({ colorScheme: theme });

    for (const name of some) {
      test(name, async ({ page, show }) => {
        await show(stateOf(name));
        await expect(page).toHaveScreenshot(`${name}-${theme}.png`);
      });
    }
  });
}

test('the theme that the user chose counts for more than the system’s', async ({ page, show }) => {
  const state = stateOf('overview-ready');
  if (!state.snapshot) throw new Error('The state has a snapshot.');
  await page.emulateMedia({ colorScheme: 'light' });
  await show({ ...state, snapshot: { ...state.snapshot, theme: 'dark' } });
  await expect(page).toHaveScreenshot('overview-ready-dark.png');
});

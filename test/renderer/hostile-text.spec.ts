/** What others chose, such as an account's name, a model or a message of Kiro's, is text on a screen and nothing else. */
import type { Snapshot } from '../../app/contract.ts';
import { account, snapshot } from './sample.ts';
import { expect, stateOf, test } from './screen-test.ts';

const hostile =
  '<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script><a href="javascript:window.wasRun=1">x</a>&lt;b&gt;';

const hostileSnapshot: Snapshot = {
  ...snapshot,
  accounts: [
    account('hostile', {
      label: hostile,
      email: hostile,
      plan: hostile,
      state: { name: 'parked', until: null, reason: hostile },
    }),
  ],
  requests: snapshot.requests.map((request) => ({ ...request, model: hostile, session: hostile, key: hostile })),
  problems: [hostile],
};

for (const name of ['overview-ready', 'requests-ready', 'popover-ready']) {
  test(`names that are markup are shown as they are: ${name}`, async ({ page, show }) => {
    await show({ ...stateOf(name), snapshot: hostileSnapshot });
    await expect(page.locator('body')).toContainText('<script>window.wasRun=1</script>');
    await expect(page.locator('img[src="x"], a[href^="javascript:"], body script')).toHaveCount(0);
    expect(await page.evaluate(() => Reflect.get(window, 'wasRun') === 1)).toBe(false);
  });
}

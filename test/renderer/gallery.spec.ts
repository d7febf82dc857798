/** Every state of the gallery is opened once, and then asked all that has to hold for each. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, stateOf, test } from './screen-test.ts';
import { ok } from './state.ts';
import { states } from './states.ts';
import { openCodePlan } from './states/clients.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The narrowest that has to do, and an ordinary window zoomed to 200 %, which has half as many pixels. */
const sizes = [
  { width: 320, height: 640 },
  { width: 520, height: 360 },
] as const;

test.describe('everybody can use', () => {
  test.use({ colorScheme: 'light', contextOptions: { reducedMotion: 'reduce' } });

  for (const state of states) {
    test(state.name, async ({ page, show }) => {
      await show(state);
      await test.step('with reduced motion nothing moves', async () => {
        expect.soft(await page.evaluate(() => document.getAnimations().length)).toBe(0);
      });
      await test.step('the page ends where its content does', async () => {
        await expect.soft.poll(() => emptiness(page)).toBe(0);
      });
      for (const colorScheme of ['light', 'dark'] as const) {
        await test.step(`axe finds nothing wrong in ${colorScheme}`, async () => {
          await page.emulateMedia({ colorScheme });
          expect.soft(await violationsOf(page), colorScheme).toEqual([]);
        });
      }
      for (const size of sizes) {
        await test.step(`nothing has to be scrolled sideways in ${size.width} pixels`, async () => {
          await page.setViewportSize(size);
          // A chart takes its new width a frame after the window has.
          await expect.soft.poll(() => overflowing(page), `${size.width} pixels`).toEqual([]);
        });
      }
    });
  }
});

test('a page ends where its content does with a difference of many lines, which scrolls in its own box', async ({
  page,
  show,
}) => {
  const state = stateOf('clients-set-up');
  const added = Array.from({ length: 120 }, (_, line) => `+  "model-${line}": {},\n`).join('');
  const diff = `--- a\n+++ b\n@@ -1,2 +1,122 @@\n {\n${added} }\n`;
  const changes = openCodePlan.changes.map((change) => ({ ...change, diff }));
  await show({ ...state, answers: { ...state.answers, 'clients.preview': ok({ ...openCodePlan, changes }) } });
  await expect(page.getByText('"model-119": {},')).toBeAttached();
  expect(await emptiness(page)).toBe(0);
});

/** Which rule is broken, and where. */
async function violationsOf(page: Page): Promise<readonly unknown[]> {
  // Screens have no frames: then the legacy mode finds the same, without opening a page of its own for each answer.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await axe.options({ runOnly: rules, resultTypes: ['violations'] }).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

/** By how many pixels one can scroll on where nothing is any more. */
function emptiness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const end = Math.max(document.body.getBoundingClientRect().bottom + window.scrollY, root.clientHeight);
    return Math.max(0, root.scrollHeight - Math.ceil(end));
  });
}

/** What reaches beyond the right edge, apart from what scrolls within itself or is meant for screen readers alone. */
function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    if (!root || root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`);
  });
}

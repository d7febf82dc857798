import type { Page } from '@playwright/test';
import { expect, stateOf, test } from './screen-test.ts';
import { ok } from './state.ts';
import { states } from './states.ts';
import { openCodePlan } from './states/clients.ts';

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

/** By how many pixels one can scroll on where nothing is any more. */
function emptiness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const end = Math.max(document.body.getBoundingClientRect().bottom + window.scrollY, root.clientHeight);
    return Math.max(0, root.scrollHeight - Math.ceil(end));
  });
}

/** The narrowest that has to do, and an ordinary window zoomed to 200 %, which has half as many pixels. */
const sizes = [
  { width: 320, height: 640 },
  { width: 520, height: 360 },
] as const;

test.describe('nothing has to be scrolled sideways in 320 pixels, nor at 200 %, in', () => {
  for (const state of states) {
    test(state.name, async ({ page, show }) => {
      await show(state);
      for (const size of sizes) {
        await page.setViewportSize(size);
        // A chart takes its new width a frame after the window has.
        await expect.poll(() => overflowing(page), `${size.width} pixels`).toEqual([]);
      }
    });
  }
});

test.describe('a page ends where its content does, in', () => {
  for (const state of states) {
    test(state.name, async ({ page, show }) => {
      await show(state);
      await expect.poll(() => emptiness(page)).toBe(0);
    });
  }

  test('a difference of many lines, which scrolls in its own box', async ({ page, show }) => {
    const state = stateOf('clients-set-up');
    const added = Array.from({ length: 120 }, (_, line) => `+  "model-${line}": {},\n`).join('');
    const diff = `--- a\n+++ b\n@@ -1,2 +1,122 @@\n {\n${added} }\n`;
    const changes = openCodePlan.changes.map((change) => ({ ...change, diff }));
    await show({ ...state, answers: { ...state.answers, 'clients.preview': ok({ ...openCodePlan, changes }) } });
    await expect(page.getByText('"model-119": {},')).toBeAttached();
    expect(await emptiness(page)).toBe(0);
  });
});

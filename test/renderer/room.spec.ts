import type { Page } from '@playwright/test';
import { expect, test } from './screen-test.ts';
import { states } from './states.ts';

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

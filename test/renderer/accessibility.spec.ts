import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './screen-test.ts';
import { states } from './states.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

test.describe('axe finds nothing wrong, in light and dark, with', () => {
  for (const state of states) {
    test(state.name, async ({ page, show }) => {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await show(state);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect(found, colorScheme).toEqual([]);
      }
    });
  }
});

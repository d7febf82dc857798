import type { Page } from '@playwright/test';
import type { State } from './state.ts';
import { installStub } from './stub-bridge.ts';

/** Opens a state as a person would see it, and waits until all of it is drawn. */
export async function openState(page: Page, url: string, state: State): Promise<void> {
  await installStub(page, state);
  await page.goto(`${url}/${state.page === 'popover' ? 'popover.html' : `index.html#${state.route ?? 'overview'}`}`);
  await page.locator('h1').first().waitFor();
  if (state.isLinkLost === true) await page.evaluate(() => window.stub.link('lost'));
  await state.prepare?.(page);
  await page.evaluate(() => document.fonts.ready);
}

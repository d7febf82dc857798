import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { buildScreens } from './build.ts';
import { openState } from './open-state.ts';
import { serveScreens } from './screen-server.ts';
import type { State } from './state.ts';
import { states } from './states.ts';

/** In pixels, as the desktop app opens them. */
const windowSizes = { dashboard: { width: 1040, height: 720 }, popover: { width: 360, height: 640 } } as const;

export interface ScreenFixtures {
  /** Opens a state; the page then shows it. Fails at the end when the page logged an error or broke its policy. */
  readonly show: (state: State) => Promise<void>;
}

/** A test over the built screens. */
export const test = base.extend<ScreenFixtures, { readonly screensUrl: string }>({
  screensUrl: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright wants the pattern.
    async ({}, use) => {
      await using built = await mkdtempDisposable(join(tmpdir(), 'kiro-pool-screens-'));
      await buildScreens(built.path);
      await using server = await serveScreens(built.path);
      await use(server.url);
    },
    { scope: 'worker' },
  ],
  show: async ({ page, screensUrl }, use) => {
    const complaints = complaintsOf(page);
    await use(async (state) => {
      await page.setViewportSize(windowSizes[state.page]);
      await openState(page, screensUrl, state);
    });
    base.expect(complaints, 'what the page complained about').toEqual([]);
  },
});

export { expect } from '@playwright/test';

/** What a page said was wrong: errors, and what its content security policy refused. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}

/** A state of the gallery by its name. */
export function stateOf(name: string): State {
  const state = states.find((each) => each.name === name);
  if (!state) throw new Error(`The gallery has no state ${name}.`);
  return state;
}

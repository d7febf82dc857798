/**
 * `npm run screenshots`: draws every state of the gallery into docs/screenshots, light and dark, at one and two pixels a point.
 * Names after the command draw only the states whose names begin so.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { buildScreens } from './build.ts';
import { openState } from './open-state.ts';
import { serveScreens } from './screen-server.ts';
import type { State } from './state.ts';
import { states } from './states.ts';

const target = process.env['SCREENSHOTS_TO'] ?? join(import.meta.dirname, '../../docs/screenshots');
const wanted = process.argv.slice(2);

const built = await mkdtemp(join(tmpdir(), 'kiro-pool-screens-'));
await buildScreens(built);
await mkdir(target, { recursive: true });
{
  await using server = await serveScreens(built);
  await using browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  for (const state of states.filter(
    ({ name }) => wanted.length === 0 || wanted.some((each) => name.startsWith(each)),
  )) {
    for (const theme of ['light', 'dark'] as const) {
      for (const scale of [1, 2]) await draw(browser, server.url, state, theme, scale);
    }
  }
}
await rm(built, { recursive: true });

async function draw(browser: Browser, url: string, state: State, theme: 'light' | 'dark', scale: number) {
  const isPopover = state.page === 'popover';
  await using context = await browser.newContext({
    colorScheme: theme,
    deviceScaleFactor: scale,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: isPopover ? { width: 360, height: 480 } : { width: 1040, height: 720 },
  });
  const page = await context.newPage();
  await openState(page, url, state);
  await growToContent(page);
  const suffix = scale === 1 ? '' : `@${scale}x`;
  await page.screenshot({ path: join(target, `${state.name}-${theme}${suffix}.png`), animations: 'disabled' });
}

/** A picture shows all of a screen, in a window as high as that takes; what is over the window stays in its middle. */
async function growToContent(page: Page): Promise<void> {
  const viewport = page.viewportSize();
  const isCovered = (await page.locator('dialog[open], [popover]:popover-open').count()) > 0;
  if (!viewport || isCovered) return;
  const height = await page.evaluate(() => {
    const scroller = document.querySelector('.popover-body') ?? document.documentElement;
    return window.innerHeight + scroller.scrollHeight - scroller.clientHeight;
  });
  await page.setViewportSize({ ...viewport, height });
}

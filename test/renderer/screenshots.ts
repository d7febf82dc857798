/**
 * `npm run screenshots`: draws every state of the gallery into docs/screenshots, light and dark: at two pixels a point the
 * window as it opens, at one pixel a point all of the screen.
 * Names after the command draw only the states whose names begin so.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtempDisposable } from 'node:fs/promises';
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
const drawn: string[] = [];
/** In pixels; more of a long list says nothing more. */
const highest = 1200;

await mkdir(target, { recursive: true });
{
  await using built = await mkdtempDisposable(join(tmpdir(), 'kiro-pool-screens-'));
  await buildScreens(built.path);
  await using server = await serveScreens(built.path);
  await using browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
  for (const state of states) {
    const isWanted = wanted.length === 0 || wanted.some((each) => state.name.startsWith(each));
    if (isWanted) await draw(browser, server.url, state);
  }
}
shrink();

async function draw(browser: Browser, url: string, state: State): Promise<void> {
  await using context = await browser.newContext({
    deviceScaleFactor: 2,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: state.page === 'popover' ? { width: 360, height: 480 } : { width: 1040, height: 720 },
  });
  const page = await context.newPage();
  await openState(page, url, state);
  if (state.page === 'popover') await growToContent(page, false);
  await picture('device', '@2x');
  await growToContent(page, state.isLong === true);
  await picture('css', '');

  async function picture(scale: 'css' | 'device', suffix: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const name = `${state.name}-${colorScheme}${suffix}.png`;
      await page.screenshot({ path: join(target, name), animations: 'disabled', scale });
      drawn.push(name);
    }
  }
}

/**
 * Makes the pictures smaller with pngquant (Debian: `apt install pngquant`), which leaves out colours that nobody would miss;
 * where it is not installed they stay as they are.
 */
function shrink(): void {
  const paths = drawn.map((name) => join(target, name));
  const { error } = spawnSync('pngquant', [
    '--force',
    '--ext=.png',
    '--skip-if-larger',
    '--speed=3',
    '--nofs',
    '--strip',
    '32',
    '--',
    ...paths,
  ]);
  if (error) process.stderr.write('pngquant is not installed: the pictures are larger than they need to be.\n');
}

/** Makes the window as high as all of its screen takes; what is over the window stays in its middle. */
async function growToContent(page: Page, isLong: boolean): Promise<void> {
  const viewport = page.viewportSize();
  const isCovered = (await page.locator('dialog[open], [popover]:popover-open').count()) > 0;
  if (!viewport || isCovered) return;
  const height = await page.evaluate(() => {
    const scroller = document.querySelector('.popover-body') ?? document.documentElement;
    return window.innerHeight + scroller.scrollHeight - scroller.clientHeight;
  });
  await page.setViewportSize({ ...viewport, height: isLong ? height : Math.min(height, highest) });
}

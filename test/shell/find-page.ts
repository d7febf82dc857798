import type { BrowserContext, Page } from '@playwright/test';
import { fromChromium } from './double/app-url.ts';

/** How long a window may take to show what is wanted, in ms. */
const longestWaitMs = 10_000;

/** The page at an address; waits until there is one, and until it is loaded. */
export async function findPage(context: BrowserContext, match: string | RegExp, output: () => string): Promise<Page> {
  const isIt = (page: Page): boolean => {
    const url = fromChromium(page.url());
    return typeof match === 'string' ? url.includes(match) : match.test(url);
  };
  const { promise, resolve, reject } = Promise.withResolvers<Page>();
  const look = (): void => {
    const found = context.pages().find((page) => !page.isClosed() && isIt(page));
    if (found) resolve(found);
  };
  const watch = (page: Page): void => {
    page.on('framenavigated', look);
    look();
  };
  const timer = setTimeout(() => {
    const there = context.pages().map((page) => fromChromium(page.url()));
    reject(new Error(`no window shows ${String(match)}; there are: ${there.join(', ') || 'none'}\n${output()}`));
  }, longestWaitMs);
  context.on('page', watch);
  for (const page of context.pages()) watch(page);
  try {
    const page = await promise;
    await page.waitForLoadState();
    return page;
  } finally {
    clearTimeout(timer);
    context.off('page', watch);
    for (const page of context.pages()) page.off('framenavigated', look);
  }
}

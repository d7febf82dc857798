/**
 * Facts about Electron that the shell is built on, each with where Electron says so. They are asked of the double in every run,
 * and of a real Electron where there is one: the double is only as good as they are.
 */
import { test as base } from '@playwright/test';
import { join } from 'node:path';
import { allFacts } from './facts/all-facts.ts';
import { launchShell } from './launch.ts';
import type { LaunchOptions, ShellApp } from './shell-app.ts';

const main = join(import.meta.dirname, 'fixture-app/main.js');

const test = base.extend<{ launch: (options?: Partial<LaunchOptions>) => Promise<ShellApp> }, { shell: ShellApp }>({
  shell: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names that a fixture needs from this pattern
    async ({}, use) => {
      await using shell = await launchShell({ main });
      await use(shell);
    },
    { scope: 'worker' },
  ],
  // oxlint-disable-next-line no-empty-pattern
  launch: async ({}, use) => {
    await using opened = new AsyncDisposableStack();
    await use(async (options) => opened.use(await launchShell({ main, ...options })));
  },
});

for (const [about, facts] of Object.entries(allFacts)) {
  test.describe(about, () => {
    for (const fact of facts) {
      const { says, source, isOfDouble } = fact;
      const tag = isOfDouble ? ['@double'] : [];
      test(says, { tag, annotation: { type: 'source', description: source } }, async ({ shell, launch }) => {
        await fact.check({ shell, page: await shell.page('index.html'), launch });
      });
    }
  });
}

import { defineConfig } from '@playwright/test';

/** `npm run test:screens`: the built screens over a scripted bridge, in Debian's Chromium. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../out/test-renderer',
  // Drawn by one system's fonts and one browser: other systems draw text a little differently.
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  fullyParallel: true,
  workers: 2,
  // A busy machine draws slowly, and axe reads every element.
  timeout: 90_000,
  forbidOnly: true,
  reporter: process.env['CI'] ? [['line'], ['json', { outputFile: '../../out/screens.json' }]] : 'line',
  expect: { toHaveScreenshot: { maxDiffPixelRatio: 0.005, animations: 'disabled' } },
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium' },
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
});

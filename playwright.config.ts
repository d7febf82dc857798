import { defineConfig } from '@playwright/test';

/** The shell's specs: on the double of Electron, or in a real one where `npm run test:electron` found it. */
export default defineConfig({
  testDir: 'test/shell',
  testMatch: '**/*.spec.ts',
  outputDir: 'out/playwright',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: process.env['CI'] ? [['list'], ['json', { outputFile: 'out/shell.json' }]] : [['list']],
  // What only the double can do or tell.
  ...(process.env['ELECTRON_PROGRAM'] !== undefined && { grepInvert: /@double/ }),
  use: { trace: 'off', screenshot: 'off', video: 'off' },
});

import { expect, test } from 'vitest';
import { nextStep } from '../../app/cli/next-step.ts';

test.each([
  ['linux', '/home/me/pool', '/home/me/pool'],
  ['linux', '/home/me/my pool', "'/home/me/my pool'"],
  ['darwin', "/Users/me/Moe's", String.raw`'/Users/me/Moe'\''s'`],
  ['linux', String.raw`/home/me/a\b`, String.raw`'/home/me/a\b'`],
  ['win32', String.raw`C:\Users\me\pool`, String.raw`C:\Users\me\pool`],
  ['win32', String.raw`C:\Users\My Name\pool`, String.raw`"C:\Users\My Name\pool"`],
] as const)('a command line to type next, on %s, has the folder %s as one word', (platform, dataDir, word) => {
  expect(nextStep('key show', { dataDir }, platform)).toBe(`kiro-pool key show --data-dir ${word}`);
});

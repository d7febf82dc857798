import { expect, test } from '@playwright/test';
import { proveDesktop } from '../proofs/desktop.ts';

test('the proof of how quick the app is runs, and finds nothing that is far off @double', async () => {
  const { text, broken } = await proveDesktop({ isShort: true });
  expect(broken).toEqual([]);
  expect(text).toContain('popover');
});

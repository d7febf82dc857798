import { expect, it } from 'vitest';
import { proveRecovery, recoveryFinding } from './recovery.ts';

it('what ends by itself does, over restarts and sleep too, and a warned account is left alone until it is cleared', async () => {
  expect(recoveryFinding(await proveRecovery()).broken).toEqual([]);
}, 60_000);

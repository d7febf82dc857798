import { expect, it } from 'vitest';
import { killFinding, proveKills } from './kill.ts';

it('kill -9 while tokens rotate loses no store, and no login but those whose new token was still on its way', async () => {
  const counts = await proveKills(8);
  expect(killFinding(counts).broken).toEqual([]);
  expect(counts.rotations).toBeGreaterThan(20);
}, 60_000);

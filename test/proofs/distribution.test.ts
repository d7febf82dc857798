import { expect, it } from 'vitest';
import { distributionFinding, proveDistribution } from './distribution.ts';

it('every strategy serves every session, moves none without a reason, and hybrid saves credits', async () => {
  const found = await proveDistribution(60);
  expect(distributionFinding(found, 60).broken).toEqual([]);
}, 60_000);

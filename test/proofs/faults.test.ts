import { expect, it } from 'vitest';
import { faultsFinding, proveFaults } from './faults.ts';

it('no session fails that another account could serve, and one fault costs the other accounts nothing', async () => {
  const outcomes = await proveFaults(10, true);
  expect(faultsFinding(outcomes, 10).broken).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(15);
}, 60_000);

import { expect, it } from 'vitest';
import { historyFinding, proveHistory } from './history.ts';

it('a long history is quick to ask and costs a request next to nothing', async () => {
  // Other tests run beside it.
  expect(historyFinding(await proveHistory(10_000, 3), 3).broken).toEqual([]);
}, 60_000);

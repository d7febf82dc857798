import { describe, it } from 'vitest';
import { promises } from './promises.ts';
import { leftOut } from './promises/row.ts';

/** Most rows wait in vain for a fault that never comes: they do so together. */
describe('a row of the table fails when its fault is left out', { concurrent: true, timeout: 60_000 }, () => {
  it.for(promises)('$fault', async ({ prove }, { expect, skip }) => {
    const outcome = await prove(leftOut).then(
      (proven) => ('skipped' in proven ? proven : 'held'),
      () => 'failed',
    );
    if (typeof outcome === 'object') return skip(outcome.skipped);
    expect(outcome).toBe('failed');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { promises } from './promises.ts';
import { breakages } from './promises/breakages.ts';
import { leftOut } from './promises/row.ts';

/** Most rows wait in vain for a fault that never comes: they do so together. */
describe('a row of the table fails when its fault is left out', { concurrent: true, timeout: 60_000 }, () => {
  it.for(promises)('$fault', async ({ prove }, { skip }) => {
    const outcome = await prove(leftOut).then(
      (proven) => ('skipped' in proven ? proven : 'held'),
      () => 'failed',
    );
    if (typeof outcome === 'object') return skip(outcome.skipped);
    expect(outcome).toBe('failed');
  });
});

/** That they turn the rows red takes minutes, and is shown by `node test/proofs/promises-can-fail.ts`. */
describe('the breakages of the product', () => {
  it.for(breakages)('$what: fits $file', ({ file, from }) => {
    expect(readFileSync(new URL(`../../app/${file}`, import.meta.url), 'utf8').split(from)).toHaveLength(2);
  });

  it('leave out no row of the table', () => {
    expect(promises.filter(({ fault }) => !breakages.some(({ reds }) => reds.test(fault)))).toEqual([]);
  });
});

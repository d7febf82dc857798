import { expect, it } from 'vitest';
import { promises } from './promises.ts';
import { planted } from './promises/row.ts';

it.for(promises)('$fault: $promise', async ({ prove }, { skip }) => {
  const proven = await prove(planted);
  if ('skipped' in proven) return skip(proven.skipped);
  expect(proven).toEqual({ sees: expect.stringMatching(/\w/), kept: expect.stringMatching(/\w/) });
});

import { expect, it } from 'vitest';
import { promises } from './promises.ts';

it.for(promises)('$fault: $promise', async ({ prove }, { skip }) => {
  const proven = await prove();
  if ('skipped' in proven) return skip(proven.skipped);
  expect(proven).toEqual({ sees: expect.stringMatching(/\w/), kept: expect.stringMatching(/\w/) });
});

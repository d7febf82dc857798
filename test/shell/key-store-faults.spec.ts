/** The rows of docs/proofs/promises.md on the keyring, each on the built app. @double */
import { expect, test } from '@playwright/test';
import { keyStoreFaults } from '../proofs/promises/key-store.ts';
import { planted } from '../proofs/promises/row.ts';

for (const { fault, promise, prove } of keyStoreFaults) {
  test(`${fault}: ${promise} @double`, async () => {
    expect(await prove(planted)).toEqual({ sees: expect.stringMatching(/\w/), kept: expect.stringMatching(/\w/) });
  });
}

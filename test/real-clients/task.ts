import { expect } from 'vitest';
import { accountsAsked, limitServingAccount, type ClientRun, type RealClient } from './real-client.ts';

/** How a tool is asked for something at the terminal. */
type Asking = (prompt: string) => readonly string[];

/** Two accounts: one for the other to step in for. */
export const twoAccounts = { accounts: [{ kind: 'social' }, { kind: 'builder-id' }] } as const;

/** Runs a task that puts bread in the place of milk in the notes, to its end. */
export async function finish(client: RealClient, args: readonly string[]): Promise<ClientRun> {
  const done = await client.run(args);
  expect(done).toMatchObject({ code: 0, output: expect.stringContaining('DONE') });
  expect(await client.notes()).toBe('buy bread\n');
  return done;
}

/**
 * The same, while the account that served before is told that it asks too often.
 * @returns how many accounts were asked
 */
export async function finishOnTheOther(client: RealClient, asking: Asking, task: string): Promise<number> {
  await client.run(asking('Say exactly hello'));
  limitServingAccount(client);
  await finish(client, asking(task));
  return accountsAsked(client).size;
}

/**
 * The same, with an answer of Kiro that breaks off.
 * @returns how often one did
 */
export async function finishAfterCut(client: RealClient, args: readonly string[]): Promise<number> {
  const cut = client.serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 5 } });
  await finish(client, args);
  return cut.hits;
}

import type { AccountSpec, EmulatedAccount, EmulatorOptions, JournalEntry } from '../emulator/emulator.ts';
import { startRig, type Rig } from '../support/engine.ts';
import type { Endpoint } from './client.ts';

/** An engine that serves over HTTP, on an emulator, both on a clock of our own. */
export interface ServedRig extends AsyncDisposable, Endpoint {
  readonly rig: Rig;
  readonly accounts: readonly EmulatedAccount[];
}

/** Starts both, takes the accounts in, and asks once for everything that is asked for at the start. */
export async function startServedRig(
  specs: readonly AccountSpec[],
  options: EmulatorOptions & { readonly strategy?: string } = {},
): Promise<ServedRig> {
  const { strategy, ...rest } = options;
  const rig = await startRig(rest);
  const accounts = await rig.add(...specs);
  const { handlers } = rig.engine;
  if (strategy !== undefined) await handlers['settings.set']({ key: 'strategy', value: strategy });
  const url = await rig.engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
  const { key } = await handlers['keys.show']({ name: 'default' });
  await handlers.models({});
  for (const { id } of rig.engine.parts.pool.summaries()) await handlers['accounts.refresh']({ id });
  rig.emulator.clear();
  return { rig, accounts, url, key, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

/** The turns that reached Kiro, in order. */
export function turnsOf({ emulator }: Pick<Rig, 'emulator'>): JournalEntry[] {
  return emulator.journal.filter(({ operation }) => operation === 'GenerateAssistantResponse');
}

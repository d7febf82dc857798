import { words } from '../messages/words.ts';
import { snapshot } from '../store/pool.ts';

/** An account's label; one that was removed is known by its id. */
export function accountName(id: string): string {
  return snapshot.value?.accounts.find((account) => account.id === id)?.label ?? words.usage.removedAccount(id);
}

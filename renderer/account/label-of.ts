import { words } from '../messages/words.ts';

/** What people call an account; one that was removed has no name any more. */
export function labelOf(id: string, accounts: readonly { readonly id: string; readonly label: string }[]): string {
  return accounts.find((account) => account.id === id)?.label ?? words.requests.removedAccount;
}

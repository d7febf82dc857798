import type { Account } from './account.ts';

/** Where accounts are kept. A promise of a change resolves when it is on disk and synced; reads are from memory. */
export interface AccountStore {
  /** In the order they were added. */
  list(): readonly Account[];
  get(id: string): Account | undefined;
  put(account: Account): Promise<void>;
  update(id: string, change: (account: Account) => Account): Promise<void>;
  remove(id: string): Promise<void>;
  /** Resolves when everything is on disk, and so tells whether the disk can be written at all. */
  save(): Promise<void>;
  /** Whether a refresh token, by its hash, was used up by a fork or refused, and must never be sent again. */
  isSpent(tokenHash: string): boolean;
  markSpent(tokenHash: string): Promise<void>;
}

/** @throws RangeError when there is no such account */
export function accountOf(store: AccountStore, id: string): Account {
  const account = store.get(id);
  if (!account) throw new RangeError(`There is no account ${id}`);
  return account;
}

/**
 * Something about the data folder or a file in it could not be done. Messages and causes hold no secret: neither tokens
 * nor the values of a file.
 *
 * - `folder-in-use`: another process owns the data folder.
 * - `folder-unusable`: the folder cannot be made, opened, locked or made private.
 * - `newer-version`: a file was written by a newer Kiro Pool; it is left as it is.
 * - `read-failed` / `write-failed`: the disk said no. What was in memory is kept and may be saved again.
 * - `bad-master-key`: the master key is not 32 bytes of base64.
 * - `master-key-missing`: there are sealed boxes, and no key to open them.
 * - `keychain-locked`: the keychain does not open the master key now, or keeps none; it may later.
 * - `key-in-keychain`: the master key is in the desktop app's keychain, which a command cannot open.
 * - `cannot-open`: a box was sealed with another key, for another place, or was changed.
 * - `bad-setting` / `unknown-setting`: the setting's value or name.
 * - `bad-key-name` / `key-exists` / `key-not-found`: the local API keys.
 * - `invalid-account` / `account-not-found` / `account-locked`: the accounts.
 * - `weak-passphrase` / `wrong-passphrase` / `not-a-backup` / `file-exists`: backup files.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** What the user can do, one sentence. */
  readonly hint: string;

  constructor(code: StoreErrorCode, message: string, hint: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

export type StoreErrorCode =
  | 'folder-in-use'
  | 'folder-unusable'
  | 'newer-version'
  | 'read-failed'
  | 'write-failed'
  | 'bad-master-key'
  | 'master-key-missing'
  | 'keychain-locked'
  | 'key-in-keychain'
  | 'cannot-open'
  | 'bad-setting'
  | 'unknown-setting'
  | 'bad-key-name'
  | 'key-exists'
  | 'key-not-found'
  | 'invalid-account'
  | 'account-not-found'
  | 'account-locked'
  | 'weak-passphrase'
  | 'wrong-passphrase'
  | 'not-a-backup'
  | 'file-exists';

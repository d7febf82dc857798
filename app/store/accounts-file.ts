import * as v from 'valibot';
import type { Account } from '../pool/account.ts';
import { checkAccount, hasSameBox, openRecord, sealRecord, withRotation } from './account-record.ts';
import type { LockedRecord, OpenRecord } from './account-record.ts';
import { JsonFile } from './json-file.ts';
import type { FileProblem } from './json-file.ts';
import type { SecretBox } from './secret-box.ts';
import { RotationJournal, type Rotation } from './rotation-journal.ts';
import { StoreError } from './store-error.ts';

/** An account that is on disk and cannot be used now: its box does not open, or a newer version wrote it. */
export type LockedAccount = Pick<LockedRecord, 'id' | 'label' | 'reason'>;

export type AccountsFileOptions = {
  /** Epoch ms. */
  now: () => number;
  /** Told when accounts.json was no good and has been set aside. */
  onProblem?: (problem: FileProblem) => void;
};

/**
 * `accounts.json`: the accounts with sealed credentials, and the hashes of refresh tokens that a fork has used up.
 *
 * Every change is in memory at once, and its promise resolves when it is on disk and synced. Changes that are made in
 * one go (without an `await` between) reach the disk in one write. When a write fails the promise rejects and memory
 * keeps the change, since a rotated token is the only one left; the next change or {@link AccountsFile.save} writes it.
 *
 * Accounts are frozen: a change goes through `update`.
 */
export class AccountsFile {
  readonly #file: JsonFile<Document>;
  readonly #box: SecretBox;
  readonly #listeners = new Set<() => void>();
  readonly #journal: RotationJournal;
  /** Writes that have not ended, and how much of the journal the last one begun has in it. */
  #writing = 0;
  #journaled = 0;
  #records: readonly AccountRecord[];
  #spent: Set<string>;

  private constructor(
    file: JsonFile<Document>,
    box: SecretBox,
    records: readonly AccountRecord[],
    journal: RotationJournal,
  ) {
    this.#file = file;
    this.#journal = journal;
    this.#box = box;
    this.#records = records;
    this.#spent = new Set(file.initial?.spentTokens);
  }

  /**
   * @param folder the open data folder.
   * @throws StoreError as JsonFile.open does. A record that cannot be opened is no error, see `locked`.
   */
  static async open(
    folder: { file(name: string): string },
    box: SecretBox,
    options: AccountsFileOptions,
  ): Promise<AccountsFile> {
    const file = await JsonFile.open({ path: folder.file('accounts.json'), schema: documentSchema, ...options });
    const journal = new RotationJournal(folder.file('rotations.log'));
    const rotations = readJournal(journal);
    const records: AccountRecord[] = [];
    for (const before of file.initial?.accounts ?? []) {
      const stored = await withRotation(before, rotations, box);
      const record = await openRecord(stored, box);
      records.push(isTwin(record, records) ? { ...lockedOf(record, stored), reason: 'twin' } : record);
    }
    const accounts = new AccountsFile(file, box, records, journal);
    // What a killed process noted is on disk, synced, before the journal goes. On a disk that says no it stays in the journal.
    if (rotations.length > 0) await accounts.save().catch(() => undefined);
    return accounts;
  }

  /** The usable accounts, in the order they were added. */
  list(): readonly Account[] {
    return this.#records.flatMap((record) => (record.isOpen ? [record.account] : []));
  }

  /** The records that are kept as they are and cannot be used now. */
  get locked(): readonly LockedAccount[] {
    return this.#records.flatMap((record) =>
      record.isOpen ? [] : [{ id: record.id, label: record.label, reason: record.reason }],
    );
  }

  get(id: string): Account | undefined {
    return this.#find(id)?.account;
  }

  /**
   * Adds an account, or replaces the one with its id in place.
   * @throws StoreError `invalid-account`, `account-locked` or `write-failed`.
   */
  async put(account: Account): Promise<void> {
    const checked = checkAccount(account);
    const known = this.#find(checked.id);
    if (known === undefined && this.#isLocked(checked.id)) {
      throw new StoreError(
        'account-locked',
        `The account ${checked.id} is on disk and cannot be opened.`,
        'Bring back the master key, or remove the account first.',
      );
    }
    const record: OpenRecord = { ...(known ?? { isOpen: true, unknown: {} }), account: checked };
    const records = known ? this.#records.map((r) => (r === known ? record : r)) : [...this.#records, record];
    await this.#change(records, known && !hasSameBox(record) ? record : undefined);
  }

  /**
   * Replaces an account by what `change` makes of it; `change` runs at once, before the first `await`.
   * @throws StoreError `account-not-found`, `invalid-account` or `write-failed`; or what `change` threw, and nothing
   *   is changed.
   */
  async update(id: string, change: (account: Account) => Account): Promise<void> {
    const known = this.#find(id);
    if (known === undefined) throw notFound(id);
    const changed = change(known.account);
    if (changed.id !== id) {
      throw new StoreError('invalid-account', `The account ${id} cannot become ${changed.id}.`, 'Keep its id.');
    }
    await this.put(changed);
  }

  /**
   * Forgets an account, also a locked one.
   * @throws StoreError `account-not-found` or `write-failed`.
   */
  async remove(id: string): Promise<void> {
    const left = this.#records.filter((record) => idOf(record) !== id);
    if (left.length === this.#records.length) throw notFound(id);
    await this.#change(left);
  }

  /** Tries the locked accounts again, such as when the keychain was unlocked after the start. Writes nothing. */
  async retryLocked(): Promise<void> {
    for (const locked of this.#records) {
      if (locked.isOpen || locked.reason === 'twin') continue;
      const record = await openRecord(locked.stored, this.#box);
      // Looked up anew: there may have been changes during the await.
      if (
        !record.isOpen ||
        !this.#records.includes(locked) ||
        isTwin(
          record,
          this.#records.filter((r) => r !== locked),
        )
      ) {
        continue;
      }
      this.#records = this.#records.map((r) => (r === locked ? record : r));
      this.#notify();
    }
  }

  /** @param hash SHA-256 of a refresh token, lower-case hex. */
  isSpent(hash: string): boolean {
    return this.#spent.has(hash);
  }

  /**
   * Remembers that a refresh token of another program was used up by a fork. The newest 500 are kept.
   *
   * @param hash SHA-256 of the token, lower-case hex; anything else is refused, so that no token gets onto the disk.
   * @throws TypeError, or StoreError `write-failed`.
   */
  async markSpent(hash: string): Promise<void> {
    if (!v.is(hashSchema, hash)) throw new TypeError('A spent token is named by its SHA-256 in hex.');
    this.#spent.delete(hash);
    this.#spent = new Set([...this.#spent, hash].slice(-spentLimit));
    await this.save();
  }

  /** The hashes of `isSpent`, the oldest first. */
  get spentTokens(): readonly string[] {
    return [...this.#spent];
  }

  /** Takes over hashes that another pool remembered, as older than all of ours. @throws StoreError `write-failed` */
  async addSpent(hashes: readonly string[]): Promise<void> {
    const theirs = hashes.filter((hash) => v.is(hashSchema, hash) && !this.#spent.has(hash));
    if (theirs.length === 0) return;
    this.#spent = new Set([...theirs, ...this.#spent].slice(-spentLimit));
    await this.save();
  }

  /** Writes the present state, such as after a failed write. @throws StoreError `write-failed`. */
  async save(): Promise<void> {
    this.#writing += 1;
    try {
      await this.#file.write(() => this.#document());
    } finally {
      this.#writing -= 1;
    }
    // While another write runs it is not known whether that one, or only this one, has the journal's last line.
    if (this.#writing === 0 && this.#journaled === this.#journal.count) this.#journal.clear();
  }

  /**
   * Calls `listener` after each change of an account, when it is in memory and not yet on disk.
   * @returns ends it.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param rotated the record whose credential is new */
  async #change(records: readonly AccountRecord[], rotated?: OpenRecord): Promise<void> {
    this.#records = records;
    this.#notify();
    if (rotated) await this.#note(rotated);
    await this.save();
  }

  #notify(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        // A screen's mistake must not look like a failed write.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  /** Notes a new credential at once: its predecessor is worthless already. A disk that says no will say so to `save` too. */
  async #note(record: OpenRecord): Promise<void> {
    await sealRecord(record, this.#box);
    if (!record.box) return;
    try {
      this.#journal.append({ id: record.account.id, sealed: record.box.sealed });
    } catch {
      // Only the wider net is missing: the promise of `put` still stands for accounts.json itself.
    }
  }

  async #document(): Promise<Document> {
    this.#journaled = this.#journal.count;
    const records = this.#records;
    const spentTokens = [...this.#spent];
    const accounts: unknown[] = [];
    for (const record of records) accounts.push(record.isOpen ? await sealRecord(record, this.#box) : record.stored);
    return { ...this.#file.initial, version: 1, accounts, spentTokens };
  }

  #find(id: string): OpenRecord | undefined {
    return this.#records.find((record): record is OpenRecord => record.isOpen && record.account.id === id);
  }

  #isLocked(id: string): boolean {
    return this.#records.some((record) => !record.isOpen && record.id === id);
  }
}

/** A journal that cannot be read must not keep anybody from the accounts themselves. */
function readJournal(journal: RotationJournal): Rotation[] {
  try {
    return journal.read();
  } catch {
    return [];
  }
}

type AccountRecord = OpenRecord | LockedRecord;
type Document = v.InferOutput<typeof documentSchema>;

const spentLimit = 500;
const hashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** Loose, and the records unchecked: one that only a newer version understands is kept, and locks no other. */
const documentSchema = v.looseObject({
  version: v.literal(1),
  accounts: v.array(v.unknown()),
  spentTokens: v.optional(v.array(v.string()), []),
});

function idOf(record: AccountRecord): string {
  return record.isOpen ? record.account.id : record.id;
}

function isTwin(record: AccountRecord, others: readonly AccountRecord[]): boolean {
  return record.isOpen && others.some((other) => other.isOpen && other.account.id === record.account.id);
}

function lockedOf(record: AccountRecord, stored: unknown): LockedRecord {
  if (!record.isOpen) return record;
  return { isOpen: false, stored, id: record.account.id, label: record.account.label, reason: 'twin' };
}

function notFound(id: string): StoreError {
  return new StoreError('account-not-found', `There is no account ${id}.`, 'kiro-pool accounts list shows them all.');
}

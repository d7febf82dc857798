import * as v from 'valibot';
import { credentialSchema } from '../auth/credential.ts';
import type { Credential } from '../auth/credential.ts';
import { accountSchema } from '../pool/account.ts';
import type { Account } from '../pool/account.ts';
import { pathsOf } from './json-file.ts';
import type { SecretBox } from './secret-box.ts';
import { StoreError } from './store-error.ts';

/** An account in memory, with what is needed to write it without losing anything. */
export type OpenRecord = {
  isOpen: true;
  /** Frozen, all the way down. */
  account: Account;
  /** Members that a newer version wrote and this one does not know. */
  unknown: Members;
  /** The box on disk and the credential in it, so that only a changed credential is sealed again. */
  box?: { sealed: string; credential: Credential; unknown: Members };
};

/** A record that is kept as it was read. */
export type LockedRecord = {
  isOpen: false;
  stored: unknown;
  /** Empty when the record has none. */
  id: string;
  label: string;
  /**
   * `cannot-open`: the box. `wrong-shape`: such as a state that only a newer version knows. `twin`: the id is there
   * twice.
   */
  reason: 'cannot-open' | 'wrong-shape' | 'twin';
};

type Members = Readonly<Record<string, unknown>>;

/** Reads one record of accounts.json. Never throws: what cannot be used comes back locked. */
export async function openRecord(stored: unknown, box: SecretBox): Promise<OpenRecord | LockedRecord> {
  const shape = v.safeParse(storedSchema, stored);
  if (!shape.success) return locked(stored, 'wrong-shape');
  const { id, credential: sealed } = shape.output;
  let plain: string;
  try {
    plain = await box.open(sealed, contextOf(id));
  } catch {
    return locked(stored, 'cannot-open');
  }
  const opened = v.safeParse(openedSchema, plain);
  if (!opened.success) return locked(stored, 'wrong-shape');
  const credential = v.safeParse(credentialSchema, opened.output);
  if (!credential.success) return locked(stored, 'wrong-shape');
  const account = v.safeParse(accountSchema, { ...shape.output, credential: credential.output });
  if (!account.success) return locked(stored, 'wrong-shape');
  return {
    isOpen: true,
    account: freeze(account.output),
    unknown: without(shape.output, accountSchema.entries),
    box: { sealed, credential: account.output.credential, unknown: without(opened.output, credential.output) },
  };
}

/**
 * What goes into accounts.json for an account. Remembers the box in `record`, so that the next write can use it again.
 */
export async function sealRecord(record: OpenRecord, box: SecretBox): Promise<Members> {
  const { credential, ...rest } = record.account;
  if (!hasSameBox(record)) {
    const unknown = record.box?.credential.kind === credential.kind ? record.box.unknown : {};
    const plain = JSON.stringify({ ...unknown, ...credential });
    record.box = { sealed: await box.seal(plain, contextOf(rest.id)), credential, unknown };
  }
  return { ...record.unknown, ...rest, credential: record.box?.sealed };
}

/** Whether the box on disk holds the record's credential, so that nothing has to be sealed. */
export function hasSameBox({ account, box }: OpenRecord): boolean {
  return box !== undefined && isSame(box.credential, account.credential);
}

/** A record of accounts.json with the newest credential that a killed process had noted for it, if one opens. */
export async function withRotation(
  stored: unknown,
  rotations: readonly { readonly id: string; readonly sealed: string }[],
  box: SecretBox,
): Promise<unknown> {
  const shape = v.safeParse(storedSchema, stored);
  if (!shape.success) return stored;
  const noted = rotations.filter(({ id }) => id === shape.output.id);
  for (const { sealed } of noted.toReversed()) {
    const candidate = { ...shape.output, credential: sealed };
    if ((await openRecord(candidate, box)).isOpen) return candidate;
  }
  return stored;
}

/**
 * A checked and frozen copy.
 * @throws StoreError `invalid-account`, which names the wrong members and not their values: what would be locked at
 *   the next start is never written.
 */
export function checkAccount(account: Account): Account {
  const parsed = v.safeParse(accountSchema, account);
  if (parsed.success) return freeze(parsed.output);
  throw new StoreError(
    'invalid-account',
    `The account ${account.id} has a wrong ${pathsOf(parsed.issues)}.`,
    'This is a mistake in Kiro Pool; please report it.',
  );
}

/** Where a credential is kept, bound into its box. */
function contextOf(id: string): string {
  return `account:${id}`;
}

const storedSchema = v.looseObject({ id: v.string(), credential: v.string() });
const openedSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));
const labelSchema = v.looseObject({ id: v.fallback(v.string(), ''), label: v.fallback(v.string(), '') });

function locked(stored: unknown, reason: LockedRecord['reason']): LockedRecord {
  const { id, label } = v.parse(v.fallback(labelSchema, { id: '', label: '' }), stored);
  return { isOpen: false, stored, id, label, reason };
}

function without(all: Members, known: object): Members {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(known, name)));
}

/** Both come out of the same schema, which gives their members one order. */
function isSame(a: Credential, b: Credential): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}

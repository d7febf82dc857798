import { randomBytes } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { syncFolder, writeFileAtomic } from './atomic-write.ts';
import {
  givenMasterKey,
  masterKeyFile,
  masterKeyVariable,
  parseMasterKey,
  readIfThere,
  refuseIfSealed,
  sealedKeyFile,
} from './master-key.ts';
import { createMasterKeyBox, masterKeyBytes, type SecretBox } from './secret-box.ts';
import { StoreError } from './store-error.ts';

/** What seals the master key: the keychain of the operating system, in the shape of Electron's safeStorage. */
export interface KeySealer {
  isAvailable(): Promise<boolean>;
  seal(plain: string): Promise<Buffer>;
  /** `shouldSealAgain` when the keychain has rotated its own key. */
  open(sealed: Buffer): Promise<{ readonly plain: string; readonly shouldSealAgain: boolean }>;
}

export interface KeychainBoxOptions {
  /** The open data folder; the caller owns its lock. */
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sealer: KeySealer;
  /** What the caller found the keychain to be; `weak` when it seals with a key that everybody knows. */
  readonly strength: KeychainStrength;
  /** Epoch ms, for the name of a file that is set aside. */
  readonly now: () => number;
  /** Gives n random bytes. */
  readonly random?: (bytes: number) => Buffer;
}

export type KeychainStrength = 'os-keychain' | 'weak';

/**
 * The box of the desktop app: a random master key that lies sealed by the keychain in `master.key.sealed` and is made at
 * first use. A key that lies open (`KIRO_POOL_MASTER_KEY`, `master.key`) goes first, as everywhere.
 *
 * A sealed key that does not open stays where it is: the keychain may open it later.
 * @throws StoreError `keychain-locked` (try again when it is unlocked), `bad-master-key`, `master-key-missing`,
 *   `newer-version`, `read-failed` or `write-failed`
 */
export async function keychainSecretBox(options: KeychainBoxOptions): Promise<SecretBox> {
  const { dataDir, env, random = randomBytes } = options;
  const given = await givenMasterKey(dataDir, env);
  if (given) return createMasterKeyBox(given.key, given.strength, random);
  const opened = await openSealedKey(options);
  if (opened === undefined) {
    await refuseIfSealed(dataDir);
    return newBox(options);
  }
  const isBetterNow = opened.strength === 'weak' && options.strength === 'os-keychain';
  let { strength } = opened;
  if (opened.shouldSealAgain || isBetterNow) {
    // The seal that is there opened just now: when this fails, the next start tries again.
    const isSealed = await seal(opened.key, options).then(
      () => true,
      () => false,
    );
    if (isSealed) strength = options.strength;
  }
  // The keychain that guards the file now may be worse than the one that sealed it.
  return createMasterKeyBox(opened.key, options.strength === 'weak' ? 'weak' : strength, random);
}

/**
 * Moves the key of a headless folder into the keychain: sealed, opened again for proof, and only then removed from where it
 * lies open. May be called again after a crash at any point; does nothing where there is no `master.key`.
 * @throws StoreError as `keychainSecretBox` does; `master.key` is then still there
 */
export async function moveKeyIntoKeychain(options: KeychainBoxOptions): Promise<void> {
  const { dataDir } = options;
  const given = await givenMasterKey(dataDir, {});
  if (!given) return;
  const path = join(dataDir, sealedKeyFile);
  const before = await readIfThere(path);
  if (before !== undefined && !(await holds(given.key, options))) await setAside(path, before, options.now());
  await seal(given.key, options);
  try {
    await unlink(join(dataDir, masterKeyFile));
    await syncFolder(dataDir);
  } catch (cause) {
    throw writeFailed(join(dataDir, masterKeyFile), cause);
  }
}

/**
 * Begins with a new key because the old one is lost for good: the sealed file is kept under a dated name, and what was sealed
 * with it stays in its files, locked.
 * @throws StoreError `keychain-locked` or `write-failed`; the old key is then still in force
 */
export async function startAfresh(options: KeychainBoxOptions): Promise<SecretBox> {
  const path = join(options.dataDir, sealedKeyFile);
  const before = await readIfThere(path);
  if (before !== undefined) await setAside(path, before, options.now());
  return newBox(options);
}

const fileSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({
    version: v.pipe(v.number(), v.integer()),
    /** That of the keychain when it sealed. */
    strength: v.picklist(['os-keychain', 'weak']),
    sealed: v.pipe(v.string(), v.base64(), v.nonEmpty()),
  }),
);

interface OpenedKey {
  readonly key: Buffer;
  readonly strength: KeychainStrength;
  readonly shouldSealAgain: boolean;
}

async function openSealedKey({ dataDir, sealer }: KeychainBoxOptions): Promise<OpenedKey | undefined> {
  const path = join(dataDir, sealedKeyFile);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const file = v.safeParse(fileSchema, text);
  if (!file.success) {
    const hint = `Bring back ${sealedKeyFile} from a backup, or set ${masterKeyVariable}.`;
    throw new StoreError('bad-master-key', `${path} is damaged.`, hint);
  }
  if (file.output.version !== 1) {
    throw new StoreError('newer-version', `${path} was written by a newer Kiro Pool.`, 'Update Kiro Pool.');
  }
  await checkAvailable(sealer);
  let answer: Awaited<ReturnType<KeySealer['open']>>;
  try {
    answer = await sealer.open(Buffer.from(file.output.sealed, 'base64'));
  } catch {
    throw locked('The keychain does not open the master key.');
  }
  const { strength } = file.output;
  return { key: parseMasterKey(answer.plain, path), strength, shouldSealAgain: answer.shouldSealAgain };
}

async function newBox(options: KeychainBoxOptions): Promise<SecretBox> {
  const { random = randomBytes, strength } = options;
  const key = random(masterKeyBytes);
  await seal(key, options);
  return createMasterKeyBox(key, strength, random);
}

/** Writes the key sealed. A keychain that cannot open what it has just sealed would lose it, so it is asked to. */
async function seal(key: Buffer, { dataDir, sealer, strength }: KeychainBoxOptions): Promise<void> {
  await checkAvailable(sealer);
  const plain = key.toString('base64');
  let sealed: Buffer;
  try {
    sealed = await sealer.seal(plain);
    if ((await sealer.open(sealed)).plain !== plain) throw new Error('It gives back something else.');
  } catch {
    throw locked('The keychain does not keep the master key.');
  }
  const path = join(dataDir, sealedKeyFile);
  const file = { version: 1, strength, sealed: sealed.toString('base64') };
  await writeFileAtomic(path, `${JSON.stringify(file)}\n`).catch((cause: unknown) => {
    throw writeFailed(path, cause);
  });
}

async function holds(key: Buffer, options: KeychainBoxOptions): Promise<boolean> {
  const opened = await openSealedKey(options).catch(() => undefined);
  return opened?.key.equals(key) ?? false;
}

/** A copy: the file itself stays until the new one takes its place in one step. */
async function setAside(path: string, text: string, at: number): Promise<void> {
  const time = new Date(at).toISOString().replaceAll(/[-:]/g, '');
  let keptAs = `${path}.lost-${time}`;
  for (let count = 2; (await readIfThere(keptAs)) !== undefined; count += 1) keptAs = `${path}.lost-${time}-${count}`;
  await writeFileAtomic(keptAs, text).catch((cause: unknown) => {
    throw writeFailed(keptAs, cause);
  });
}

async function checkAvailable(sealer: KeySealer): Promise<void> {
  const isAvailable = await sealer.isAvailable().catch(() => false);
  if (!isAvailable) throw locked('The keychain cannot be reached.');
}

/** Without the keychain's own error: it was handed the key, and nobody knows what it quotes. */
function locked(message: string): StoreError {
  return new StoreError('keychain-locked', message, 'Unlock the keychain, then try again.');
}

function writeFailed(path: string, cause: unknown): StoreError {
  return new StoreError('write-failed', `${path} could not be written.`, 'Check the disk and its permissions.', {
    cause,
  });
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-write.ts';
import {
  givenMasterKey,
  masterKeyFile,
  masterKeyVariable,
  readIfThere,
  refuseIfSealed,
  sealedKeyFile,
} from './master-key.ts';
import { createMasterKeyBox, masterKeyBytes } from './secret-box.ts';
import type { SecretBox } from './secret-box.ts';
import { StoreError } from './store-error.ts';

export type HeadlessBoxOptions = {
  /** The open data folder; the caller owns its lock, so that two processes never make two keys. */
  dataDir: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Gives n random bytes. */
  random?: (bytes: number) => Buffer;
};

/**
 * The box of a machine without a keychain: the key is `KIRO_POOL_MASTER_KEY` (32 bytes, base64), else the file
 * `master.key` of the data folder, which is made at first use (0600, synced).
 *
 * @throws StoreError `bad-master-key`, `master-key-missing`, `key-in-keychain`, `read-failed` or `write-failed`.
 */
export async function headlessSecretBox({
  dataDir,
  env,
  random = randomBytes,
}: HeadlessBoxOptions): Promise<SecretBox> {
  const given = await givenMasterKey(dataDir, env);
  if (given) return createMasterKeyBox(given.key, given.strength, random);
  if ((await readIfThere(join(dataDir, sealedKeyFile))) !== undefined) {
    throw new StoreError(
      'key-in-keychain',
      `The master key of ${dataDir} is in the keychain, which only the Kiro Pool app can open.`,
      `Start Kiro Pool, or set ${masterKeyVariable}.`,
    );
  }
  await refuseIfSealed(dataDir);
  const key = random(masterKeyBytes);
  const path = join(dataDir, masterKeyFile);
  try {
    await writeFileAtomic(path, `${key.toString('base64')}\n`);
  } catch (cause) {
    throw new StoreError('write-failed', `${path} could not be written.`, 'Check the disk and its permissions.', {
      cause,
    });
  }
  return createMasterKeyBox(key, 'key-file', random);
}

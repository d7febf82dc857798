import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from './atomic-write.ts';
import { masterKeyBytes } from './secret-box.ts';
import { StoreError } from './store-error.ts';

/** The environment variable that may hold the master key, 32 bytes in base64. */
export const masterKeyVariable = 'KIRO_POOL_MASTER_KEY';
/** The file of the data folder that holds it as it is, where there is no keychain. */
export const masterKeyFile = 'master.key';
/** The file of the data folder that holds it sealed by a keychain. */
export const sealedKeyFile = 'master.key.sealed';

/** A master key that lies open: in the environment, else in `master.key`. */
export interface GivenKey {
  readonly key: Buffer;
  readonly strength: 'environment-key' | 'key-file';
}

/** Undefined when neither is there. @throws StoreError `bad-master-key` or `read-failed` */
export async function givenMasterKey(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GivenKey | undefined> {
  const fromEnvironment = env[masterKeyVariable]?.trim();
  if (fromEnvironment) {
    return { key: parseMasterKey(fromEnvironment, masterKeyVariable), strength: 'environment-key' };
  }
  const path = join(dataDir, masterKeyFile);
  const onDisk = await readIfThere(path);
  return onDisk === undefined ? undefined : { key: parseMasterKey(onDisk.trim(), path), strength: 'key-file' };
}

/**
 * A new key is never made while the folder holds sealed boxes, since that would hide that the old key is lost.
 * @throws StoreError `master-key-missing`
 */
export async function refuseIfSealed(dataDir: string): Promise<void> {
  const sealedFiles = await filesWithBoxes(dataDir);
  if (sealedFiles.length === 0) return;
  throw new StoreError(
    'master-key-missing',
    `There are sealed secrets in ${sealedFiles.join(', ')}, but neither ${masterKeyVariable} nor ${join(dataDir, masterKeyFile)} to open them.`,
    `Set ${masterKeyVariable} or put ${masterKeyFile} back. If the key is lost for good, move these files away and sign in again.`,
  );
}

/**
 * Node's base64 decoder drops what it does not know, so the text is compared with what the bytes would be written as.
 * @param where names the place in an error
 * @throws StoreError `bad-master-key`
 */
export function parseMasterKey(text: string, where: string): Buffer {
  const key = Buffer.from(text, 'base64');
  const isBase64 = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  if (isBase64 && key.length === masterKeyBytes) return key;
  throw new StoreError(
    'bad-master-key',
    isBase64
      ? `The master key in ${where} has ${key.length} bytes; it must have ${masterKeyBytes}.`
      : `The master key in ${where} is not base64.`,
    'Bring back the right key; a new one is made with: openssl rand -base64 32',
  );
}

/** The text of a file, undefined when there is none. @throws StoreError `read-failed` */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw new StoreError('read-failed', `${path} could not be read.`, 'Check its permissions.', { cause });
  }
}

/** Set-aside and backup copies count as well: their boxes need the old key too. */
async function filesWithBoxes(dataDir: string): Promise<string[]> {
  const names = (await readdir(dataDir)).filter((name) => /^(accounts|keys)\.json/.test(name)).sort();
  const contents = await Promise.all(names.map((name) => readIfThere(join(dataDir, name))));
  return names.filter((_, index) => /"(credential|sealed)"\s*:\s*"/.test(contents[index] ?? ''));
}

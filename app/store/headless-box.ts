import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, writeFileAtomic } from './atomic-write.ts';
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
 * A new key is never made while the folder holds sealed boxes, since that would hide that the old key is lost.
 *
 * @throws StoreError `bad-master-key`, `master-key-missing`, `read-failed` or `write-failed`.
 */
export async function headlessSecretBox({
  dataDir,
  env,
  random = randomBytes,
}: HeadlessBoxOptions): Promise<SecretBox> {
  const fromEnvironment = env[variable]?.trim();
  if (fromEnvironment) return createMasterKeyBox(keyOf(fromEnvironment, variable), 'environment-key', random);

  const path = join(dataDir, keyFile);
  const onDisk = await readIfThere(path);
  if (onDisk !== undefined) return createMasterKeyBox(keyOf(onDisk.trim(), path), 'key-file', random);

  const sealedFiles = await filesWithBoxes(dataDir);
  if (sealedFiles.length > 0) {
    throw new StoreError(
      'master-key-missing',
      `There are sealed secrets in ${sealedFiles.join(', ')}, but neither ${variable} nor ${path} to open them.`,
      `Set ${variable} or put ${keyFile} back. If the key is lost for good, move these files away and sign in again.`,
    );
  }
  const key = random(masterKeyBytes);
  try {
    await writeFileAtomic(path, `${key.toString('base64')}\n`);
  } catch (cause) {
    throw new StoreError('write-failed', `${path} could not be written.`, 'Check the disk and its permissions.', {
      cause,
    });
  }
  return createMasterKeyBox(key, 'key-file', random);
}

const variable = 'KIRO_POOL_MASTER_KEY';
const keyFile = 'master.key';

/**
 * Node's base64 decoder drops what it does not know, so the text is compared with what the bytes would be written as.
 */
function keyOf(text: string, where: string): Buffer {
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

/** Set-aside and backup copies count as well: their boxes need the old key too. */
async function filesWithBoxes(dataDir: string): Promise<string[]> {
  const names = (await readdir(dataDir)).filter((name) => /^(accounts|keys)\.json/.test(name)).sort();
  const contents = await Promise.all(names.map((name) => readIfThere(join(dataDir, name))));
  return names.filter((_, index) => /"(credential|sealed)"\s*:\s*"/.test(contents[index] ?? ''));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw new StoreError('read-failed', `${path} could not be read.`, 'Check its permissions.', { cause });
  }
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { StoreError } from './store-error.ts';

/**
 * Seals secrets for the disk and opens them again.
 *
 * A box is bound to its `context`, the place where it is kept (`account:acc_x`, `key:default`): a box that was moved to
 * another account's record does not open. An implementation on Electron's safeStorage can keep a random master key
 * there and hand it to {@link createMasterKeyBox}.
 */
export interface SecretBox {
  /** @returns printable text that holds `plain`, different at every call. */
  seal(plain: string, context: string): Promise<string>;
  /** @throws StoreError `cannot-open` with another key, another context, or changed text. */
  open(sealed: string, context: string): Promise<string>;
  readonly strength: BoxStrength;
}

/** What guards the key. `weak` means that anyone who can read the files can open the boxes. */
export type BoxStrength = 'os-keychain' | 'key-file' | 'environment-key' | 'weak';

/** Length of a master key. */
export const masterKeyBytes = 32;

/**
 * A box with AES-256-GCM, a random nonce of 96 bits per seal, and the context as authenticated data. The text is `v1:`
 * and base64 of nonce, tag and ciphertext.
 *
 * @param random gives n random bytes.
 * @throws StoreError `bad-master-key` when the key is not 32 bytes.
 */
export function createMasterKeyBox(
  key: Buffer,
  strength: BoxStrength,
  random: (bytes: number) => Buffer = randomBytes,
): SecretBox {
  if (key.length !== masterKeyBytes) {
    throw new StoreError(
      'bad-master-key',
      `The master key has ${key.length} bytes; it must have ${masterKeyBytes}.`,
      'Make one with: openssl rand -base64 32',
    );
  }
  return {
    strength,
    async seal(plain, context) {
      const nonce = random(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(prefix + context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return prefix + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    async open(sealed, context) {
      if (!sealed.startsWith(prefix)) throw cannotOpen(context, 'it is of a kind that this version does not know');
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64');
      if (bytes.length < nonceBytes + tagBytes) throw cannotOpen(context, 'it is cut off');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(prefix + context));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString();
      } catch (cause) {
        throw cannotOpen(context, 'it was sealed with another key, for another place, or was changed', cause);
      }
    },
  };
}

const prefix = 'v1:';
const nonceBytes = 12;
const tagBytes = 16;

function cannotOpen(context: string, why: string, cause?: unknown): StoreError {
  return new StoreError(
    'cannot-open',
    `The secret of ${context} cannot be opened: ${why}.`,
    'Bring back the master key it was sealed with, or sign in again.',
    { cause },
  );
}

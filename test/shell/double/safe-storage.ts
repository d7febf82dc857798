import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { theMachine } from './machine.ts';
import { readiness, requireReady } from './readiness.ts';
import { Doubled, notDoubled } from './strict.ts';

type Member = 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync';

/**
 * The asynchronous side of `safeStorage`; the other is deprecated. Sealed as three letters that name the key's keeper, which key
 * of it, and a cipher text: another key does not open it.
 */
class SafeStorage extends Doubled implements Pick<Electron.SafeStorage, Member> {
  /** On Linux always true: the key that everybody knows is one, too. */
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return readiness.isReady && theMachine().secrets !== 'unavailable';
  }

  async encryptStringAsync(plainText: string): Promise<Buffer> {
    requireReady('safeStorage cannot be used');
    if (typeof plainText !== 'string') throw new TypeError('Error processing argument at index 0, conversion failure');
    const { secrets, secretGeneration } = theMachine();
    if (secrets === 'unavailable' || secrets === 'locked') {
      throw new Error('Error while encrypting the text provided to safeStorage.encryptStringAsync.');
    }
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', keyOf(secrets, secretGeneration), nonce);
    const text = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Buffer.concat([
      Buffer.from(secrets, 'latin1'),
      Buffer.from([secretGeneration]),
      nonce,
      cipher.getAuthTag(),
      text,
    ]);
  }

  async decryptStringAsync(encrypted: Buffer): Promise<Electron.DecryptStringAsyncReturnValue> {
    requireReady('safeStorage cannot be used');
    const { secrets, secretGeneration, oldestSecretGeneration } = theMachine();
    if (!Buffer.isBuffer(encrypted)) {
      throw new Error('Expected the first argument of decryptStringAsync() to be a buffer');
    }
    if (encrypted.length === 0) return { result: '', shouldReEncrypt: false };
    if (secrets === 'locked') {
      throw new Error('safeStorage.decryptStringAsync is temporarily unavailable. Please try again.');
    }
    const tag = encrypted.toString('latin1', 0, 3);
    const generation = encrypted[3] ?? 0;
    const isKnown = tag === 'v10' ? secrets !== 'unavailable' : tag === secrets && generation >= oldestSecretGeneration;
    if (!isKnown) throw failed();
    try {
      const decipher = createDecipheriv('aes-256-gcm', keyOf(tag, generation), encrypted.subarray(4, 16));
      decipher.setAuthTag(encrypted.subarray(16, 32));
      const result = Buffer.concat([decipher.update(encrypted.subarray(32)), decipher.final()]).toString('utf8');
      return { result, shouldReEncrypt: tag !== secrets || generation !== secretGeneration };
    } catch {
      throw failed();
    }
  }

  /** Of the deprecated side, and on Linux only; it says nothing of the asynchronous one. */
  get getSelectedStorageBackend(): Electron.SafeStorage['getSelectedStorageBackend'] {
    const { platform, secrets } = theMachine().options;
    if (platform !== 'linux') throw notDoubled('safeStorage.getSelectedStorageBackend beside Linux');
    return () => (secrets === 'v10' ? 'basic_text' : 'gnome_libsecret');
  }
}

export const safeStorage = new SafeStorage();

function keyOf(tag: string, generation: number): Buffer {
  return createHash('sha256').update(`${tag} ${generation}`).digest();
}

function failed(): Error {
  return new Error('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.');
}

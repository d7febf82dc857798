import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeySealer } from '../../app/store/keychain-box.ts';

/** A keychain that really seals, and can be locked, taken away, rotated, or broken. */
export class Keychain implements KeySealer {
  isThere = true;
  isLocked = false;
  /** Seals what it cannot open again. */
  isForgetful = false;
  seals = 0;
  #keys = [randomBytes(32)];

  /** Newer seals are made with another key; older ones still open. */
  rotate(): void {
    this.#keys = [randomBytes(32), ...this.#keys];
  }

  /** Nothing that was sealed before opens any more. */
  lose(): void {
    this.#keys = [randomBytes(32)];
  }

  isAvailable(): Promise<boolean> {
    return Promise.resolve(this.isThere);
  }

  async seal(plain: string): Promise<Buffer> {
    await this.#unlock();
    this.seals += 1;
    const nonce = randomBytes(12);
    const key = this.isForgetful ? randomBytes(32) : (this.#keys[0] ?? nonce);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  async open(sealed: Buffer): Promise<{ plain: string; shouldSealAgain: boolean }> {
    await this.#unlock();
    for (const [age, key] of this.#keys.entries()) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
      decipher.setAuthTag(sealed.subarray(12, 28));
      try {
        const plain = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString();
        return { plain, shouldSealAgain: age > 0 };
      } catch {
        // Sealed with an older key, perhaps.
      }
    }
    throw new Error('The keychain knows no such key');
  }

  #unlock(): Promise<void> {
    return this.isLocked ? Promise.reject(new Error('The user said no')) : Promise.resolve();
  }
}

import { safeStorage } from 'electron';
import type { KeychainStrength, KeySealer } from '../app/store/keychain-box.ts';

/** The system's key store through Electron's safeStorage (its asynchronous side; the other is deprecated). */
export const keySealer: KeySealer = {
  isAvailable: () => safeStorage.isAsyncEncryptionAvailable(),
  seal: (plain) => safeStorage.encryptStringAsync(plain),
  async open(sealed) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
    return { plain: result, shouldSealAgain: shouldReEncrypt };
  },
};

/**
 * On Linux safeStorage always says that it is available, since it falls back to a key that stands in Chromium's source. Only a
 * sealed probe tells, by its first three bytes: `v10` is that key, `v11` the Secret Service or KWallet, `v12` the portal
 * (chromium/components/os_crypt/async/browser). `getSelectedStorageBackend` speaks of the deprecated side.
 */
export async function keychainStrength(platform: NodeJS.Platform): Promise<KeychainStrength> {
  if (platform !== 'linux' || !(await safeStorage.isAsyncEncryptionAvailable())) return 'os-keychain';
  // A keychain that is locked seals nothing now; that it is locked is told when the key is to be opened.
  const probe = await safeStorage.encryptStringAsync('probe').catch(() => undefined);
  return probe?.subarray(0, 3).toString('latin1') === 'v10' ? 'weak' : 'os-keychain';
}

import { ok, warning, type Check } from './check.ts';

export type KeyStoreStrength = 'os-keychain' | 'key-file' | 'environment-key' | 'weak';

/** What guards the logins on the disk. */
export function checkKeyStore(strength: KeyStoreStrength): Check {
  const name = 'Key store';
  switch (strength) {
    case 'os-keychain':
      return ok(name, "Logins are sealed with the system's keychain.");
    case 'environment-key':
      return ok(name, 'Logins are sealed with the key in KIRO_POOL_MASTER_KEY.');
    case 'key-file':
      return warning(
        name,
        'Logins are sealed with the key file in the data folder: whoever can read the folder can open them.',
        'Keep the key elsewhere: set KIRO_POOL_MASTER_KEY, or use the desktop app with a keychain.',
      );
    case 'weak':
      return warning(
        name,
        'This desktop has no keychain: logins are sealed with a key that everybody knows.',
        'Set up a keyring such as GNOME Keyring or KWallet, then start Kiro Pool anew.',
      );
  }
}

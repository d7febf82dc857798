import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DesktopHands } from '../app/engine.ts';
import { moveKeyIntoKeychain } from '../app/store/keychain-box.ts';
import { keychainStrength, keySealer } from './key-sealer.ts';
import type { LoginItem } from './login-item.ts';

/** What the doctor is told of the desktop, and can have done there. */
export function desktopHands(around: {
  dataDir: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  hasTrayHost: () => Promise<boolean>;
  loginItem: LoginItem;
}): DesktopHands {
  const { dataDir, env, platform, hasTrayHost, loginItem } = around;
  return {
    facts: async () => ({
      hasTrayHost: await hasTrayHost(),
      startsAtLogin: await loginItem.isOn(),
      autostartProblem: await loginItem.problem(),
      hasPlainKey: existsSync(join(dataDir, 'master.key')) && (await keychainStrength(platform)) === 'os-keychain',
    }),
    mendAutostart: () => loginItem.set(true),
    moveKeyToKeychain: async () =>
      moveKeyIntoKeychain({
        dataDir,
        env,
        sealer: keySealer,
        strength: await keychainStrength(platform),
        now: Date.now,
      }),
  };
}

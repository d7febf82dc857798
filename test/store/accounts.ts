import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../app/pool/account.ts';
import { createMasterKeyBox } from '../../app/store/secret-box.ts';
import type { SecretBox } from '../../app/store/secret-box.ts';

/** A private folder that goes when the test ends. */
export function temporaryFolder(): Disposable & { path: string; file(name: string): string } {
  const path = mkdtempSync(join(tmpdir(), 'kiro-pool-store-'));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => {
      chmodSync(path, 0o700);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A box whose key is 32 times this byte. */
export function boxOf(byte: number): SecretBox {
  return createMasterKeyBox(Buffer.alloc(32, byte), 'key-file');
}

export function accountOf(letter: string, refreshToken = `refresh-${letter}`): Account {
  return {
    id: `acc_${letter.repeat(10)}`,
    label: `Account ${letter}`,
    isVerified: true,
    provenance: 'own',
    credential: { kind: 'social', accessToken: `access-${letter}`, refreshToken, expiresAt: 1_800_000_000_000 },
    state: { name: 'ready' },
    addedAt: 1_700_000_000_000,
  };
}

export const now = () => Date.UTC(2026, 7, 1, 12, 30, 15, 250);

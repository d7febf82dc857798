import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { createMasterKeyBox } from '../../app/store/secret-box.ts';
import { temporaryFolder } from './accounts.ts';
import type { Account } from '../../app/pool/account.ts';

const box = createMasterKeyBox(Buffer.alloc(32, 7), 'key-file');
const now = (): number => 1_795_400_000_000;

function account(refreshToken: string): Account {
  return {
    id: 'acc_aaaaaaaaaa',
    label: 'work',
    isVerified: true,
    provenance: 'own',
    credential: { kind: 'social', accessToken: 'access', refreshToken, expiresAt: 0 },
    state: { name: 'ready' },
    addedAt: 0,
  };
}

function refreshTokenOf(accounts: AccountsFile): unknown {
  const credential = accounts.get('acc_aaaaaaaaaa')?.credential;
  return credential?.kind === 'social' ? credential.refreshToken : undefined;
}

describe('a rotated token', () => {
  it('is noted before accounts.json is written, sealed and private', async () => {
    using folder = temporaryFolder();
    const accounts = await AccountsFile.open(folder, box, { now });
    await accounts.put(account('A'));
    const saved = accounts.put(account('rotated-B'));
    // The seal takes a turn of the event loop's smallest kind, no input or output.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    const journal = folder.file('rotations.log');
    expect(existsSync(journal)).toBe(true);
    expect(statSync(journal).mode & 0o777).toBe(0o600);
    expect(readFileSync(journal, 'utf8')).not.toContain('rotated-B');
    await saved;
    expect(existsSync(journal)).toBe(false);
  });

  it('is there again when the process was killed before accounts.json had it', async () => {
    using folder = temporaryFolder();
    const accounts = await AccountsFile.open(folder, box, { now });
    await accounts.put(account('A'));
    const before = readFileSync(folder.file('accounts.json'));
    const journal = await journalOf(folder, accounts, ['B', 'C']);
    // As a kill leaves it: the old accounts.json, the notes, and a line that was cut.
    writeFileSync(folder.file('accounts.json'), before);
    writeFileSync(folder.file('rotations.log'), `${journal}{"id":"acc_aaaaaaaaaa","sea`);
    const after = await AccountsFile.open(folder, box, { now });
    expect(refreshTokenOf(after)).toBe('C');
    expect(existsSync(folder.file('rotations.log'))).toBe(false);
    expect(refreshTokenOf(await AccountsFile.open(folder, box, { now }))).toBe('C');
  });

  it('that does not open, or is of an account that was removed, changes nothing', async () => {
    using folder = temporaryFolder();
    const accounts = await AccountsFile.open(folder, box, { now });
    await accounts.put(account('A'));
    const noise = [
      '{"id":"acc_aaaaaaaaaa","sealed":"v1:AAAA"}',
      '{"id":"acc_bbbbbbbbbb","sealed":"v1:AAAA"}',
      'noise',
      '',
    ];
    writeFileSync(folder.file('rotations.log'), noise.join('\n'));
    const after = await AccountsFile.open(folder, box, { now });
    expect(refreshTokenOf(after)).toBe('A');
    expect(after.list()).toHaveLength(1);
  });
});

/** The notes of several rotations, taken while they were being written. */
async function journalOf(
  folder: { file(name: string): string },
  accounts: AccountsFile,
  tokens: readonly string[],
): Promise<string> {
  let text = '';
  for (const token of tokens) {
    const saved = accounts.put(account(token));
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    text += readFileSync(folder.file('rotations.log'), 'utf8');
    await saved;
  }
  return text;
}

/** What another user of this machine finds, and who steals a folder or a backup. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { openBackup, sealBackup } from '../../app/store/backup-file.ts';
import { readScreenFiles } from '../../app/ui/screen-files.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator } from '../emulator/emulator.ts';
import { command } from '../support/command.ts';
import { temporaryFolder } from '../support/engine.ts';

describe.skipIf(process.platform === 'win32')('where files have modes', () => {
  test('umask 000: everything in the folder is still for its owner alone, the socket too', async () => {
    using folder = temporaryFolder();
    await using emulator = await startEmulator();
    writeFileSync(folder.file('endpoints.json'), JSON.stringify(emulator.endpoints));
    const account = emulator.addAccount({ kind: 'social' });
    writeCliStore(folder.file('store.sqlite3'), [{ account, login: account.newLogin() }]);
    const data = folder.file('data');
    const env = {
      ...process.env,
      KIRO_POOL_DATA_DIR: data,
      KIRO_POOL_ENDPOINTS: folder.file('endpoints.json'),
      HOME: folder.path,
    };
    const child = spawn(
      'sh',
      ['-c', 'umask 000; exec "$@"', 'sh', process.execPath, 'app/cli/main.ts', 'serve', '--port', '0', '--json'],
      {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      await once(createInterface(child.stdout), 'line');
      expect(
        (await command(env, 'accounts', 'import', '--from', 'kiro-cli', '--path', folder.file('store.sqlite3'))).code,
      ).toBe(0);
      const names = readdirSync(data, { recursive: true, encoding: 'utf8' });
      expect(names).toEqual(
        expect.arrayContaining(['control.sock', 'accounts.json', 'keys.json', 'owner.json', 'usage.db']),
      );
      const open = ['.', ...names].filter((name) => (statSync(join(data, name)).mode & 0o077) !== 0);
      expect(open).toEqual([]);
      const secrets = emulator.issuedSecrets();
      expect(secrets.length).toBeGreaterThan(2);
      const files = names.filter((name) => statSync(join(data, name)).isFile());
      for (const name of files) {
        const text = readFileSync(join(data, name), 'latin1');
        expect([name, secrets.filter((secret) => text.includes(secret.slice(0, 24)))]).toEqual([name, []]);
      }
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  test('a link among the screens leads nowhere', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('screens'));
    writeFileSync(folder.file('screens/index.html'), '<!doctype html>');
    writeFileSync(folder.file('secret.html'), 'beside the screens');
    symlinkSync(folder.file('secret.html'), folder.file('screens/link.html'));
    symlinkSync(folder.path, folder.file('screens/assets'));
    expect([...readScreenFiles(folder.file('screens')).keys()]).toEqual(['index.html']);
  });
});

describe('a stolen backup', () => {
  const envelope = v.object({
    scrypt: v.object({ N: v.number(), r: v.number(), p: v.number() }),
    createdAt: v.string(),
  });
  const content = { accounts: [], spentTokens: [], settings: {}, keys: [{ name: 'default', key: 'kp-secret' }] };
  const passphrase = 'correct horse battery';

  test('costs 128 MiB and a good part of a second for each guess', async () => {
    const { scrypt } = v.parse(envelope, JSON.parse(await sealBackup(content, passphrase, 0)));
    expect(scrypt).toMatchObject({ N: 2 ** 17, r: 8, p: 1 });
  });

  test('tells nothing without its passphrase but when it was made', async () => {
    const text = await sealBackup(content, passphrase, 0);
    expect(Object.keys(JSON.parse(text))).toEqual(['format', 'version', 'createdAt', 'scrypt', 'sealed']);
    expect(text).not.toContain('kp-secret');
    for (const wrong of ['', 'correct horse batter', 'Correct horse battery', `${passphrase} `])
      await expect(openBackup(text, wrong)).rejects.toMatchObject({ code: 'wrong-passphrase' });
  });

  test('does not open more cheaply with parameters that were turned down', async () => {
    const text = await sealBackup(content, passphrase, 0);
    for (const [from, to] of [
      ['"N": 131072', '"N": 16384'],
      ['"r": 8', '"r": 1'],
      ['"N": 131072', '"N": 2'],
      ['"r": 8', '"r": 0'],
    ] as const) {
      expect(text).toContain(from);
      await expect(openBackup(text.replace(from, to), passphrase)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:wrong-passphrase|not-a-backup)$/),
      });
    }
  });
});

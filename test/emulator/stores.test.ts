import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { seedFromSql, writeCliStore } from './cli-store.ts';
import { startEmulator, type EmulatedAccount, type Emulator } from './emulator.ts';
import { clientIdHash, writeIdeStore } from './ide-store.ts';
import { objectOf, parseJson, stringOf, type JsonObject } from './json.ts';
import { fixture, post } from './support.ts';

const folders: string[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'emulator-'));
  folders.push(path);
  return path;
}

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

function row(path: string, key: string): JsonObject {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return objectOf(parseJson(String(database.prepare('SELECT value FROM auth_kv WHERE key = ?').get(key)?.['value'])));
  } finally {
    database.close();
  }
}

describe('written stores', () => {
  it('kiro-cli rows have the members of the recorded ones, also behind a write-ahead log', async () => {
    await using emulator = await startEmulator();
    const path = join(folder(), 'data.sqlite3');
    const social = emulator.addAccount({ kind: 'social' });
    const idc = emulator.addAccount({ kind: 'identity-center' });
    const external = emulator.addAccount({ kind: 'external-idp' });
    const logins = [social, idc, external].map((account) => ({ account, login: account.newLogin() }));
    for (const wal of [false, true]) {
      writeCliStore(path, logins, { wal });
      expect(existsSync(`${path}-wal`)).toBe(wal);
      for (const [key, name] of [
        ['kirocli:social:token', 'authkv_social_token.json'],
        ['kirocli:odic:token', 'authkv_idc_token.json'],
        ['kirocli:odic:device-registration', 'authkv_device_registration.json'],
        ['kirocli:external-idp:token', 'authkv_external_idp_token.json'],
      ] as const) {
        expect(Object.keys(row(path, key)).sort()).toEqual(Object.keys(objectOf(fixture(name)['value'])).sort());
      }
    }
  });

  it('IDE files have the members of the recorded ones', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'builder-id' });
    const files = writeIdeStore(folder(), account, account.newLogin());
    const keys = (path = ''): string[] => Object.keys(objectOf(parseJson(readFileSync(path, 'utf8')))).sort();
    expect(keys(files.token)).toEqual(Object.keys(fixture('ide_token_builderid.json')).sort());
    expect(keys(files.registration)).toEqual(Object.keys(fixture('ide_client_registration.json')).sort());
    expect(clientIdHash('https://view.awsapps.com/start/')).toBe('e909a0580879b06ece1202964fbe9dda95ea4ce3');
  });
});

describe('seeded stores', () => {
  it.each(['social', 'builderid', 'idc', 'external_idp', 'mixed'])(
    '%s: the tokens of the rows are live',
    async (name) => {
      await using emulator = await startEmulator();
      const path = join(folder(), 'data.sqlite3');
      const sql = fileURLToPath(new URL(`../fixtures/cli_db_${name}.sql`, import.meta.url));
      const seeded = seedFromSql(emulator, sql, path);
      expect(seeded).toHaveLength(name === 'mixed' ? 3 : 1);
      expect(new Set(seeded.map((one) => one.refreshToken)).size).toBe(seeded.length);
      for (const { rowKey, account, refreshToken } of seeded) {
        const token = row(path, rowKey);
        expect(token['refresh_token']).toBe(refreshToken);
        expect(await refreshStatus(emulator, account, path, token)).toBe(200);
      }
    },
  );
});

/** Refreshes what a row holds, in the manner of its kind. */
async function refreshStatus(
  emulator: Emulator,
  account: EmulatedAccount,
  path: string,
  token: JsonObject,
): Promise<number> {
  const refreshToken = stringOf(token['refresh_token']);
  if (account.kind === 'social')
    return (await post(`${emulator.url}/auth.us-east-1/refreshToken`, { refreshToken })).status;
  if (account.kind === 'external-idp') {
    const form = { grant_type: 'refresh_token', client_id: stringOf(token['client_id']), refresh_token: refreshToken };
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await post(stringOf(token['token_endpoint']), new URLSearchParams(form).toString(), type)).status;
  }
  const { client_id: clientId, client_secret: clientSecret } = row(path, 'kirocli:odic:device-registration');
  const body = { grantType: 'refresh_token', clientId, clientSecret, refreshToken };
  return (await post(`${emulator.url}/oidc.${stringOf(token['region'])}/token`, body)).status;
}

const PROGRAM = fileURLToPath(new URL('kiro-cli.ts', import.meta.url));
const hasPython = existsSync('/usr/bin/python3');
const PTY = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs our kiro-cli, in a pseudo-terminal when asked; `onOutput` sees everything printed so far. */
async function kiroCli(
  emulator: Emulator,
  home: string,
  args: readonly string[],
  options: { tty?: boolean; onOutput?: (text: string, write: (input: string) => void) => void } = {},
): Promise<Run> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, ...args];
  const [file = '', ...rest] = options.tty === true ? ['/usr/bin/python3', '-c', PTY, ...command] : command;
  const child = spawn(file, rest, { env: { ...process.env, KIRO_EMULATOR_URL: emulator.url, XDG_DATA_HOME: home } });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (part) => {
    output += String(part);
    options.onOutput?.(output, (input) => child.stdin.write(input));
  });
  child.stderr.on('data', (part) => {
    errors += String(part);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output, errors };
}

describe('our kiro-cli', () => {
  it('needs a terminal to sign in, and says who is signed in', async () => {
    await using emulator = await startEmulator();
    const home = folder();
    expect((await kiroCli(emulator, home, ['logout'])).code).toBe(0);
    const refused = await kiroCli(emulator, home, ['login', '--license', 'free']);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('terminal')]);
    expect(await kiroCli(emulator, home, ['whoami', '-f', 'json'])).toMatchObject({
      code: 1,
      output: '{"account":null}\n',
    });
    const account = emulator.addAccount({ kind: 'identity-center' });
    const login = account.newLogin();
    const path = join(home, 'kiro-cli', 'data.sqlite3');
    writeCliStore(path, [{ account, login }]);
    const who = await kiroCli(emulator, home, ['whoami', '--format', 'json']);
    expect([who.code, objectOf(parseJson(who.output))['accountType']]).toEqual([0, 'IamIdentityCenter']);
    expect((await kiroCli(emulator, home, ['debug', 'refresh-auth-token'])).code).toBe(0);
    expect(row(path, 'kirocli:odic:token')['refresh_token']).not.toBe(login.refreshToken);
    expect((await kiroCli(emulator, home, ['login'])).errors).toContain('Already logged in, please logout');
    const out = await kiroCli(emulator, home, ['logout']);
    expect([out.code, out.errors]).toEqual([0, expect.stringContaining('You are now logged out')]);
    expect((await kiroCli(emulator, home, ['whoami'])).output).toBe('Not logged in\n');
  });

  it.skipIf(!hasPython)('signs in through a terminal by menu, code and approval', async () => {
    await using emulator = await startEmulator({ deviceIntervalMs: 50 });
    const account = emulator.addAccount({ kind: 'social', provider: 'google' });
    const home = folder();
    let [hasChosen, hasApproved] = [false, false];
    const run = await kiroCli(emulator, home, ['login', '--use-device-flow'], {
      tty: true,
      onOutput: (text, write) => {
        if (!hasChosen && text.includes('GitHub')) {
          hasChosen = true;
          write('2\n');
        }
        const code = /confirm the code: (\S+)/.exec(text)?.[1];
        if (!hasApproved && code !== undefined) {
          hasApproved = true;
          emulator.approveDevice(code, account.id);
        }
      },
    });
    expect(run.output).toContain('Logged in');
    expect(run.code).toBe(0);
    const token = row(join(home, 'kiro-cli', 'data.sqlite3'), 'kirocli:social:token');
    expect(token).toMatchObject({ provider: 'google', profile_arn: account.profileArn });
  });
});

describe('the emulator as its own process', () => {
  it('says where it listens, and stops when told to', async () => {
    const program = fileURLToPath(new URL('serve.ts', import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program]);
    const line = await new Promise<string>((resolve) => {
      child.stdout.once('data', (part) => resolve(String(part)));
    });
    const ready = objectOf(parseJson(line));
    expect(ready['event']).toBe('ready');
    expect((await post(`${stringOf(ready['url'])}/__emulator/add-account`, { kind: 'social' })).body['id']).toBe(
      'social-1',
    );
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => {
      child.on('exit', resolve);
    });
    expect(code).toBe(0);
  });
});

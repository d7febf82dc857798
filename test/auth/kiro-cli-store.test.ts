import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findKiroCliStore, kiroCliStorePaths, readKiroCliStore } from '../../app/auth/kiro-cli-store.ts';
import { fixtureText } from './scripted-transport.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiro-cli-store-'));
  path = join(folder, 'data.sqlite3');
});
afterEach(() => rmSync(folder, { recursive: true }));

const tables =
  'CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT); CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB);';
const refreshToken = `aorAAAAAG${'r'.repeat(200)}`;
const otherToken = `aorAAAAAG${'q'.repeat(200)}`;
const end = '2026-11-23T12:00:00.123456789Z';
const arn = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/EXAMPLEIDC12';
const idc = {
  access_token: 'aoa-idc',
  refresh_token: refreshToken,
  expires_at: end,
  region: 'eu-west-1',
  start_url: 'https://d-1234567890.awsapps.com/start',
};
const builderId = { ...idc, region: 'us-east-1', start_url: 'https://view.awsapps.com/start/' };
const social = { access_token: 'aoa-social', refresh_token: otherToken, expires_at: end, provider: 'Github' };
const external = {
  access_token: 'jwt',
  refresh_token: '1.AAAA-external',
  expires_at: end,
  client_id: 'client',
  issuer_url: 'https://login.microsoftonline.com/t/v2.0',
  token_endpoint: 'https://login.microsoftonline.com/t/oauth2/v2.0/token',
  scopes: ['a', 'offline_access'],
};
const registration = {
  client_id: 'id',
  client_secret: 'client-secret',
  client_secret_expires_at: 1803176000,
  region: 'eu-west-1',
};

/** Writes a store of these rows; a string or bytes go in as they are. */
function store(auth: Record<string, unknown>, profile?: unknown): void {
  using database = new DatabaseSync(path);
  database.exec(tables);
  const insert = database.prepare('INSERT INTO auth_kv VALUES (?, ?)');
  for (const [key, value] of Object.entries(auth))
    insert.run(key, typeof value === 'string' ? value : JSON.stringify(value));
  if (profile === undefined) return;
  const value = profile instanceof Uint8Array ? profile : JSON.stringify(profile);
  database.prepare("INSERT INTO state VALUES ('api.codewhisperer.profile', ?)").run(value);
}

function seed(name: string): void {
  using database = new DatabaseSync(path);
  database.exec(fixtureText(name));
}

/** What was read, in short: kind and profile, or the problem. */
function outline() {
  return readKiroCliStore(path).map((login) =>
    'credential' in login
      ? [login.row, login.credential.kind, login.credential.profileArn]
      : [login.row, login.problem],
  );
}

const socialArn = 'arn:aws:codewhisperer:us-east-1:699475941385:profile/EXAMPLESOC12';

describe('every recorded store gives its logins', () => {
  test.each([
    ['cli_db_social.sql', [['kirocli:social:token', 'social', socialArn]]],
    ['cli_db_builderid.sql', [['kirocli:odic:token', 'builder-id', undefined]]],
    ['cli_db_idc.sql', [['kirocli:odic:token', 'identity-center', arn]]],
    ['cli_db_external_idp.sql', [['kirocli:external-idp:token', 'external-idp', arn]]],
    [
      'cli_db_mixed.sql',
      [
        ['kirocli:social:token', 'social', socialArn],
        ['kirocli:odic:token', 'identity-center', undefined],
        ['kirocli:external-idp:token', 'external-idp', undefined],
      ],
    ],
  ])('%s', (name, expected) => {
    seed(name);
    expect(outline()).toEqual(expected);
  });

  test('with all that a refresh needs', () => {
    seed('cli_db_idc.sql');
    expect(readKiroCliStore(path)).toMatchObject([
      {
        credential: {
          ssoRegion: 'eu-west-1',
          startUrl: 'https://d-1234567890.awsapps.com/start',
          clientId: 'exampleClientId',
          clientSecretExpiresAt: Date.parse('2027-02-20T09:00:00Z'),
          expiresAt: Date.parse('2026-11-23T12:00:00.123Z'),
        },
      },
    ]);
  });
});

describe('the one profile that kiro-cli keeps goes to no login that may not own it', () => {
  const stored = { arn, profile_name: 'Profile' };
  const odic = { 'kirocli:odic:token': idc, 'kirocli:odic:device-registration': registration };

  test('bytes are as good as text', () => {
    store(odic, new TextEncoder().encode(JSON.stringify(stored)));
    expect(outline()).toEqual([['kirocli:odic:token', 'identity-center', arn]]);
  });
  test('never to a social login or a Builder ID', () => {
    store({ ...odic, 'kirocli:odic:token': builderId, 'kirocli:social:token': social }, stored);
    expect(outline()).toEqual([
      ['kirocli:social:token', 'social', undefined],
      ['kirocli:odic:token', 'builder-id', undefined],
    ]);
  });
  test('to nobody when two logins could own it', () => {
    store({ ...odic, 'kirocli:external-idp:token': external }, stored);
    expect(outline().map(([, , profile]) => profile)).toEqual([undefined, undefined]);
  });
  test('to nobody else when a social login names it as its own', () => {
    store({ ...odic, 'kirocli:social:token': { ...social, profile_arn: arn } }, stored);
    expect(outline().map(([, , profile]) => profile)).toEqual([arn, undefined]);
  });
  test('to the one login that is there twice', () => {
    store({ ...odic, 'codewhisperer:odic:token': idc }, stored);
    expect(outline()).toEqual([['kirocli:odic:token', 'identity-center', arn]]);
  });
  test.each([
    [
      'the profile that all Builder IDs share',
      { arn: 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX' },
    ],
    ['a malformed one', { arn: 'arn:aws:evil' }],
    ['one that is no JSON', new TextEncoder().encode('{"arn":')],
  ])('to nobody: %s', (_name, profile) => {
    store(odic, profile);
    expect(outline()).toEqual([['kirocli:odic:token', 'identity-center', undefined]]);
  });
});

describe('a row that cannot be used is told, and hides no other', () => {
  test.each([
    ['no refresh token', { ...idc, refresh_token: null }, 'no refresh token'],
    ['a truncated refresh token', { ...idc, refresh_token: `${refreshToken.slice(0, 20)}...` }, 'cut short'],
    ['not JSON', '{"access_token":"aoa-leak', 'not a JSON object'],
    ['a list', [1], 'not a JSON object'],
    ['a token of the wrong type', { ...idc, refresh_token: 7 }, 'unusable refresh_token'],
  ])('%s', (_name, row, problem) => {
    store({
      'kirocli:odic:token': row,
      'kirocli:odic:device-registration': registration,
      'kirocli:social:token': social,
    });
    expect(outline()).toEqual([
      ['kirocli:social:token', 'social', undefined],
      ['kirocli:odic:token', expect.stringContaining(problem)],
    ]);
  });

  test('an OIDC login without its client registration', () => {
    store({ 'kirocli:odic:token': idc, 'kirocli:social:token': social });
    expect(outline()[1]).toEqual(['kirocli:odic:token', expect.stringContaining('registration is missing')]);
  });
  test('an OIDC login beside the registration of another region', () => {
    const foreign = { ...registration, region: 'us-west-2' };
    store({ 'kirocli:odic:token': idc, 'codewhisperer:odic:device-registration': foreign });
    expect(outline()[0]?.[1]).toContain('registration is missing');
  });
  test('an external IdP without a token endpoint', () => {
    store({ 'kirocli:external-idp:token': { ...external, token_endpoint: null } });
    expect(outline()[0]?.[1]).toContain('tokenEndpoint');
  });
  test('a kind of token that did not exist when this was written', () => {
    store({ 'kirocli:quantum:token': social, 'kirocli:social:token': social });
    expect(outline().map(([row]) => row)).toEqual(['kirocli:social:token', 'kirocli:quantum:token']);
  });
});

describe('the kind is that of the row', () => {
  test.each([
    ['codewhisperer:odic:token', idc, 'identity-center'],
    ['kirocli:oidc:token', builderId, 'builder-id'],
    ['codewhisperer:odic:token', { ...builderId, start_url: null, region: null }, 'builder-id'],
    ['kirocli:odic:token', external, 'external-idp'],
  ])('%s of %j', (key, row, kind) => {
    store({ [key]: row, 'codewhisperer:odic:device-registration': { ...registration, region: undefined } });
    expect(outline().map((login) => login.slice(0, 2))).toEqual([[key, kind]]);
  });

  test('scopes come as a list or as text', () => {
    store({ 'kirocli:external-idp:token': external });
    expect(readKiroCliStore(path)).toMatchObject([{ credential: { scopes: 'a offline_access' } }]);
  });
});

test('two different logins of the same row name in old and new spelling are two', () => {
  store({
    'kirocli:odic:token': idc,
    'codewhisperer:odic:token': { ...idc, refresh_token: otherToken },
    'kirocli:odic:device-registration': registration,
  });
  expect(outline()).toHaveLength(2);
});

test('a store that is signed out has no logins', () => {
  store({});
  expect(readKiroCliStore(path)).toEqual([]);
});

test('a store without the state table still has its logins', () => {
  using database = new DatabaseSync(path);
  database.exec('CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT)');
  database.prepare('INSERT INTO auth_kv VALUES (?, ?)').run('kirocli:social:token', JSON.stringify(social));
  expect(outline()).toHaveLength(1);
});

describe('reading goes beside a program that writes', () => {
  test('what is only in the write-ahead log is seen, and what is not committed is not', () => {
    store({ 'kirocli:social:token': social });
    using writer = new DatabaseSync(path);
    writer.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;');
    const update = writer.prepare("UPDATE auth_kv SET value = ? WHERE key = 'kirocli:social:token'");
    for (const round of [1, 2, 3]) {
      const committed = `${refreshToken}${round}`;
      update.run(JSON.stringify({ ...social, refresh_token: committed }));
      writer.exec('BEGIN IMMEDIATE');
      update.run(JSON.stringify({ ...social, refresh_token: 'not committed' }));
      expect(readKiroCliStore(path)).toMatchObject([{ credential: { refreshToken: committed } }]);
      writer.exec('ROLLBACK');
    }
  });

  test('not one byte of the store changes', () => {
    seed('cli_db_mixed.sql');
    const before = readFileSync(path);
    readKiroCliStore(path);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a write-ahead log is left as it is, not folded into the store', () => {
    store({ 'kirocli:social:token': social });
    const writer = new DatabaseSync(path);
    writer.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; INSERT INTO auth_kv VALUES ('a', 'b');");
    const files = [path, `${path}-wal`];
    const before = files.map((file) => readFileSync(file));
    writer.close();
    for (const [index, bytes] of before.entries()) writeFileSync(files[index] ?? '', bytes);
    expect(outline()).toHaveLength(1);
    expect(files.map((file) => readFileSync(file))).toEqual(before);
  });

  test('a store that stays locked is unreadable, and the hint says what to do', () => {
    store({ 'kirocli:social:token': social });
    using writer = new DatabaseSync(path);
    writer.exec('BEGIN EXCLUSIVE');
    expect(() => readKiroCliStore(path, { busyTimeoutMs: 1 })).toThrow(
      expect.objectContaining({ code: 'unreadable', hint: expect.stringContaining('quit it') }),
    );
  });
});

describe('a file that is no store is told apart', () => {
  const codeOf = (): unknown => {
    try {
      readKiroCliStore(path);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  test('missing', () => {
    expect(codeOf()).toMatchObject({ code: 'not-found' });
  });
  test('not a database', () => {
    writeFileSync(path, 'x'.repeat(5000));
    expect(codeOf()).toMatchObject({ code: 'unreadable', message: expect.stringContaining('not an SQLite database') });
  });
  test('empty', () => {
    writeFileSync(path, '');
    expect(codeOf()).toMatchObject({ code: 'unreadable', message: expect.stringContaining('auth_kv') });
  });
  test('a folder', () => {
    mkdirSync(path);
    expect(codeOf()).toMatchObject({ code: 'unreadable' });
  });
  test('tables of another program', () => {
    using database = new DatabaseSync(path);
    database.exec('CREATE TABLE auth_kv (name TEXT, secret TEXT)');
    expect(codeOf()).toMatchObject({ code: 'unreadable' });
  });
  test('damaged in the middle', () => {
    seed('cli_db_mixed.sql');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, 4096));
    const error = codeOf();
    expect(error).toMatchObject({ code: 'unreadable' });
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/aorAAAA|aoaAAAA/);
  });
});

test('no problem and no error has a secret in it', () => {
  const secret = 'aor-very-secret';
  store({
    'kirocli:odic:token': `{"refresh_token":"${secret}", oops`,
    'kirocli:social:token': { ...social, access_token: [secret] },
    'kirocli:external-idp:token': { ...external, refresh_token: secret, token_endpoint: 'no url' },
    'codewhisperer:odic:token': { ...idc, refresh_token: `${secret}...` },
  });
  const logins = readKiroCliStore(path);
  expect(logins).toHaveLength(4);
  expect(JSON.stringify(logins)).not.toContain(secret);
});

describe('where a store may be', () => {
  test('on Linux', () => {
    expect(kiroCliStorePaths({}, 'linux', '/home/u')).toEqual([
      '/home/u/.local/share/kiro-cli/data.sqlite3',
      '/home/u/.local/share/amazon-q/data.sqlite3',
    ]);
    expect(kiroCliStorePaths({ XDG_DATA_HOME: '/x', KIROCLI_DB_PATH: '/db' }, 'linux', '/home/u')).toEqual([
      '/db',
      '/x/kiro-cli/data.sqlite3',
      '/x/amazon-q/data.sqlite3',
    ]);
  });
  test('on macOS', () => {
    expect(kiroCliStorePaths({}, 'darwin', '/Users/u')[0]).toBe(
      '/Users/u/Library/Application Support/kiro-cli/data.sqlite3',
    );
  });
  test('on Windows, Local before Roaming', () => {
    const env = { LOCALAPPDATA: 'C:\\U\\Local', APPDATA: 'C:\\U\\Roaming' };
    expect(kiroCliStorePaths(env, 'win32', 'C:\\U')).toEqual([
      'C:\\U\\Local\\Kiro-Cli\\data.sqlite3',
      'C:\\U\\Roaming\\Kiro-Cli\\data.sqlite3',
      'C:\\U\\Local\\amazon-q\\data.sqlite3',
    ]);
    expect(kiroCliStorePaths({}, 'win32', 'C:\\U')[0]).toBe('C:\\U\\AppData\\Local\\Kiro-Cli\\data.sqlite3');
  });
  test('the first that exists is taken', () => {
    const place = join(folder, 'amazon-q', 'data.sqlite3');
    expect(() => findKiroCliStore({ XDG_DATA_HOME: folder }, 'linux', folder)).toThrow(
      expect.objectContaining({ code: 'not-found', message: expect.stringContaining(place) }),
    );
    mkdirSync(dirname(place));
    writeFileSync(place, '');
    expect(findKiroCliStore({ XDG_DATA_HOME: folder }, 'linux', folder)).toBe(place);
  });
});

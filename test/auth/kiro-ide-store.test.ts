import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kiroIdeStore, readKiroIdeStore, type KiroIdeStore } from '../../app/auth/kiro-ide-store.ts';
import { fixture, fixtureText } from './scripted-transport.ts';

let home = '';
let store: KiroIdeStore;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kiro-ide-'));
  store = kiroIdeStore({}, 'linux', home);
  mkdirSync(dirname(store.tokenPath), { recursive: true });
  mkdirSync(dirname(store.profilePath), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

const builderIdHash = 'e909a0580879b06ece1202964fbe9dda95ea4ce3';
const arn = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/EXAMPLEIDC12';

function put(token: unknown): void {
  writeFileSync(store.tokenPath, typeof token === 'string' ? token : JSON.stringify(token));
}

function putRegistration(hash: string): void {
  writeFileSync(join(dirname(store.tokenPath), `${hash}.json`), fixtureText('ide_client_registration.json'));
}

function variation(name: string, change: object): object {
  const base = fixture(name);
  return typeof base === 'object' ? { ...base, ...change } : change;
}

describe('each kind of login of the IDE is read', () => {
  beforeEach(() => writeFileSync(store.profilePath, fixtureText('ide_profile.json')));

  test('social keeps its own profile', () => {
    put(fixtureText('ide_token_social.json'));
    expect(readKiroIdeStore(store)).toMatchObject([
      {
        row: 'kiro-auth-token.json',
        credential: {
          kind: 'social',
          provider: 'github',
          profileArn: 'arn:aws:codewhisperer:us-east-1:699475941385:profile/EXAMPLESOC12',
          expiresAt: Date.parse('2026-11-23T12:00:00Z'),
        },
      },
    ]);
  });
  test('Builder ID takes its client from the file of its hash, and no profile', () => {
    put(fixtureText('ide_token_builderid.json'));
    putRegistration(builderIdHash);
    const [login] = readKiroIdeStore(store);
    expect(login).toMatchObject({
      credential: { kind: 'builder-id', clientId: 'exampleClientId', ssoRegion: 'us-east-1' },
    });
    expect(login).not.toHaveProperty('credential.profileArn', arn);
  });
  test('Identity Center takes profile and start URL from beside it', () => {
    put(variation('ide_token_builderid.json', { provider: 'Enterprise', clientIdHash: 'abc', region: 'eu-west-1' }));
    putRegistration('abc');
    expect(readKiroIdeStore(store)).toMatchObject([
      {
        credential: {
          kind: 'identity-center',
          profileArn: arn,
          ssoRegion: 'eu-west-1',
          startUrl: 'https://d-1234567890.awsapps.com/start',
        },
      },
    ]);
  });
  test('external IdP takes the profile', () => {
    put(fixtureText('ide_token_external_idp.json'));
    expect(readKiroIdeStore(store)).toMatchObject([{ credential: { kind: 'external-idp', profileArn: arn } }]);
  });
});

describe('a login that cannot be used is told', () => {
  test('without its client registration', () => {
    put(fixtureText('ide_token_builderid.json'));
    expect(readKiroIdeStore(store)).toEqual([
      { row: 'kiro-auth-token.json', problem: expect.stringContaining('registration is missing') },
    ]);
  });
  test.each(['../../secret', '..\\secret', 'a/b', '', 'x'.repeat(129), '.'])(
    'a hash that would lead out of the folder is no path: %j',
    (clientIdHash) => {
      put(variation('ide_token_builderid.json', { clientIdHash }));
      expect(readKiroIdeStore(store)).toEqual([{ row: 'kiro-auth-token.json', problem: expect.any(String) }]);
    },
  );
  test('without a refresh token', () => {
    put(variation('ide_token_social.json', { refreshToken: null }));
    expect(readKiroIdeStore(store)).toMatchObject([{ problem: expect.stringContaining('no refresh token') }]);
  });
});

test('no file is not-found', () => {
  expect(() => readKiroIdeStore(store)).toThrow(expect.objectContaining({ code: 'not-found' }));
});

test.each(['{"refreshToken":"aor-very-secret"', '[]', '{"refreshToken":{"a":"aor-very-secret"}}', ''])(
  'a damaged file is unreadable, and its error holds nothing of it: %s',
  (text) => {
    put(text);
    expect(() => readKiroIdeStore(store)).toThrow(
      expect.objectContaining({ code: 'unreadable', message: expect.not.stringContaining('secret'), cause: undefined }),
    );
  },
);

test('each platform has its own folder', () => {
  expect(kiroIdeStore({}, 'darwin', '/Users/u').profilePath).toBe(
    '/Users/u/Library/Application Support/Kiro/User/globalStorage/kiro.kiroagent/profile.json',
  );
  expect(kiroIdeStore({ APPDATA: 'C:\\R' }, 'win32', 'C:\\U')).toEqual({
    tokenPath: 'C:\\U\\.aws\\sso\\cache\\kiro-auth-token.json',
    profilePath: 'C:\\R\\Kiro\\User\\globalStorage\\kiro.kiroagent\\profile.json',
  });
});

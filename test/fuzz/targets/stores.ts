import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { AuthError } from '../../../app/auth/auth-error.ts';
import { readKiroCliStore } from '../../../app/auth/kiro-cli-store.ts';
import { readKiroIdeStore } from '../../../app/auth/kiro-ide-store.ts';
import { AccountsFile } from '../../../app/store/accounts-file.ts';
import { SettingsFile } from '../../../app/store/settings-file.ts';
import { StoreError } from '../../../app/store/store-error.ts';
import { openCliStore } from '../../emulator/cli-store.ts';
import { accountOf, boxOf, now, temporaryFolder } from '../../store/accounts.ts';
import { makeJson } from '../mutate-json.ts';
import { makeOverwritten } from '../overwrite.ts';
import { mustHold, type Target } from '../target.ts';

type Folder = ReturnType<typeof temporaryFolder>;

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));

/** Two accounts as they lie on disk, and notes of two later tokens of the first. */
const { accountsText, rotationsSeed } = await ownSeeds();

/** Our own stores and those of other programs (DESIGN §4, §7). */
export const stores: readonly Target[] = [
  ownStore('store-accounts', 'accounts.json', accountsText, async (folder, onProblem) => {
    await AccountsFile.open(folder, boxOf(1), { now, onProblem });
  }),
  ownStore(
    'store-settings',
    'settings.json',
    Buffer.from('{"version":1,"strategy":"sticky","port":9000,"own":[1]}\n'),
    async (folder, onProblem) => {
      const settings = await SettingsFile.open(folder, { now, onProblem });
      mustHold(typeof settings.get('port') === 'number', 'a port that is no number');
    },
  ),
  {
    name: 'store-rotations',
    promise:
      'A damaged note of rotated tokens costs none of the logins of accounts.json, and what is whole in it counts.',
    inputs: 5_000,
    seeds: () => [rotationsSeed],
    async check(input) {
      using folder = temporaryFolder();
      writeFileSync(folder.file('accounts.json'), accountsText);
      writeFileSync(folder.file('rotations.log'), input);
      const accounts = await AccountsFile.open(folder, boxOf(1), { now });
      const tokens = accounts
        .list()
        .map(({ credential }) => ('refreshToken' in credential ? credential.refreshToken : ''));
      mustHold(tokens.length === 2 && tokens[1] === 'refresh-b', `the logins are ${tokens.join(', ')}`);
      mustHold(
        ['refresh-a', 'rotated-1', 'rotated-2'].includes(tokens[0] ?? ''),
        `a login with the token ${tokens[0]}`,
      );
      return `token ${tokens[0]}`;
    },
  },
  otherStore(
    'store-kiro-cli',
    () => [cliSeed()],
    (folder, input) => {
      const path = folder.file('data.sqlite3');
      writeFileSync(path, input);
      return [[path], () => readKiroCliStore(path, { busyTimeoutMs: 0 })];
    },
    { make: makeOverwritten },
  ),
  otherStore(
    'store-kiro-ide',
    () => ['ide_token_social.json', 'ide_token_builderid.json', 'ide_token_external_idp.json'].map(fixture),
    (folder, input) => {
      const tokenPath = folder.file('kiro-auth-token.json');
      const profilePath = folder.file('profile.json');
      writeFileSync(tokenPath, input);
      writeFileSync(profilePath, fixture('ide_profile.json'));
      return [[tokenPath, profilePath], () => readKiroIdeStore({ tokenPath, profilePath })];
    },
    { make: makeJson },
  ),
];

/** A file of ours: what cannot be read is kept, under its name or another. */
function ownStore(
  name: string,
  file: string,
  seed: Buffer,
  open: (folder: Folder, onProblem: () => void) => Promise<void>,
): Target {
  return {
    name,
    promise: `Whatever is in ${file}: it opens, or its bytes are kept under a new name and told, or it is refused and left alone.`,
    inputs: 10_000,
    seeds: () => [seed],
    make: makeJson,
    async check(input) {
      using folder = temporaryFolder();
      writeFileSync(folder.file(file), input);
      let problems = 0;
      const isKept = (): boolean =>
        readdirSync(folder.path).some((each) => readFileSync(folder.file(each)).equals(input));
      try {
        await open(folder, () => (problems += 1));
      } catch (error) {
        mustHold(isKept(), 'what was refused is gone');
        if (error instanceof StoreError) return `refused: ${error.code}`;
        throw error;
      }
      mustHold(isKept(), 'what was there is gone');
      const isAside = readdirSync(folder.path).some((each) => each.includes('.corrupt-'));
      mustHold(isAside === problems > 0, 'it was set aside without a word');
      return isAside ? 'kept aside' : 'opens';
    },
  };
}

/** A file of another program: read, never written. */
function otherStore(
  name: string,
  seeds: () => Buffer[],
  put: (folder: Folder, input: Buffer) => readonly [paths: readonly string[], read: () => readonly unknown[]],
  more: Pick<Target, 'make'> = {},
): Target {
  return {
    name,
    promise: 'A store of another program is read, or refused as `AuthError`, and is the same to the byte after it.',
    inputs: 10_000,
    seeds,
    ...more,
    check(input) {
      using folder = temporaryFolder();
      const [paths, read] = put(folder, input);
      const before = paths.map((path) => readFileSync(path));
      const outcome = outcomeOf(read);
      mustHold(
        paths.every((path, index) => before[index]?.equals(readFileSync(path)) === true),
        'it was written to',
      );
      return outcome;
    },
  };
}

function outcomeOf(read: () => readonly unknown[]): string {
  try {
    return read().length === 0 ? 'no login' : 'logins';
  } catch (error) {
    if (error instanceof AuthError) return error.code;
    throw error;
  }
}

async function ownSeeds(): Promise<{ accountsText: Buffer; rotationsSeed: Buffer }> {
  using folder = temporaryFolder();
  const accounts = await AccountsFile.open(folder, boxOf(1), { now });
  await accounts.put(accountOf('a'));
  await accounts.put(accountOf('b'));
  const accountsText = readFileSync(folder.file('accounts.json'));
  const lines = await Promise.all(
    ['rotated-1', 'rotated-2'].map(async (token) => {
      const { id, credential } = accountOf('a', token);
      return `${JSON.stringify({ id, sealed: await boxOf(1).seal(JSON.stringify(credential), `account:${id}`) })}\n`;
    }),
  );
  return { accountsText, rotationsSeed: Buffer.from(lines.join('')) };
}

function cliSeed(): Buffer {
  using folder = temporaryFolder();
  const path = folder.file('data.sqlite3');
  const database = openCliStore(path);
  for (const [key, name] of [
    ['kirocli:social:token', 'authkv_social_token.json'],
    ['kirocli:odic:token', 'authkv_idc_token.json'],
    ['kirocli:odic:device-registration', 'authkv_device_registration.json'],
  ] as const)
    database.prepare('INSERT INTO auth_kv (key, value) VALUES (?, ?)').run(key, fixture(name).toString('utf8'));
  // Small pages make a small file, of which more bytes mean something.
  database.exec('PRAGMA page_size = 512; VACUUM');
  database.close();
  return readFileSync(path);
}

import { describe, expect, test } from 'vitest';
import { nextMove, type Dialogue } from '../../app/auth/hand-off-dialogue.ts';
import { checkPage, findSignInPage, pageFor } from '../../app/auth/hand-off-page.ts';
import { loginArguments, type HandOffTarget } from '../../app/auth/hand-off-request.ts';
import { Screen } from '../../app/auth/hand-off-screen.ts';
import { environmentFor, findKiroCli, ownStoreOfKiroCli, whoami } from '../../app/auth/kiro-cli-program.ts';
import { kiroEndpoints } from '../../app/kiro/endpoints.ts';
import { fixtureText } from './scripted-transport.ts';
import { handOffWorld, runHandOff, typesOf } from './hand-off-world.ts';

const start: Dialogue = { answered: [] };
const google: HandOffTarget = { kind: 'google' };
const organisation: HandOffTarget = {
  kind: 'identity-center',
  startUrl: 'https://d-1.awsapps.com/start',
  region: 'eu-west-1',
};

function show(text: string): string[] {
  const screen = new Screen();
  screen.write(text);
  return screen.lines;
}

describe('the screen', () => {
  test.each([
    ['colours and titles', '\u001B]0;kiro\u0007\u001B[1;32m?\u001B[0m Select \u001B[?25l>', ['? Select >']],
    ['a redrawn menu', 'a\r\n> b\r\n  c\r\n\u001B[2A\u001B[2K  b\r\n\u001B[2K> c\r\n', ['a', '  b', '> c']],
    ['cells that changed', '> b\r\n  c\u001B[1;1H \u001B[2;1H>', ['  b', '> c']],
    ['a spinner', 'Opening |\rOpening /\rDone\u001B[K', ['Done']],
    ['a cleared screen', 'old\r\nold\u001B[2J\u001B[Hnew', ['new']],
    ['spaces by movement', 'a\u001B[3Cb', ['a   b']],
  ])('shows %s', (_name, text, lines) => {
    expect(show(text)).toEqual(lines);
    const piecewise = new Screen();
    for (const character of text) piecewise.write(character);
    expect(piecewise.lines).toEqual(lines);
  });

  test('does not grow without end', () => {
    const screen = new Screen();
    for (let line = 0; line < 5000; line += 1) screen.write(`${line}\r\n`);
    screen.write('x'.repeat(100_000));
    expect(screen.lines.length).toBeLessThanOrEqual(60);
    expect(screen.lines.at(-2)).toBe('4999');
  });
});

describe('the menu', () => {
  const menu = (marked: number): string[] => {
    const options = ['Use with Builder ID', 'Use with Google', 'Use with GitHub', 'Use with Your Organization'];
    return ['? Select login method ›', ...options.map((option, index) => `${index === marked ? '❯' : ' '} ${option}`)];
  };

  test('is walked with arrow keys, one at a time, and confirmed where the mark stands right', () => {
    const first = nextMove(menu(0), { kind: 'github' }, start);
    if (first.type !== 'press') throw new Error('nothing was pressed');
    expect(first.keys).toBe('\u001B[B');
    expect(nextMove(menu(0), { kind: 'github' }, first.dialogue)).toEqual({ type: 'wait' });
    const second = nextMove(menu(1), { kind: 'github' }, first.dialogue);
    expect(second).toMatchObject({ type: 'press', keys: '\u001B[B' });
    expect(nextMove(menu(3), { kind: 'github' }, start)).toMatchObject({ keys: '\u001B[A' });
    expect(nextMove(menu(2), { kind: 'github' }, start)).toMatchObject({
      keys: '\r',
      dialogue: { answered: ['menu'] },
    });
    expect(nextMove(menu(2), { kind: 'github' }, { answered: ['menu'] })).toEqual({ type: 'wait' });
    expect(nextMove(menu(3), organisation, start)).toMatchObject({ keys: '\r' });
  });

  test('is answered by number where it has numbers', () => {
    const lines = ['Select login method', '  1) Use with Builder ID', '  2) Use with Google', '> '];
    expect(nextMove(lines, google, start)).toMatchObject({ keys: '2\r' });
  });

  test('of a version without that kind is told', () => {
    const lines = ['? Select login method ›', '❯ Use with Builder ID', '  Use with IDC Account'];
    expect(nextMove(lines, google, start)).toEqual({ type: 'not-offered' });
  });

  test.each([
    ['a question we do not know', ['Pick a colour', '❯ Red', '  Blue']],
    ['what was chosen', ['✔ Select login method · Use with Google', 'To sign in with Google, visit:']],
    ['nothing', []],
  ])('is not seen in %s', (_name, lines) => {
    expect(nextMove(lines, google, start)).toEqual({ type: 'wait' });
  });
});

test('prompts of an organisation are confirmed where they are prefilled, and filled in where they are not', () => {
  const answered = nextMove(['? Enter Start URL (https://d-1.awsapps.com/start) ›'], organisation, start);
  expect(answered).toMatchObject({ keys: '\r', dialogue: { answered: ['start-url'] } });
  expect(nextMove(['? Enter Start URL ›'], organisation, start)).toMatchObject({
    keys: 'https://d-1.awsapps.com/start\r',
  });
  expect(nextMove(['? Enter Region (us-east-1) ›'], organisation, start)).toMatchObject({ keys: 'eu-west-1\r' });
  expect(nextMove(['? Enter Region ›'], google, start)).toEqual({ type: 'wait' });
});

describe('the page', () => {
  test.each([
    [
      [
        'To sign in with Google, visit:',
        '  https://app.kiro.dev/account/device?user_code=ABCD-EFGH&login_provider=Google',
        'And confirm the code: ABCD-EFGH',
      ],
      'https://app.kiro.dev/account/device?user_code=ABCD-EFGH&login_provider=Google',
    ],
    [
      [
        'News: https://kiro.dev/changelog',
        'Code: ABCD-EFGH',
        '',
        'Open this URL: https://d-1.awsapps.com/start/#/device?user_code=ABCD-EFGH',
      ],
      'https://d-1.awsapps.com/start/#/device?user_code=ABCD-EFGH',
    ],
    [
      ['Code: ABCD-EFGH', 'Open this URL: https://device.sso.us-east-1.amazonaws.com/.'],
      'https://device.sso.us-east-1.amazonaws.com/',
    ],
    [['Confirm the following code in the browser', 'Code: ABCD-EFGH'], undefined],
  ])('is found in %j', (lines, url) => {
    expect(findSignInPage(lines, kiroEndpoints)).toEqual({
      ...(url === undefined ? {} : { url }),
      userCode: 'ABCD-EFGH',
    });
  });

  test.each([
    'http://app.kiro.dev/x',
    'https://evil-kiro.dev/',
    'https://kiro.dev.evil.example/',
    'https://user@app.kiro.dev/',
    'https://app.kiro.dev:8443/',
    'https://amazonaws.com/',
    'http://127.0.0.1:8080/',
    'no url',
  ])('is none at %s', (url) => {
    expect(() => checkPage(url, kiroEndpoints)).toThrow(expect.objectContaining({ code: 'forbidden-host' }));
  });

  test('may be on loopback only while the endpoints are replaced', () => {
    expect(checkPage('http://127.0.0.1:8080/', { ...kiroEndpoints, replaced: true })).toBe('http://127.0.0.1:8080/');
  });

  test('is made where kiro-cli prints only the code', () => {
    expect(pageFor(google, 'ABCD-EFGH')).toBe(
      'https://app.kiro.dev/account/device?user_code=ABCD-EFGH&login_provider=Google',
    );
    expect(pageFor({ kind: 'builder-id' }, 'ABCD-EFGH')).toBe(
      'https://view.awsapps.com/start/#/device?user_code=ABCD-EFGH',
    );
    expect(pageFor(organisation, 'ABCD-EFGH')).toBe('https://d-1.awsapps.com/start/#/device?user_code=ABCD-EFGH');
  });
});

test('arguments are only those that kiro-cli has', () => {
  expect(loginArguments({ kind: 'github' })).toEqual(['login', '--use-device-flow']);
  expect(loginArguments({ kind: 'builder-id' })).toEqual(['login', '--license', 'free', '--use-device-flow']);
  expect(loginArguments(organisation)).toContain('https://d-1.awsapps.com/start');
  for (const startUrl of [
    'http://d-1.awsapps.com/start',
    '--help',
    'https://a b',
    'https://a/\u001B[A',
    'https://u:p@a/',
  ])
    expect(() => loginArguments({ ...organisation, startUrl })).toThrow(expect.objectContaining({ code: 'rejected' }));
  expect(() => loginArguments({ ...organisation, region: '--help' })).toThrow(
    expect.objectContaining({ code: 'rejected' }),
  );
});

describe('the program', () => {
  const find = (platform: NodeJS.Platform, environment: Record<string, string>, ...installed: string[]) =>
    findKiroCli(environment, platform, platform === 'win32' ? String.raw`C:\Users\me` : '/home/me', (path) =>
      installed.includes(path),
    );

  test('is the first on PATH, else where its installers put it', () => {
    expect(find('linux', { PATH: 'bin:/a:/b' }, '/b/kiro-cli', '/home/me/.local/bin/kiro-cli', 'bin/kiro-cli')).toBe(
      '/b/kiro-cli',
    );
    expect(find('linux', {}, '/usr/local/bin/kiro-cli')).toBe('/usr/local/bin/kiro-cli');
    expect(find('darwin', {}, '/opt/homebrew/bin/kiro-cli')).toBe('/opt/homebrew/bin/kiro-cli');
    const local = String.raw`C:\Users\me\AppData\Local\Kiro-Cli\kiro-cli.exe`;
    expect(find('win32', {}, local)).toBe(local);
    expect(find('win32', { Path: String.raw`C:\x;.\y` }, String.raw`C:\x\kiro-cli.exe`)).toBe(
      String.raw`C:\x\kiro-cli.exe`,
    );
    expect(find('linux', { PATH: '/a' })).toBeUndefined();
  });

  test('writes to its own store, wherever we were told to read', () => {
    expect(ownStoreOfKiroCli({ KIROCLI_DB_PATH: '/x' }, 'linux', '/home/me')).toBe(
      '/home/me/.local/share/kiro-cli/data.sqlite3',
    );
  });

  test('gets nothing that is meant for us alone', () => {
    expect(environmentFor({ file: '/k', environment: { A: '1', KIRO_POOL_MASTER_KEY: 'k', B: undefined } })).toEqual({
      A: '1',
    });
  });

  const saying = (text: string, exit: number, timeoutMs = 10_000) => ({
    file: process.execPath,
    leading: [
      '-e',
      `process.stdout.write(${JSON.stringify(text)}); ${exit < 0 ? 'setInterval(() => {}, 1000)' : `process.exitCode = ${exit}`}`,
      '--',
    ],
    environment: {},
    timeoutMs,
  });

  test('says who it is, in each shape', async () => {
    const recorded: unknown = JSON.parse(fixtureText('cli_whoami.json'));
    const answers = Array.isArray(recorded) ? recorded : [];
    const said = await Promise.all(
      answers.map(({ exit, stdout }: { exit: number; stdout: object }) => whoami(saying(JSON.stringify(stdout), exit))),
    );
    expect(said).toEqual([
      { accountType: 'BuilderId', startUrl: 'https://view.awsapps.com/start' },
      { accountType: 'IamIdentityCenter', startUrl: 'https://d-1234567890.awsapps.com/start' },
      { accountType: 'SocialGoogle', email: 'user@example.com' },
      undefined,
    ]);
    expect(await whoami(saying('Logged in with Google\nEmail: a@b.example\n', 0))).toEqual({
      accountType: 'SocialGoogle',
      email: 'a@b.example',
    });
    expect(
      await whoami(saying('A new version is out\n{"accountType":"X","profile":{"arn":"arn:x"},"email":7}\n', 0)),
    ).toEqual({ accountType: 'X', profileArn: 'arn:x' });
  });

  test('that answers nothing, or something else, is told and ended', async () => {
    await expect(whoami(saying('', -1, 300))).rejects.toMatchObject({
      code: 'retry-later',
      message: expect.stringContaining('in time'),
    });
    await expect(whoami(saying('', 4))).rejects.toMatchObject({ code: 'retry-later' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('cancelled')), 100);
    await expect(whoami(saying('', -1), controller.signal)).rejects.toThrow('cancelled');
  });
});

test('a kiro-cli whose menu is drawn with escape sequences is driven through it', async () => {
  await using world = await handOffWorld();
  const account = world.emulator.addAccount({ kind: 'social', provider: 'github' });
  const written = JSON.stringify([world.storePath, [{ account: { profiles: [] }, login: account.newLogin() }]]);
  const { events } = await runHandOff(
    world,
    { kind: 'github', whatAboutPrevious: 'refuse' },
    {
      ports: {
        program: world.stub(`
          const { writeCliStore } = await import(${JSON.stringify(new URL('../emulator/cli-store.ts', import.meta.url).href)});
          const options = ['Use with Builder ID', 'Use with Google', 'Use with GitHub', 'Use with Your Organization'];
          let marked = 0;
          const draw = () => options.map((option, index) => (index === marked ? '\\x1b[36m❯ ' + option + '\\x1b[0m' : '  ' + option) + '\\n').join('');
          process.stdout.write('\\x1b[?25l\\x1b[33m?\\x1b[0m Select login method \\x1b[90m›\\x1b[0m\\n' + draw());
          process.stdin.setRawMode(true);
          process.stdin.on('data', (key) => {
            if (String(key) !== '\\r') {
              marked += String(key) === '\\x1b[B' ? 1 : -1;
              return process.stdout.write('\\x1b[4A' + draw().replaceAll('\\n', '\\x1b[K\\n'));
            }
            const provider = options[marked].slice(9);
            process.stdout.write('\\x1b[5A\\x1b[J✔ Select login method · ' + options[marked] + '\\n\\nTo sign in with ' + provider + ', visit:\\n  https://app.kiro.dev/account/device?user_code=ABCD-EFGH&login_provider=' + provider + '\\nAnd confirm the code: ABCD-EFGH\\n');
            setTimeout(() => { writeCliStore(...${written}); process.exit(0); }, 100);
          });`),
      },
    },
  );
  expect(typesOf(events)).toEqual(['checking', 'backed-up', 'waiting', 'signed-in', 'done']);
  expect(events[2]).toMatchObject({ url: expect.stringContaining('login_provider=GitHub'), userCode: 'ABCD-EFGH' });
});

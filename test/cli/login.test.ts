import { describe, expect, it } from 'vitest';
import type { AccountSpec } from '../emulator/emulator.ts';
import { start } from '../support/command.ts';
import { forms, sit, startHome, type Home } from './person.ts';

const startUrl = 'https://d-1234567890.awsapps.com/start';
const kinds: readonly [string, AccountSpec][] = [
  ['--kind google', { kind: 'social', provider: 'google', email: 'me@example.com' }],
  ['--kind github', { kind: 'social', provider: 'github', email: 'me@example.com' }],
  ['--kind builder-id', { kind: 'builder-id', email: 'me@example.com' }],
  [
    `--kind identity-center --start-url ${startUrl} --region eu-west-1`,
    { kind: 'identity-center', email: 'me@example.com', startUrl, ssoRegion: 'eu-west-1' },
  ],
];

/** Confirms the code in the browser as soon as it is shown. */
function confirming({ emulator }: Home, accountId: string): (text: string) => void {
  return (text) => {
    const [device] = emulator.pendingDevices();
    if (device && text.includes(device.userCode)) emulator.approveDevice(device.userCode, accountId);
  };
}

async function list(home: Home): Promise<unknown> {
  return (await sit(home.env, {}, 'accounts list --json')).json();
}

describe.each(forms)('accounts login while %s', (form) => {
  it.each(kinds)('%s gives the pool a login of its own', async (options, spec) => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount(spec);
    const ran = await sit(home.env, { onOut: confirming(home, account.id) }, `accounts login ${options} --json`);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [code, result] = ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(code).toEqual({
      event: 'code',
      userCode: expect.stringMatching(/^\w{4}-\w{4}$/),
      url: expect.stringContaining('http'),
      expiresAt: expect.any(Number),
    });
    expect(result).toMatchObject({ id: expect.any(String), label: 'me@example.com', kind: spec.kind, result: 'added' });
    expect(await list(home)).toMatchObject([{ provenance: 'own', email: 'me@example.com', state: { name: 'ready' } }]);
    // It can be refreshed: the chain is the pool's own.
    account.expireAccessTokens();
    expect((await sit(home.env, {}, 'accounts refresh me@example.com')).code).toBe(0);
    for (const secret of home.emulator.issuedSecrets().filter((each) => !ran.out.includes(`"${each}"`))) {
      expect(ran.out + ran.err + home.log.join('')).not.toContain(secret);
    }
  });

  it('shows people the code large, and the page to open', async () => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount({ kind: 'social', email: 'me@example.com' });
    let code = '';
    const onOut = (text: string): void => {
      code ||= home.emulator.pendingDevices()[0]?.userCode ?? '';
      if (code !== '' && text.includes(code.split('').join(' '))) home.emulator.approveDevice(code, account.id);
    };
    const ran = await sit(home.env, { onOut }, 'accounts login --kind google');
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringMatching(/│ {3}\w .*│[\s\S]*http[\s\S]*added +me@example/),
    });
  });

  it('updates the account of the same person, which keeps its label and its id', async () => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount({ kind: 'social', email: 'me@example.com' });
    const login = (): ReturnType<typeof sit> =>
      sit(home.env, { onOut: confirming(home, account.id) }, 'accounts login --kind google --json');
    await login();
    await sit(home.env, {}, 'accounts label me@example.com Work');
    await sit(home.env, {}, 'accounts overage Work on --daily-cap 5');
    expect((await login()).out).toContain('"result":"updated"');
    expect(await list(home)).toMatchObject([{ label: 'Work', overage: { isAllowed: true, dailyCap: 5 } }]);
    expect(home.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  it('ends at Ctrl-C, and leaves nothing behind', async () => {
    await using home = await startHome(form);
    home.emulator.addAccount({ kind: 'social' });
    const stop = Promise.withResolvers<void>();
    const ran = await sit(
      home.env,
      { stop: stop.promise, onOut: () => stop.resolve() },
      'accounts login --kind google --json',
    );
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.err)).toMatchObject({ error: { message: 'The sign-in was cancelled.' } });
    expect(await list(home)).toEqual([]);
    // A code that is confirmed too late adds nobody.
    const [device] = home.emulator.pendingDevices();
    if (device) home.emulator.approveDevice(device.userCode, 'social-1');
    expect(await list(home)).toEqual([]);
  });

  it('says so when it was declined', async () => {
    await using home = await startHome(form);
    home.emulator.addAccount({ kind: 'builder-id' });
    const onOut = (): void => {
      const [device] = home.emulator.pendingDevices();
      if (device) home.emulator.denyDevice(device.userCode);
    };
    const ran = await sit(home.env, { onOut }, 'accounts login --kind builder-id');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('declined') });
    expect(await list(home)).toEqual([]);
  });

  it('parks a login that has several profiles, until one is chosen', async () => {
    await using home = await startHome(form);
    const arn = (name: string): string => `arn:aws:codewhisperer:us-east-1:123456789012:profile/${name}`;
    const profiles = [{ arn: arn('AAAAAAAAAAAA') }, { arn: arn('BBBBBBBBBBBB') }];
    const account = home.emulator.addAccount({
      kind: 'identity-center',
      startUrl,
      email: 'me@example.com',
      apiRegion: 'us-east-1',
      profiles,
    });
    const line = `accounts login --kind identity-center --start-url ${startUrl} --region eu-west-1 --json`;
    const ran = await sit(home.env, { onOut: confirming(home, account.id) }, line);
    expect(ran.out).toMatch(/several profiles.*accounts profile/);
    expect(await list(home)).toMatchObject([{ label: 'identity-center-eu-west-1', state: { name: 'parked' } }]);
    const wrong = await sit(home.env, {}, `accounts profile identity-center-eu-west-1 ${arn('CCCCCCCCCCCC')}`);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('no profile') });
    const chosen = await sit(home.env, {}, `accounts profile identity-center-eu-west-1 ${arn('BBBBBBBBBBBB')} --json`);
    expect(chosen.json()).toMatchObject({ result: 'updated', label: 'me@example.com' });
    const again = await sit(
      home.env,
      { onOut: confirming(home, account.id) },
      `${line} --profile ${arn('BBBBBBBBBBBB')}`,
    );
    expect(again.out).toContain('"result":"updated"');
    expect(await list(home)).toMatchObject([{ email: 'me@example.com', state: { name: 'ready' } }]);
  });

  it('has the login on disk before anything else is asked: a Kiro that fails costs no sign-in', async () => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount({ kind: 'builder-id' });
    home.emulator.inject({ on: 'usage', times: 'always', fault: { kind: 'http', status: 500, body: {} } });
    const ran = await sit(home.env, { onOut: confirming(home, account.id) }, 'accounts login --kind builder-id --json');
    expect(ran.out).toContain('did not tell whose it is yet');
    expect(await list(home)).toMatchObject([{ label: 'builder-id-us-east-1', isVerified: false }]);
  });
});

describe('accounts login', () => {
  it.each([
    '',
    '--kind nonsense',
    '--kind identity-center',
    `--kind identity-center --start-url ${startUrl}`,
    '--kind identity-center --start-url http://x.example --region us-east-1',
    `--kind identity-center --start-url ${startUrl} --region nowhere`,
    '--kind google --profile nonsense',
  ])('%s is refused as wrong usage before anything is asked', async (options) => {
    await using home = await startHome('idle');
    const ran = await sit(home.env, {}, `accounts login ${options} --json`.replace('  ', ' '));
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
    expect(home.emulator.journal).toHaveLength(0);
  });

  it('ends at a real Ctrl-C, with words', async () => {
    await using home = await startHome('idle');
    await using child = start({ ...process.env, ...home.env }, 'accounts', 'login', '--kind', 'builder-id', '--json');
    expect(JSON.parse(await child.firstLine)).toMatchObject({ event: 'code' });
    child.child.kill('SIGINT');
    expect(await child.ended).toBe(1);
    expect(child.err()).toContain('The sign-in was cancelled.');
    expect(await list(home)).toEqual([]);
  });

  it('lets few wait at a time, and closes at once although they wait', async () => {
    await using home = await startHome('serving');
    const handlers = home.engine?.handlers;
    if (!handlers) throw new Error('nobody serves');
    const started = [];
    for (let count = 0; count < 4; count += 1) started.push(await handlers['login.start']({ kind: 'google' }));
    expect(new Set(started.map(({ loginId }) => loginId)).size).toBe(4);
    expect(JSON.stringify(started)).not.toMatch(/deviceCode|clientSecret/);
    await expect(handlers['login.start']({ kind: 'google' })).rejects.toMatchObject({ code: 'retry-later' });
    await expect(handlers['login.wait']({ loginId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
    const waited = Promise.resolve(handlers['login.wait']({ loginId: started[0]?.loginId ?? '' })).catch(
      (error: unknown) => error,
    );
    const before = performance.now();
    await home.engine?.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(await waited).toMatchObject({ message: expect.stringContaining('stopping') });
  });
});

describe('accounts login with nobody else there', () => {
  it('lets other commands in while it waits for the person', async () => {
    await using home = await startHome('idle');
    const account = home.emulator.addAccount({ kind: 'social', email: 'me@example.com' });
    const shown = Promise.withResolvers<void>();
    const onOut = (): void => shown.resolve();
    const login = sit(home.env, { onOut }, 'accounts login --kind google --json');
    await shown.promise;
    expect(await list(home)).toEqual([]);
    expect((await sit(home.env, {}, 'strategy drain --json')).code).toBe(0);
    const [device] = home.emulator.pendingDevices();
    home.emulator.approveDevice(device?.userCode ?? '', account.id);
    expect((await login).code).toBe(0);
    expect(await list(home)).toMatchObject([{ email: 'me@example.com' }]);
    expect((await sit(home.env, {}, 'strategy --json')).json()).toMatchObject({ strategy: 'drain' });
  });
});

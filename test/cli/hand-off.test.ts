import { mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeCliStore } from '../emulator/cli-store.ts';
import { withKiroCli } from './kiro-cli-on-path.ts';
import { sit, startHome, type Home } from './person.ts';

function confirming({ emulator }: Home, accountId: string): (text: string) => void {
  return (text) => {
    const [device] = emulator.pendingDevices();
    const isShown = device && (text.includes(device.userCode) || text.includes(device.userCode.split('').join(' ')));
    if (isShown) emulator.approveDevice(device.userCode, accountId);
  };
}

// An engine that serves was started before kiro-cli was put on this PATH.
const form = 'idle';

describe('accounts login --with-kiro-cli', () => {
  it('takes a second account, and gives kiro-cli its own login back', async () => {
    await using home = await startHome(form);
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    const mine = home.emulator.addAccount({ kind: 'social', provider: 'google', email: 'me@example.com' });
    const work = home.emulator.addAccount({ kind: 'social', provider: 'github', email: 'me@work.example' });
    writeCliStore(store, [{ account: mine, login: mine.newLogin() }]);
    const before = readFileSync(store);

    const refused = await sit(env, {}, 'accounts login --kind github --with-kiro-cli');
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('signed in as SocialGoogle') });
    expect(readFileSync(store).equals(before)).toBe(true);

    const onOut = confirming(home, work.id);
    const ran = await sit(env, { onOut }, 'accounts login --kind github --with-kiro-cli --previous put-back');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('kiro-cli is again as it was.') });
    expect(ran.out).toMatch(/added +me@work\.example/);
    expect(readFileSync(store).equals(before)).toBe(true);
    expect((await sit(env, {}, 'accounts list --json')).json()).toMatchObject([
      { email: 'me@work.example', provenance: 'own', state: { name: 'ready' } },
    ]);
    // The new chain lives, and nothing of either login was ever used twice.
    work.expireAccessTokens();
    expect((await sit(env, {}, 'accounts refresh me@work.example')).code).toBe(0);
    expect(home.emulator.statistics().reusedRefreshTokens).toBe(0);
    for (const secret of home.emulator.issuedSecrets()) expect(ran.out + ran.err).not.toContain(secret);
  });

  it('that stays with the new login forks it, so that both go on', async () => {
    await using home = await startHome(form);
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    const mine = home.emulator.addAccount({ kind: 'social', provider: 'google', email: 'me@example.com' });
    mkdirSync(home.folder.file('machine'), { recursive: true });
    const ran = await sit(
      env,
      { onOut: confirming(home, mine.id) },
      'accounts login --kind google --with-kiro-cli --previous keep-new --json',
    );
    expect(ran.code).toBe(0);
    expect((await sit(env, {}, 'accounts list --json')).json()).toMatchObject([{ provenance: 'forked' }]);
    // Importing what kiro-cli has now is the same login again, and does not send its token.
    const again = await sit(env, {}, `accounts import --from kiro-cli --path ${store} --json`);
    expect(again.json()).toMatchObject([{ result: 'updated' }]);
    expect(home.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  it('is cancelled when the user stops it at the code, and kiro-cli is as it was', async () => {
    await using home = await startHome(form);
    const { env, store } = withKiroCli(home, home.folder.file('machine'));
    const mine = home.emulator.addAccount({ kind: 'social', provider: 'google', email: 'me@example.com' });
    writeCliStore(store, [{ account: mine, login: mine.newLogin() }]);
    const before = readFileSync(store);
    const { promise: stop, resolve } = Promise.withResolvers<void>();
    const onOut = (text: string): void => {
      if (text.includes('Waiting for you')) resolve();
    };
    const ran = await sit(env, { onOut, stop }, 'accounts login --kind github --with-kiro-cli --previous put-back');
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('Cancelled; kiro-cli is as it was.') });
    expect(readFileSync(store).equals(before)).toBe(true);
  });

  it('says so when there is no kiro-cli on the machine', async () => {
    await using home = await startHome(form);
    const env = { ...home.env, PATH: '/nowhere', HOME: home.folder.file('home') };
    const ran = await sit(env, {}, 'accounts login --kind google --with-kiro-cli');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('no kiro-cli on this machine') });
  });
});

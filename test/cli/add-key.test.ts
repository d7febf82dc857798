import { describe, expect, it } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { forms, sit, startHome, type Home } from './person.ts';

const addKey = (home: Home, key: string, more = ''): ReturnType<typeof sit> =>
  sit(home.env, { types: [key] }, `accounts add-key --json${more}`);

async function list(home: Home): Promise<unknown> {
  return (await sit(home.env, {}, 'accounts list --json')).json();
}

describe.each(forms)('accounts add-key while %s', (form) => {
  it.each(['us-east-1', 'eu-central-1'])('finds that a key is of %s, and takes it in once', async (apiRegion) => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount({ kind: 'api-key', apiRegion, email: 'me@example.com' });
    const key = account.apiKey ?? '';
    const first = await addKey(home, ` ${key}\r`);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.json()).toMatchObject({ label: 'me@example.com', kind: 'api-key', result: 'added' });
    const asks = home.emulator.journal.filter(
      ({ operation, status }) => operation === 'GetUsageLimits' && status === 200,
    );
    expect(asks).toHaveLength(1);
    expect((await addKey(home, key)).json()).toMatchObject({ label: 'me@example.com', result: 'updated' });
    expect(await list(home)).toMatchObject([{ provenance: 'own', plan: 'KIRO PRO', state: { name: 'ready' } }]);
    const plain = await sit(home.env, { types: [key] }, 'accounts add-key');
    expect(plain.out).toMatch(/^updated +me@example.com: .*\n$/);
    expect(first.out + plain.out + home.log.join('')).not.toContain(key);
  });

  it.each([
    ['a key that Kiro does not know', 'ksk_0123456789abcdef0123456789abcdef', 'rejected'],
    ['something else', 'sk-0123456789', 'unreadable'],
    ['nothing', '', 'unreadable'],
  ])('refuses %s, and stores nothing', async (_what, key, code) => {
    await using home = await startHome(form);
    const ran = await addKey(home, key);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code, hint: expect.stringMatching(/\w/) } });
    expect(ran.err + home.log.join('')).not.toContain(key || 'undefined');
    expect(await list(home)).toEqual([]);
  });

  it('stores nothing while Kiro cannot tell, and stops at its warning', async () => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount({ kind: 'api-key', apiRegion: 'eu-central-1' });
    const broken = home.emulator.inject({ on: 'usage', times: 'always', fault: faults.internalError });
    expect((await addKey(home, account.apiKey ?? '')).code).toBe(1);
    broken.clear();
    account.suspend();
    expect(JSON.parse((await addKey(home, account.apiKey ?? '')).err)).toMatchObject({ error: { code: 'suspended' } });
    expect(await list(home)).toEqual([]);
  });

  it('says that Kiro cannot be reached, and what to look at, where there is no network', async () => {
    await using home = await startHome(form);
    const account = home.emulator.addAccount({ kind: 'api-key', apiRegion: 'us-east-1' });
    await home.emulator.close();
    const ran = await addKey(home, account.apiKey ?? '');
    expect(JSON.parse(ran.err)).toEqual({
      error: {
        code: 'network',
        message: expect.stringMatching(/^Kiro cannot be reached: No answer from .* \(ECONNREFUSED\)$/),
        hint: 'Check the network and the proxy setting.',
      },
    });
  });

  it('takes no key from the arguments, which others could read', async () => {
    await using home = await startHome(form);
    expect((await sit(home.env, {}, 'accounts add-key ksk_0123456789abcdef')).code).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { command } from '../support/command.ts';
import { ask, startRig } from '../support/engine.ts';
import { accountsOf, importFrom, refreshesOf, reused, startIdle, store } from '../support/importing.ts';

describe('the same login', () => {
  it('imported twice, and by two at the same time, is one account', async () => {
    await using rig = await startRig();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    const take = rig.engine.handlers['accounts.import'];
    const results = await Promise.all([1, 2, 3].map(async () => take({ from: 'kiro-cli', path })));
    expect(results.flat().map(({ result }) => result)).toEqual(['added', 'updated', 'updated']);
    expect(new Set(results.flat().map(({ id }) => id)).size).toBe(1);
    expect(rig.engine.parts.pool.summaries()).toHaveLength(1);
    expect(reused(rig)).toBe(0);
  });

  it('removed and imported again is not sent again, and the words say what to do', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    await importFrom(rig, path);
    expect((await command(rig.env, 'accounts', 'remove', account.email)).code).toBe(0);
    const { ran, results } = await importFrom(rig, path);
    expect(ran.code).toBe(1);
    expect(results).toMatchObject([
      { id: null, result: 'failed', reason: expect.stringContaining('Sign in there again') },
    ]);
    expect(refreshesOf(rig)).toBe(1);
    expect(reused(rig)).toBe(0);
  });

  it('after a new sign-in there updates the same account, with its id, its label and its place', async () => {
    await using rig = await startIdle();
    const [mine, other] = [
      rig.emulator.addAccount({ kind: 'social' }),
      rig.emulator.addAccount({ kind: 'builder-id' }),
    ];
    const path = store(
      rig,
      'a.sqlite3',
      { account: mine, login: mine.newLogin() },
      { account: other, login: other.newLogin() },
    );
    const { results } = await importFrom(rig, path);
    await command(rig.env, 'accounts', 'label', mine.email, 'Mine');
    mine.revoke();
    store(rig, 'a.sqlite3', { account: mine, login: mine.newLogin() }, { account: other, login: other.newLogin() });
    const again = (await importFrom(rig, path)).results;
    expect(again).toMatchObject([
      { id: results[0]?.id, label: results[0]?.label === mine.email ? 'Mine' : other.email, result: 'updated' },
      { id: results[1]?.id, result: 'updated' },
    ]);
    expect((await accountsOf(rig)).map(({ id }) => id)).toEqual(results.map(({ id }) => id));
    expect(reused(rig)).toBe(0);
  });

  it('of another person in the same row is another account, and each stays with its own', async () => {
    await using rig = await startIdle();
    const [first, second] = [rig.emulator.addAccount({ kind: 'social' }), rig.emulator.addAccount({ kind: 'social' })];
    const path = store(rig, 'a.sqlite3', { account: first, login: first.newLogin() });
    await importFrom(rig, path);
    store(rig, 'a.sqlite3', { account: second, login: second.newLogin() });
    expect((await importFrom(rig, path)).results).toMatchObject([{ label: second.email, result: 'added' }]);
    expect((await importFrom(rig, path)).results).toMatchObject([{ label: second.email, result: 'updated' }]);
    expect((await accountsOf(rig)).map(({ email }) => email)).toEqual([first.email, second.email]);
  });
});

describe('who an account is', () => {
  it('one e-mail in two kinds is two accounts with labels that differ', async () => {
    await using rig = await startIdle();
    const email = 'me@example.com';
    const [social, builder] = [
      rig.emulator.addAccount({ kind: 'social', email }),
      rig.emulator.addAccount({ kind: 'builder-id', email }),
    ];
    const path = store(
      rig,
      'a.sqlite3',
      { account: social, login: social.newLogin() },
      { account: builder, login: builder.newLogin() },
    );
    const labels = (await importFrom(rig, path)).results.map(({ label }) => label);
    expect(new Set(labels).size).toBe(2);
    expect(labels.every((label) => label.startsWith(email))).toBe(true);
  });

  it('is found out later when Kiro does not tell at first', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'builder-id' });
    const usage = rig.emulator.inject({ on: 'usage', times: 'always', fault: faults.internalError });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    const { results } = await importFrom(rig, path);
    expect(results).toMatchObject([
      { label: 'builder-id-us-east-1', result: 'added', reason: expect.stringContaining('did not tell whose it is') },
    ]);
    expect(await accountsOf(rig)).toMatchObject([{ isVerified: false, email: null }]);
    usage.clear();
    await command(rig.env, 'accounts', 'refresh', 'builder-id-us-east-1');
    expect(await accountsOf(rig)).toMatchObject([{ isVerified: true, label: account.email, id: results[0]?.id }]);
  });

  it('that is found out to be known already makes the two one, with the newer login', async () => {
    await using rig = await startRig();
    const [known] = await rig.add({ kind: 'builder-id' });
    if (!known) throw new Error('no account');
    const { id } = rig.summaryOf(known);
    const usage = rig.emulator.inject({ on: 'usage', times: 'always', fault: faults.internalError });
    const path = store(rig, 'again.sqlite3', { account: known, login: known.newLogin() });
    const take = rig.engine.handlers['accounts.import'];
    const [added] = await take({ from: 'kiro-cli', path });
    expect(rig.engine.parts.pool.summaries()).toHaveLength(2);
    usage.clear();
    const refreshed = await rig.engine.handlers['accounts.refresh']({ id: added?.id ?? '' });
    expect(refreshed).toMatchObject({ id, label: known.email });
    expect(rig.engine.parts.pool.summaries()).toHaveLength(1);
    known.expireAccessTokens();
    expect((await ask(rig)).error).toBeUndefined();
    expect(reused(rig)).toBe(0);
  });

  it('that Kiro has locked is heard at the import, and parks it', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social' });
    account.suspend();
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    await importFrom(rig, path);
    expect(await accountsOf(rig)).toMatchObject([{ state: { name: 'parked' } }]);
  });
});

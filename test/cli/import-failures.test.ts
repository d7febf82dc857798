import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { ask, startRig } from '../support/engine.ts';
import { accountsOf, importFrom, refreshesOf, reused, startIdle, store } from '../support/importing.ts';

describe('a login that cannot be taken', () => {
  it('since its token was rejected is told in words, and never sent again', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    account.revoke();
    const first = await importFrom(rig, path);
    expect(first.ran.code).toBe(1);
    expect(first.results).toMatchObject([
      { id: null, kind: 'social', result: 'failed', reason: expect.stringMatching(/Sign in/) },
    ]);
    const sent = rig.emulator.journal.length;
    expect((await importFrom(rig, path)).results).toMatchObject([{ id: null, result: 'failed' }]);
    expect(rig.emulator.journal).toHaveLength(sent);
    expect(await accountsOf(rig)).toEqual([]);
  });

  it('since the sign-in service is down may be taken later', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    rig.emulator.inject({ on: 'refresh', fault: faults.refreshServerError });
    expect((await importFrom(rig, path)).results).toMatchObject([
      { result: 'failed', reason: expect.stringContaining('good as before') },
    ]);
    expect((await importFrom(rig, path)).results).toMatchObject([{ result: 'added' }]);
  });

  it('since the answer was lost is tried once more, and after that never', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    rig.emulator.inject({ on: 'refresh', fault: faults.responseLost });
    expect((await importFrom(rig, path)).results).toMatchObject([{ result: 'failed' }]);
    expect((await importFrom(rig, path)).results).toMatchObject([
      { result: 'failed', reason: expect.stringMatching(/Sign in/) },
    ]);
    const sent = rig.emulator.journal.length;
    await importFrom(rig, path);
    expect(rig.emulator.journal).toHaveLength(sent);
  });

  it('does not keep the others out', async () => {
    await using rig = await startIdle();
    const [bad, good] = [rig.emulator.addAccount({ kind: 'social' }), rig.emulator.addAccount({ kind: 'builder-id' })];
    const path = store(
      rig,
      'a.sqlite3',
      { account: bad, login: bad.newLogin() },
      { account: good, login: good.newLogin() },
    );
    bad.revoke();
    const { ran, results } = await importFrom(rig, path);
    expect(ran.code).toBe(0);
    expect(results.map(({ result }) => result).toSorted()).toEqual(['added', 'failed']);
  });

  it('is not forked onto a disk that cannot be written', async () => {
    await using rig = await startRig();
    const account = rig.emulator.addAccount({ kind: 'social' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    rmSync(rig.folder.file('data'), { recursive: true });
    await expect(rig.engine.handlers['accounts.import']({ from: 'kiro-cli', path })).rejects.toThrow(
      /could not be written/,
    );
    expect(refreshesOf(rig)).toBe(0);
  });
});

describe('a login that another program renewed', () => {
  it('is taken from there once ours is dead, and its token is never sent a second time', async () => {
    await using rig = await startRig();
    const account = rig.emulator.addAccount({ kind: 'identity-center' });
    const path = store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    const take = rig.engine.handlers['accounts.import'];
    await take({ from: 'kiro-cli', path });
    account.revoke();
    store(rig, 'a.sqlite3', { account, login: account.newLogin() });
    expect((await ask(rig)).error).toBeUndefined();
    await rig.restart();
    expect(await rig.engine.handlers['accounts.import']({ from: 'kiro-cli', path })).toMatchObject([
      { result: 'updated' },
    ]);
    expect(rig.engine.parts.pool.summaries()).toHaveLength(1);
    expect(reused(rig)).toBe(0);
  });

  it("is not adopted where it may be another person's", async () => {
    await using rig = await startRig();
    const [mine, theirs] = [rig.emulator.addAccount({ kind: 'social' }), rig.emulator.addAccount({ kind: 'social' })];
    const path = store(rig, 'a.sqlite3', { account: mine, login: mine.newLogin() });
    await rig.engine.handlers['accounts.import']({ from: 'kiro-cli', path });
    mine.revoke();
    // Social logins share their profile, so that nothing in the store tells the two apart.
    const login = { ...theirs.newLogin(), ...(mine.profileArn === undefined ? {} : { profileArn: mine.profileArn }) };
    store(rig, 'a.sqlite3', { account: theirs, login });
    expect((await ask(rig)).error?.code).toBe('no-account');
    expect(rig.summaryOf(mine).state.name).toBe('needs-sign-in');
  });
});

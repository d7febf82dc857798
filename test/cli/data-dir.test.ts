import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { temporaryFolder } from '../support/engine.ts';
import { importFrom, startIdle, store } from '../support/importing.ts';

describe('a --data-dir that is not there', () => {
  it.each([
    'accounts list',
    'accounts pause me@example.com',
    'accounts remove me@example.com',
    'usage',
    'requests --why',
    'key list',
    'key show',
    'key create project',
    'strategy',
    'settings list',
    'settings set port 9000',
    'clients list',
    'clients apply opencode',
    'doctor',
    'report',
    'ui',
  ])('is no place for %s, which says so and makes no folder', async (line) => {
    using folder = temporaryFolder();
    const missing = folder.file('mistyped');
    const ran = await command({ HOME: folder.path }, ...line.split(' '), '--data-dir', missing, '--json');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(ran.err)).toEqual({
      error: {
        code: 'no-data-folder',
        message: `There is no folder ${missing}.`,
        hint: expect.stringContaining('kiro-pool serve'),
      },
    });
    expect(existsSync(missing)).toBe(false);
  });

  it.each(['serve --port 0', 'demo --port 0'])('is made by %s', async (line) => {
    using folder = temporaryFolder();
    const path = folder.file('new/pool');
    const ran = await command({ HOME: folder.path }, ...line.split(' '), '--json', '--data-dir', path);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(await command({ HOME: folder.path }, 'key', 'show', '--data-dir', path)).toMatchObject({ code: 0 });
  });

  it('is made by the import of a login', async () => {
    await using rig = await startIdle();
    const account = rig.emulator.addAccount({ kind: 'social', email: 'me@example.com' });
    const path = rig.folder.file('new');
    const source = store(rig, 'store.sqlite3', { account, login: account.newLogin() });
    const { results } = await importFrom(rig, source, '--data-dir', path);
    expect(results).toMatchObject([{ result: 'added' }]);
    expect((await command(rig.env, 'accounts', 'list', '--data-dir', path)).out).toContain('me@example.com');
  });
});

it('the usual folder is made by whatever command comes first', async () => {
  using folder = temporaryFolder();
  const { code, out } = await command({ HOME: folder.path, XDG_DATA_HOME: folder.path }, 'accounts', 'list');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('no account yet') });
});

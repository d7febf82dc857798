import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command, start, type Ran } from '../support/command.ts';
import { temporaryFolder } from '../support/engine.ts';
import { startForm } from '../support/form.ts';
import { accountsOf, importFrom, startIdle, store } from '../support/importing.ts';

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

  it('is none where a file is, either', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('file'), 'mine');
    const ran = await command({ HOME: folder.path }, 'accounts', 'list', '--data-dir', folder.file('file'), '--json');
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'no-data-folder' } });
    expect(readFileSync(folder.file('file'), 'utf8')).toBe('mine');
  });

  it.each(['serve --port 0', 'demo --port 0'])('is made by %s', async (line) => {
    using folder = temporaryFolder();
    const path = folder.file('new/pool');
    const ran = await command({ HOME: folder.path }, ...line.split(' '), '--json', '--data-dir', path);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(await command({ HOME: folder.path }, 'key', 'show', '--data-dir', path)).toMatchObject({ code: 0 });
  });

  it('is told where it cannot be made', async () => {
    for (const line of ['serve --port 0', 'demo --port 0']) {
      const ran = await command({}, ...line.split(' '), '--json', '--data-dir', '/dev/null/pool');
      expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'folder-unusable' } });
    }
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

it('the demo keeps out of a pool that is there, and comes back to its own', async () => {
  await using rig = await startIdle();
  const account = rig.emulator.addAccount({ kind: 'social', email: 'me@example.com' });
  await importFrom(rig, store(rig, 'store.sqlite3', { account, login: account.newLogin() }));
  const demo = (folder: string): Promise<Ran> =>
    command(rig.env, 'demo', '--port', '0', '--json', '--data-dir', rig.folder.file(folder));
  const refused = await demo('data');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(JSON.parse(refused.err)).toMatchObject({ error: { code: 'not-a-demo', hint: expect.stringMatching(/\w/) } });
  expect(await accountsOf(rig)).toMatchObject([{ email: 'me@example.com', state: { name: 'ready' } }]);
  expect(await demo('demo')).toMatchObject({ code: 0 });
  expect(await demo('demo')).toMatchObject({ code: 0 });
});

it('a demo that does not come up leaves no folder behind', async () => {
  using folder = temporaryFolder();
  const env = { ...process.env, TMPDIR: folder.path, TEMP: folder.path, KIRO_POOL_MASTER_KEY: 'no key' };
  await using demo = start(env, 'demo', '--port', '0');
  expect(await demo.ended).toBe(1);
  expect(demo.err()).toContain('KIRO_POOL_MASTER_KEY');
  expect(readdirSync(folder.path).filter((name) => name.startsWith('kiro-pool'))).toEqual([]);
});

it('what the demo says to do next goes to the same folder', async () => {
  using folder = temporaryFolder();
  const path = folder.file('my demo');
  const { out } = await command({ HOME: folder.path }, 'demo', '--port', '0', '--data-dir', path);
  expect(out).toContain(`"$(npm exec -- kiro-pool key show --data-dir '${path}')"`);
  expect(out).toContain(`npm exec -- kiro-pool requests --why --data-dir '${path}'\n`);
});

it('what serve says to do next goes to the same folder', async () => {
  using folder = temporaryFolder();
  const path = folder.file('my pool');
  const served = await command({ HOME: folder.path }, 'serve', '--port', '0', '--data-dir', path);
  expect(served.out).toContain(`kiro-pool key show --data-dir '${path}'`);
  expect(served.out).toContain(`kiro-pool clients apply opencode --data-dir '${path}'`);
  expect(served.out).toContain(`kiro-pool accounts import --from kiro-cli --data-dir '${path}'`);
  const usual = await command({ HOME: folder.path, XDG_DATA_HOME: folder.path }, 'serve', '--port', '0');
  expect(usual.out).not.toContain('--data-dir');
});

it.each([
  ['accounts pin me@example.com', 'accounts pin auto'],
  ['key create project', 'key show project'],
  ['clients apply opencode', 'clients undo opencode'],
  ['doctor', 'doctor --fix endpoint.test'],
])('what %s says to do next goes to the same folder', async (line, next) => {
  await using started = await startForm('serving');
  const path = started.rig.folder.file('data');
  const { KIRO_POOL_DATA_DIR: _, ...env } = started.env;
  const ran = await command(env, ...line.split(' '), '--data-dir', path);
  expect(ran.out).toContain(`kiro-pool ${next} --data-dir ${path}\n`);
});

it('the usual folder is made by whatever command comes first', async () => {
  using folder = temporaryFolder();
  const { code, out } = await command({ HOME: folder.path, XDG_DATA_HOME: folder.path }, 'accounts', 'list');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('no account yet') });
});

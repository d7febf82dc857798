import { readdirSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { temporaryFolder } from '../support/engine.ts';
import { startForm } from '../support/form.ts';

const text = v.string();
const number = v.number();
const orNull = <T extends v.GenericSchema>(schema: T): v.NullableSchema<T, undefined> => v.nullable(schema);
const account = v.object({
  id: v.pipe(text, v.startsWith('acc_')),
  label: text,
  kind: v.literal('social'),
  provenance: v.literal('forked'),
  email: text,
  plan: text,
  state: v.object({ name: text, until: orNull(number), reason: orNull(text) }),
  credits: v.object({ used: number, limit: number, resetAt: number, left: number, extras: v.array(v.unknown()) }),
  overage: v.object({ isAllowed: v.boolean(), dailyCap: orNull(number), isOnAtKiro: v.boolean() }),
  pinned: v.boolean(),
  lastUsedAt: orNull(number),
});
const key = v.object({ name: text, createdAt: number });
const setting = v.object({ key: text, value: v.unknown(), default: v.unknown(), description: text, allowed: text });

const strategy = v.object({ strategy: text, choices: v.array(v.object({ name: text, meaning: text })) });

const plan = v.object({ changes: v.array(v.object({ path: text, kind: text, diff: text })), steps: v.array(text) });

/** What scripts rely on (DESIGN §8), by command. */
const shapes: readonly [line: string, shape: v.GenericSchema][] = [
  ['accounts list', v.tuple([account])],
  ['accounts refresh me@example.com', account],
  ['accounts clear me@example.com', account],
  ['accounts pause me@example.com', account],
  ['accounts resume me@example.com', account],
  ['accounts pin me@example.com', v.strictObject({ pinned: account.entries.id })],
  ['accounts pin auto', v.strictObject({ pinned: v.null() })],
  ['accounts overage me@example.com on --daily-cap 20', account],
  ['accounts overage me@example.com off', account],
  [
    'usage --days 7',
    v.object({
      accounts: v.tuple([
        v.object({
          id: text,
          label: text,
          credits: number,
          limit: number,
          resetAt: number,
          byDay: v.array(v.unknown()),
          perDay: number,
          runsOutAt: orNull(number),
        }),
      ]),
      pool: v.object({
        credits: number,
        limit: number,
        byModel: v.array(v.unknown()),
        byKey: v.array(v.unknown()),
        perDay: number,
        runsOutAt: orNull(number),
      }),
    }),
  ],
  ['requests --last 5', v.array(v.object({ id: text, decision: v.array(v.unknown()) }))],
  ['key list', v.array(key)],
  ['key show', v.object({ name: v.literal('default'), key: v.pipe(text, v.regex(/^kp-[\w-]{43}$/)) })],
  ['key create project', v.strictObject({ name: v.literal('project') })],
  ['key revoke default', v.object({ revoked: text })],
  ['strategy', strategy],
  ['strategy drain', v.object({ ...strategy.entries, strategy: v.literal('drain') })],
  ['settings list', v.array(setting)],
  ['settings get port', setting],
  ['settings get proxyUrl', v.object({ ...setting.entries, value: v.null() })],
  ['settings set port 9000', v.object({ ...setting.entries, value: v.literal(9000) })],
  ['settings set allowedOrigins https://a.example,https://b.example', setting],
  ['clients show opencode', v.looseObject({})],
  ['clients list', v.array(v.object({ name: text, status: text, detail: text, configPath: orNull(text) }))],
  ['clients apply opencode --dry-run', plan],
  ['clients apply opencode', plan],
  ['clients undo opencode', plan],
  ['doctor', v.array(v.object({ name: text, status: text, detail: text, fix: orNull(text), action: orNull(text) }))],
  ['report', v.object({ text })],
  ['accounts label me@example.com Mine', account],
  ['accounts remove Mine', v.object({ removed: text })],
];

/** As people have it: without a log among the words. */
const quiet = (env: Readonly<Record<string, string>>): Record<string, string> => ({ ...env, KIRO_POOL_LOG: 'warn' });

describe.each(['serving', 'idle'] as const)('while %s', (form) => {
  it('every command answers scripts in the promised shape', async () => {
    await using started = await startForm(form);
    for (const [line, shape] of shapes) {
      const { code, out, err } = await command(quiet(started.env), ...line.split(' '), '--json');
      expect({ line, code, err }).toEqual({ line, code: 0, err: '' });
      v.assert(shape, JSON.parse(out));
    }
    expect((await command(started.env, 'accounts', 'list', '--json')).out).toBe('[]\n');
    expect((await command(started.env, 'accounts', 'list')).out).toContain('accounts import');
  });

  it('every command answers people in words', async () => {
    await using started = await startForm(form);
    for (const [line] of shapes) {
      const { code, out, err } = await command(quiet(started.env), ...line.split(' '));
      expect({ line, code, err, out }).toEqual({ line, code: 0, err: '', out: expect.stringMatching(/\S\n$/) });
    }
  });

  it('key show prints the key alone, and no other command prints one', async () => {
    await using started = await startForm(form);
    const shown = await command(started.env, 'key', 'show');
    expect(shown.out).toMatch(/^kp-[\w-]{43}\n$/);
    const secrets = [shown.out.trim(), ...started.rig.emulator.issuedSecrets()];
    for (const [line] of shapes.filter(([line]) => line !== 'key show')) {
      const { out, err } = await command(started.env, ...line.split(' '));
      for (const secret of secrets) expect(out + err).not.toContain(secret);
    }
    for (const secret of secrets) expect(started.rig.log.join('')).not.toContain(secret);
  });

  it.each([
    ['accounts refresh nobody', 'account-not-found'],
    ['accounts remove nobody', 'account-not-found'],
    ['accounts pause nobody', 'account-not-found'],
    ['accounts pin nobody', 'account-not-found'],
    ['accounts overage nobody on', 'account-not-found'],
    ['restore /nowhere', 'not-found'],
    ['key show nobody', 'key-not-found'],
    ['key create default', 'key-exists'],
    ['accounts import --path /nowhere', 'not-found'],
  ])('%s fails with words and what to do', async (line, code) => {
    await using started = await startForm(form);
    const plain = await command(started.env, ...line.split(' '));
    expect(plain).toMatchObject({ code: 1, out: '' });
    expect(plain.err.split('\n').filter((each) => each !== '').length).toBeGreaterThanOrEqual(2);
    const ran = await command(started.env, ...line.split(' '), '--json');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(ran.err)).toEqual({
      error: { code, message: expect.stringMatching(/\w/), hint: expect.stringMatching(/\w/) },
    });
  });

  it.each([
    ['accounts profile me@example.com nonsense', 'bad-profile'],
    ['accounts login --kind google --profile nonsense', 'bad-profile'],
    ['accounts login --kind identity-center --start-url nonsense --region us-east-1', 'bad-start-url'],
    ['accounts login --kind identity-center --start-url https://x.example/start --region nonsense', 'bad-region'],
    [`accounts label me@example.com ${'x'.repeat(2000)}`, 'wrong-input'],
    ['accounts overage me@example.com on --daily-cap 1000001', 'wrong-input'],
    ['usage --days 3651', 'wrong-input'],
    ['requests --last 10001', 'wrong-input'],
    ['strategy nonsense', 'bad-setting'],
    ['key create a/b', 'bad-key-name'],
    ['settings get nothing', 'unknown-setting'],
    ['settings set nothing 1', 'unknown-setting'],
    ['settings set port 70000', 'bad-setting'],
  ])('%s is wrong usage, and what would be right is said', async (line, code) => {
    await using started = await startForm(form);
    const ran = await command(started.env, ...line.split(' '), '--json');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(ran.err)).toEqual({
      error: { code, message: expect.stringMatching(/\w/), hint: expect.stringMatching(/\w/) },
    });
    expect(await command(started.env, ...line.split(' '))).toMatchObject({ code: 2, out: '' });
  });

  it('doctor ends with 1 and says what to do when something does not work', async () => {
    await using started = await startForm(form);
    started.rig.emulator.account('mine').revoke();
    await command(started.env, 'accounts', 'refresh', 'me@example.com');
    const ran = await command(started.env, 'doctor', '--json');
    expect(ran.code).toBe(1);
    expect(ran.json()).toContainEqual({
      name: 'Account me@example.com',
      status: 'failed',
      detail: expect.any(String),
      fix: expect.stringContaining('Sign in again'),
      action: null,
      actionLabel: null,
    });
    const plain = await command(started.env, 'doctor');
    expect(plain).toMatchObject({ code: 1, out: expect.stringContaining('FAILED') });
  });

  it('text from outside can neither forge a line nor steer the terminal', async () => {
    await using started = await startForm(form);
    await command(started.env, 'accounts', 'label', 'me@example.com', 'a\nacc_forged ready\u001b[2J');
    const { out } = await command(started.env, 'accounts', 'list');
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(out).not.toContain('\u001b');
  });
});

describe('wrong usage', () => {
  it.each([
    'nonsense',
    'accounts',
    'accounts nonsense',
    'accounts import --from somewhere',
    'accounts refresh',
    'accounts pin',
    'accounts login',
    'accounts overage me maybe',
    'accounts overage me on --daily-cap many',
    'backup',
    'usage --days many',
    'requests --last 0',
    'restore',
    'demo --port -1',
    'key revoke',
    'serve --port 70000',
    'serve --nonsense',
    'clients show nonsense',
    'key create',
    'settings set port',
  ])('%s ends with 2 and points to the help', async (line) => {
    using folder = temporaryFolder();
    const env = { KIRO_POOL_DATA_DIR: folder.file('data') };
    const plain = await command(env, ...line.split(' '));
    expect(plain).toMatchObject({ code: 2, out: '' });
    expect(plain.err).toContain('--help');
    const ran = await command(env, ...line.split(' '), '--json');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'usage', hint: 'See --help.' } });
  });

  it.each([
    [['accounts', 'list', '--data-dir', '']],
    [['--data-dir', '', 'accounts', 'list']],
    [['accounts', 'pause', '']],
    [['accounts', 'import', '--path', '']],
    [['serve', '--host', '']],
    [['backup', '']],
    [['report', '']],
  ])('is a word with nothing in it, as a variable that is not set leaves: %j', async (words) => {
    using folder = temporaryFolder();
    const ran = await command({ HOME: folder.path, XDG_DATA_HOME: folder.path }, ...words, '--json');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'usage', message: expect.stringContaining('empty') } });
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

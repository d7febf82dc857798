import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { applyEdits, modify, parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import type { DesktopFacts, DesktopHands } from '../../app/clients/doctor/desktop.ts';
import type { Check } from '../../app/clients/doctor.ts';
import { openEngine, type Engine, type EngineOptions } from '../../app/engine.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import type { EmulatedAccount } from '../emulator/emulator.ts';
import { startRig, type Rig } from '../support/engine.ts';

/** A home where everything works: an account, a served endpoint, OpenCode set up. A test breaks one thing. */
interface Home extends AsyncDisposable {
  readonly rig: Rig;
  readonly engine: Engine;
  readonly account: EmulatedAccount;
  readonly config: string;
  readonly env: Record<string, string>;
  /** Closes the engine and opens it with other options, such as another environment. */
  reopen(options?: Partial<EngineOptions> & { port?: number }): Promise<void>;
  examine(): Promise<Check[]>;
  /** Does what the check proposes; fails if it proposes nothing. */
  fix(name: string): Promise<Check[]>;
}

async function startHome(): Promise<Home> {
  // On the real time: the clock is compared with the one in the answers' heads.
  const rig = await startRig({ now: Date.now });
  const [account] = await rig.add({ kind: 'social', provider: 'google', plan: 'pro', email: 'me@example.com' });
  if (!account) throw new Error('no account');
  const env: Record<string, string> = { ...rig.env };
  await rig.engine.close();
  const open = async ({ port = 0, ...options }: Partial<EngineOptions> & { port?: number } = {}): Promise<Engine> => {
    const engine = await openEngine({
      dataDir: rig.folder.file('data'),
      env,
      log: () => {},
      wait: () => Promise.resolve(),
      ...options,
    });
    await engine.serve({ host: '127.0.0.1', port, allowLan: false });
    return engine;
  };
  let engine = await open();
  await engine.handlers['clients.apply']({ name: 'opencode' });
  const examine = (): Promise<Check[]> => Promise.resolve(engine.handlers.doctor({}));
  return {
    rig,
    account,
    env,
    config: rig.folder.file('.config/opencode/opencode.json'),
    get engine() {
      return engine;
    },
    async reopen(options) {
      await engine.close();
      engine = await open(options);
      // The port is another one each time, of which OpenCode is to be told.
      await engine.handlers['clients.apply']({ name: 'opencode' });
    },
    examine,
    async fix(name) {
      const action = (await examine()).find((check) => check.name === name)?.action;
      if (action === null || action === undefined) throw new Error(`${name} proposes nothing`);
      return engine.handlers['doctor.fix']({ action });
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** What is wrong, without what is always so on a machine without a desktop. */
function faultsIn(checks: readonly Check[]): string[] {
  return checks.filter(({ status, name }) => status !== 'ok' && name !== 'Key store').map(({ name }) => name);
}

function edit(path: string, at: (string | number)[], value: unknown): void {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, applyEdits(text, modify(text, at, value, {})));
}

const notTold: DesktopFacts = {
  hasTrayHost: true,
  startsAtLogin: false,
  autostartProblem: null,
  hasPlainKey: false,
};

/** A desktop whose faults are gone once they were mended. */
function desktopWith(facts: Partial<DesktopFacts>): DesktopHands {
  let now = { ...notTold, ...facts };
  return {
    facts: () => Promise.resolve(now),
    mendAutostart: () => Promise.resolve(void (now = { ...now, autostartProblem: null, startsAtLogin: true })),
    moveKeyToKeychain: () => Promise.resolve(void (now = { ...now, hasPlainKey: false })),
  };
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the doctor', () => {
  it('finds nothing wrong where everything works, and every fault has something to do', async () => {
    await using home = await startHome();
    const checks = await home.examine();
    expect(faultsIn(checks)).toEqual([]);
    expect(checks.filter(({ status, fix }) => (status === 'ok') !== (fix === null))).toEqual([]);
    expect(checks.filter(({ action, actionLabel }) => (action === null) !== (actionLabel === null))).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain('OpenCode');
  });

  it('finds a data folder that others can read, and makes it private', async () => {
    await using home = await startHome();
    const folder = home.rig.folder.file('data');
    chmodSync(folder, 0o755);
    chmodSync(`${folder}/accounts.json`, 0o644);
    expect(faultsIn(await home.examine())).toEqual(['Data folder']);
    expect(faultsIn(await home.fix('Data folder'))).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(`${folder}/accounts.json`).mode & 0o777).toBe(0o600);
  });

  it('finds a config that was broken, says where, and is content once it is mended there', async () => {
    await using home = await startHome();
    const text = readFileSync(home.config, 'utf8');
    writeFileSync(home.config, text.replace('"provider":', '"provider"'));
    const checks = await home.examine();
    expect(faultsIn(checks)).toEqual(['OpenCode']);
    expect(checks.find(({ name }) => name === 'OpenCode')?.detail).toMatch(/line 3/);
    writeFileSync(home.config, text);
    expect(faultsIn(await home.examine())).toEqual([]);
  });

  it.each<[string, (home: Home) => unknown]>([
    [
      'names another endpoint',
      ({ config }) => edit(config, ['provider', 'kiro-pool', 'options', 'baseURL'], 'http://127.0.0.1:1/v1'),
    ],
    [
      'lacks the limits of a model',
      ({ config }) => edit(config, ['provider', 'kiro-pool', 'models', 'claude-sonnet-5', 'limit'], undefined),
    ],
    ['lacks its key file', ({ rig }) => rmSync(rig.folder.file('data/client-keys/opencode'))],
    ['has a key that was revoked', ({ engine }) => engine.handlers['keys.revoke']({ name: 'opencode' })],
  ])('finds an OpenCode that %s, and sets it up again', async (_what, plant) => {
    await using home = await startHome();
    await plant(home);
    expect(faultsIn(await home.examine())).toEqual(['OpenCode']);
    expect(faultsIn(await home.fix('OpenCode'))).toEqual([]);
    const { options } = parse(readFileSync(home.config, 'utf8')).provider['kiro-pool'];
    expect(options.baseURL).toBe(`${home.engine.status().url}/v1`);
    const file = /\{file:([^}]+)\}/.exec(String(options.apiKey))?.[1] ?? '';
    const { key } = await home.engine.handlers['keys.show']({ name: 'opencode' });
    expect(readFileSync(file, 'utf8').trim()).toBe(key);
  });

  it.each<[string, (string | number)[], unknown, unknown]>([
    [
      'has a provider of the name that is taken',
      ['provider', 'kiro'],
      { options: { baseURL: 'http://127.0.0.1:8788/v1' } },
      undefined,
    ],
    ['allows other providers only', ['enabled_providers'], ['anthropic'], ['anthropic', 'kiro-pool']],
    ['switches it off', ['disabled_providers'], ['kiro-pool'], []],
  ])('finds an OpenCode that %s, and is content once its advice is taken', async (_what, at, fault, mended) => {
    await using home = await startHome();
    edit(home.config, at, fault);
    const check = (await home.examine()).find(({ name }) => name === 'OpenCode');
    expect(check).toMatchObject({ status: 'warning', fix: expect.stringContaining(String(at.at(-1))) });
    edit(home.config, at, mended);
    expect(faultsIn(await home.examine())).toEqual([]);
  });

  it('finds that the port was taken, and keeps the one it has', async () => {
    await using home = await startHome();
    const other = await listenOn(0);
    const taken = portOf(other);
    await home.engine.handlers['settings.set']({ key: 'port', value: String(taken) });
    await home.reopen({ port: taken });
    expect(faultsIn(await home.examine())).toEqual(['Port']);
    expect(faultsIn(await home.fix('Port'))).toEqual([]);
    expect(home.engine.parts.settings.get('port')).not.toBe(taken);
    other.close();
  });

  it('finds that the endpoint is paused, and resumes it', async () => {
    await using home = await startHome();
    await home.engine.handlers['endpoint.pause']({ isPaused: true });
    expect(faultsIn(await home.examine())).toEqual(['Pause']);
    expect(faultsIn(await home.fix('Pause'))).toEqual([]);
  });

  it('finds a dead proxy of the settings, and does without', async () => {
    await using home = await startHome();
    const gone = await listenOn(0);
    const port = portOf(gone);
    gone.close();
    await once(gone, 'close');
    await home.engine.handlers['settings.set']({ key: 'proxyUrl', value: `http://127.0.0.1:${port}` });
    expect(faultsIn(await home.examine())).toEqual(['Proxy']);
    expect(faultsIn(await home.fix('Proxy'))).toEqual([]);
  });

  it('finds a dead proxy of the environment and a NO_PROXY that lacks loopback', async () => {
    await using home = await startHome();
    home.env['HTTPS_PROXY'] = 'http://user:pass-word-1@127.0.0.1:9';
    await home.reopen();
    const checks = await home.examine();
    expect(faultsIn(checks)).toEqual(['Proxy', 'Loopback']);
    expect(JSON.stringify(checks)).not.toContain('pass-word-1');
    home.env['NO_PROXY'] = 'localhost,127.0.0.1';
    await home.reopen();
    expect(faultsIn(await home.examine())).toEqual(['Proxy']);
    delete home.env['HTTPS_PROXY'];
    await home.reopen();
    expect(faultsIn(await home.examine())).toEqual([]);
  });

  it('finds a clock that is off', async () => {
    await using home = await startHome();
    await home.reopen({ now: () => Date.now() - 20 * 60_000 });
    expect(faultsIn(await home.examine())).toEqual(['Clock']);
    await home.reopen();
    expect(faultsIn(await home.examine())).toEqual([]);
  });

  it('finds that kiro-cli has a login for an account that lost its own, and takes it', async () => {
    await using home = await startHome();
    const { engine, account, rig } = home;
    const store = rig.folder.file('.local/share/kiro-cli/data.sqlite3');
    account.revoke();
    await expect(engine.handlers['accounts.refresh']({ id: 'me@example.com' })).rejects.toThrow(/revoked/);
    expect(faultsIn(await home.examine())).toContain('Account me@example.com');
    mkdirSync(dirname(store), { recursive: true });
    writeCliStore(store, [{ account, login: account.newLogin() }]);
    expect(faultsIn(await home.examine())).toContain('kiro-cli');
    expect(faultsIn(await home.fix('kiro-cli'))).toEqual([]);
  });

  it.each<[string, Partial<DesktopFacts>]>([
    ['Start at login', { startsAtLogin: true, autostartProblem: 'Its program /opt/old/kiro-pool is gone.' }],
    ['Key file', { hasPlainKey: true }],
  ])('finds what the desktop tells about %s, and has it mended', async (name, facts) => {
    await using home = await startHome();
    await home.reopen({ desktop: desktopWith(facts) });
    expect(faultsIn(await home.examine())).toEqual([name]);
    expect(faultsIn(await home.fix(name))).toEqual([]);
  });

  it('tells of a desktop without a tray', async () => {
    await using home = await startHome();
    await home.reopen({ desktop: desktopWith({ hasTrayHost: false }) });
    expect(faultsIn(await home.examine())).toEqual(['Tray']);
  });

  it('sends a test request only when it is asked to, and tells what became of it', async () => {
    await using home = await startHome();
    const turns = (): number => home.rig.emulator.statistics().accounts[home.account.id]?.generates ?? 0;
    await home.examine();
    expect(turns()).toBe(0);
    const checks = await home.fix('Test request');
    expect(turns()).toBe(1);
    expect(checks.find(({ name }) => name === 'Test request')).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/answered through the endpoint/),
      action: expect.any(String),
    });
  });

  it('refuses an action that it does not know', async () => {
    await using home = await startHome();
    await expect(home.engine.handlers['doctor.fix']({ action: 'rm -rf' })).rejects.toMatchObject({
      code: 'unknown-action',
    });
  });
});

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../app/cli/program.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';

const binary = resolve('node_modules/opencode-linux-x64/bin/opencode');
const hasOpenCode = existsSync(binary);
if (!hasOpenCode) process.stdout.write('SKIPPED real OpenCode: its package is for Linux on x64 only.\n');

describe.skipIf(!hasOpenCode)('the real OpenCode, configured by `clients show opencode`', () => {
  let home: string;
  let project: string;
  let emulator: Emulator;
  let engine: Engine;
  let key: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kiro-pool-opencode-'));
    project = join(home, 'project');
    await mkdir(project);
    emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social', provider: 'google', plan: 'pro', email: 'me@example.com' });
    const store = join(home, 'kiro-cli.sqlite3');
    writeCliStore(store, [{ account, login: account.newLogin() }]);
    const endpoints = join(home, 'endpoints.json');
    await writeFile(endpoints, JSON.stringify(emulator.endpoints));
    const dataDir = join(home, 'pool');
    engine = await openEngine({ dataDir, env: { KIRO_POOL_ENDPOINTS: endpoints }, log: () => {} });
    await engine.handlers['accounts.import']({ from: 'kiro-cli', path: store });
    await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
    ({ key } = await engine.handlers['keys.show']({ name: 'default' }));
    await writeFile(join(project, 'opencode.json'), await shownConfig(dataDir));
  });

  afterAll(async () => {
    await engine.close();
    await emulator.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });

  it('writes a file, then edits it, each through a loop of tool calls', async () => {
    const file = join(project, 'notes.txt');
    const written = await openCode(['run', '--auto', 'Create the file notes.txt containing exactly buy milk']);
    expect(written).toMatchObject({ code: 0 });
    expect(written.output).toContain('DONE');
    expect((await readFile(file, 'utf8')).trim()).toBe('buy milk');

    const edited = await openCode(['run', '--auto', 'Replace milk with bread in notes.txt']);
    expect(edited).toMatchObject({ code: 0 });
    expect(edited.output).toContain('DONE');
    expect((await readFile(file, 'utf8')).trim()).toBe('buy bread');

    // A strict Kiro refused nothing of what OpenCode made us send.
    expect(emulator.journal.filter(({ status }) => status >= 400)).toEqual([]);
    const turns = Object.values(emulator.statistics().accounts).reduce((sum, { generates }) => sum + generates, 0);
    expect(turns).toBeGreaterThanOrEqual(5);
  }, 120_000);

  /** The config as a user gets it, with what keeps this OpenCode on this machine. */
  async function shownConfig(dataDir: string): Promise<string> {
    let text = '';
    const io = {
      env: process.env,
      platform: process.platform,
      home,
      out: (part: string) => {
        text += part;
      },
      err: (part: string) => {
        text += part;
      },
      isTerminal: false,
      readInput: () => Promise.resolve(''),
      stopRequested: () => new Promise<void>(() => {}),
    };
    const code = await run(['clients', 'show', 'opencode', '--json', '--data-dir', dataDir], io);
    expect(text).not.toContain('error');
    expect(code).toBe(0);
    return JSON.stringify({
      ...JSON.parse(text),
      model: 'kiro-pool/claude-sonnet-5',
      small_model: 'kiro-pool/claude-haiku-4.5',
      enabled_providers: ['kiro-pool'],
      autoupdate: false,
      share: 'disabled',
      permission: { edit: 'allow', bash: 'allow', webfetch: 'deny', external_directory: 'allow' },
    });
  }

  /** Runs OpenCode in the project with an environment of its own, cut off from everything but loopback. */
  function openCode(args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(binary, args, {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        TERM: 'dumb',
        KIRO_POOL_KEY: key,
        HTTPS_PROXY: 'http://127.0.0.1:9',
        https_proxy: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1,localhost',
        no_proxy: '127.0.0.1,localhost',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_SHARE: '1',
      },
    });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (output += part.toString()));
    return new Promise((settle, reject) => {
      child.once('error', reject);
      child.once('close', (code) => settle({ code, output }));
    });
  }
});

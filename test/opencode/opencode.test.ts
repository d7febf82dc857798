import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../app/engine.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { command } from '../support/command.ts';

const binary = resolve('node_modules/opencode-linux-x64/bin/opencode');
const hasOpenCode = existsSync(binary);
if (!hasOpenCode) process.stdout.write('SKIPPED real OpenCode: its package is for Linux on x64 only.\n');

/** What keeps this OpenCode on this machine, as a person would have it. */
const ownConfig = `{
  "$schema": "https://opencode.ai/config.json",
  // only what is here
  "enabled_providers": ["kiro-pool"],
  "autoupdate": false, "share": "disabled",
  "permission": { "edit": "allow", "bash": "allow", "webfetch": "deny", "external_directory": "allow", },
}
`;

describe.skipIf(!hasOpenCode)('the real OpenCode, set up by `clients apply opencode`', () => {
  let home: string;
  let project: string;
  let emulator: Emulator;
  let engine: Engine;
  let config: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kiro-pool-opencode-'));
    project = join(home, 'project');
    await mkdir(project);
    config = join(home, '.config', 'opencode', 'opencode.jsonc');
    emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social', provider: 'google', plan: 'pro', email: 'me@example.com' });
    const store = join(home, 'kiro-cli.sqlite3');
    writeCliStore(store, [{ account, login: account.newLogin() }]);
    const endpoints = join(home, 'endpoints.json');
    await writeFile(endpoints, JSON.stringify(emulator.endpoints));
    const dataDir = join(home, 'pool');
    engine = await openEngine({ dataDir, env: { KIRO_POOL_ENDPOINTS: endpoints, HOME: home }, log: () => {} });
    await engine.handlers['accounts.import']({ from: 'kiro-cli', path: store });
    await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
    await mkdir(dirname(config), { recursive: true });
    await writeFile(config, ownConfig);
    await apply(dataDir);
  });

  afterAll(async () => {
    await engine.close();
    await emulator.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });

  it('writes a file, then edits it, each through a loop of tool calls, and forgets us on undo', async () => {
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

    // No secret ever stood in its config, and undo leaves nothing of ours.
    const { key } = await engine.handlers['keys.show']({ name: 'opencode' });
    expect(await readFile(config, 'utf8')).not.toContain(key);
    await engine.handlers['clients.undo']({ name: 'opencode' });
    expect(await readFile(config, 'utf8')).toBe(ownConfig);
  }, 120_000);

  /** As a user does it at the terminal, with the key in a file of its own. */
  async function apply(dataDir: string): Promise<void> {
    const line = 'clients apply opencode --model claude-sonnet-5 --small-model claude-haiku-4.5 --json';
    const ran = await command({ HOME: home }, ...line.split(' '), '--data-dir', dataDir);
    expect(ran).toMatchObject({ code: 0, err: '' });
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

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseToml } from '@decimalturn/toml-patch';
import { parse as parseJson } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../app/clients/machine.ts';
import { toolNamed, tools } from '../../app/clients/tools.ts';
import { models, openWorkshop, type Workshop } from './workshop.ts';

const keyFileOf = ({ home }: Workshop, tool: string): string => join(dirname(home), 'data/client-keys', tool);

async function statusOf({ setups }: Workshop, name: string): Promise<string | undefined> {
  return (await setups.list()).find((each) => each.name === name)?.status;
}

describe('what each tool is told', () => {
  it('Claude Code: the endpoint without /v1, and a command that prints the key', async () => {
    using workshop = await openWorkshop();
    await workshop.setups.apply('claude-code', { smallModel: 'auto' });
    expect(JSON.parse(workshop.read('claude-code') ?? '')).toEqual({
      apiKeyHelper: `cat '${keyFileOf(workshop, 'claude-code')}'`,
      env: {
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:8788',
        ANTHROPIC_DEFAULT_HAIKU_MODEL: 'auto',
        // What these plans have in place of an Opus.
        ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-sonnet-5',
        ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-sonnet-5',
        ANTHROPIC_SMALL_FAST_MODEL: 'auto',
      },
    });
  });

  it('Codex: a provider with a command for the key, and its own model unless one is chosen', async () => {
    using workshop = await openWorkshop();
    const provider = {
      name: 'Kiro Pool',
      base_url: 'http://127.0.0.1:8788/v1',
      wire_api: 'responses',
      auth: { command: 'cat', args: [keyFileOf(workshop, 'codex')], refresh_interval_ms: 0 },
    };
    const { steps } = await workshop.setups.apply('codex', {});
    expect(JSON.parse(JSON.stringify(parseToml(workshop.read('codex') ?? '')))).toEqual({
      model_providers: { 'kiro-pool': provider },
    });
    expect(steps).toEqual(['Start it with: codex -c model_provider=kiro-pool -m auto']);
    await workshop.setups.apply('codex', { model: 'claude-sonnet-5' });
    expect(parseToml(workshop.read('codex') ?? '')).toMatchObject({
      model: 'claude-sonnet-5',
      model_provider: 'kiro-pool',
      model_context_window: 200_000,
    });
  });

  it('Qwen Code: an entry for each model beside the entries that are there', async () => {
    using workshop = await openWorkshop();
    workshop.write('qwen-code', '{ "modelProviders": { "openai": [{ "id": "mine", "envKey": "MINE" }] } }');
    await workshop.setups.apply('qwen-code', {});
    const { openai } = parseJson(workshop.read('qwen-code') ?? '').modelProviders;
    expect(openai).toHaveLength(models.length + 1);
    expect(openai[0]).toEqual({ id: 'mine', envKey: 'MINE' });
    expect(openai[2]).toEqual({
      name: 'Claude Sonnet 5 (Kiro Pool)',
      id: 'claude-sonnet-5',
      baseUrl: 'http://127.0.0.1:8788/v1',
      envKey: 'KIRO_POOL_KEY',
      generationConfig: { contextWindowSize: 200_000 },
    });
  });

  it('Continue: an entry for each model, with its limits and a secret of its own', async () => {
    using workshop = await openWorkshop();
    await workshop.setups.apply('continue', {});
    const config: unknown = parseYaml(workshop.read('continue') ?? '');
    expect(config).toMatchObject({ name: 'Local config', version: '1.0.0', schema: 'v1' });
    expect(config).toHaveProperty(['models', 1], {
      name: 'Claude Sonnet 5 (Kiro Pool)',
      provider: 'openai',
      model: 'claude-sonnet-5',
      apiBase: 'http://127.0.0.1:8788/v1',
      // oxlint-disable-next-line no-template-curly-in-string
      apiKey: '${{ secrets.KIRO_POOL_KEY }}',
      capabilities: ['tool_use', 'image_input'],
      defaultCompletionOptions: { contextLength: 200_000, maxTokens: 64_000 },
    });
  });

  it('Zed: a provider whose models have a window, also where none is known', async () => {
    using workshop = await openWorkshop();
    await workshop.setups.apply('zed', { model: 'auto' });
    const config: unknown = parseJson(workshop.read('zed') ?? '');
    expect(config).toMatchObject({ agent: { default_model: { provider: 'Kiro Pool', model: 'auto' } } });
    expect(config).toHaveProperty(['language_models', 'openai_compatible', 'Kiro Pool', 'available_models', 2], {
      name: 'qwen3-coder-next',
      display_name: 'Qwen3 Coder Next',
      max_tokens: 128_000,
      capabilities: { tools: true, images: false, parallel_tool_calls: true, prompt_cache_key: false },
    });
  });

  it.each(['copilot', 'cline', 'env'])(
    '%s: lines for a shell with the key from its file, and no config',
    async (name) => {
      using workshop = await openWorkshop();
      const { changes, steps } = await workshop.setups.apply(name, {});
      expect(changes).toEqual([]);
      expect(steps.join('\n')).toContain('http://127.0.0.1:8788');
      expect(steps.join('\n')).toContain(`$(cat '${keyFileOf(workshop, name)}')`);
      expect(await statusOf(workshop, name)).toBe('configured');
      workshop.url = 'http://127.0.0.1:9000';
      expect(await statusOf(workshop, name)).toBe('outdated');
      await workshop.setups.undo(name);
      expect(readdirSync(dirname(keyFileOf(workshop, name)))).toEqual([]);
    },
  );

  it('no tool has a secret in its config, its steps or what is shown', async () => {
    using workshop = await openWorkshop();
    for (const { name } of tools) {
      const plan = await workshop.setups.apply(name, { model: 'auto' });
      const key = readFileSync(keyFileOf(workshop, name), 'utf8');
      expect(key).toMatch(/^kp-[\w-]{43}$/);
      expect(JSON.stringify(plan) + String(workshop.read(name))).not.toContain(key);
    }
  });
});

describe('where tools are looked for', () => {
  const machineWith = (platform: NodeJS.Platform, env: Record<string, string>, ...there: string[]): Machine => ({
    platform,
    env,
    home: platform === 'win32' ? String.raw`C:\Users\me` : '/home/me',
    has: (path) => there.includes(path),
  });

  it.each<[string, string, Machine]>([
    ['on the path', 'codex', machineWith('linux', { PATH: '/usr/bin:/opt/x' }, '/opt/x/codex')],
    ['where people install such programs', 'claude-code', machineWith('darwin', {}, '/opt/homebrew/bin/claude')],
    ['by its folder', 'zed', machineWith('linux', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/zed')],
    [
      'on the path of Windows',
      'opencode',
      machineWith('win32', { Path: String.raw`C:\bin;C:\npm` }, String.raw`C:\npm\opencode.cmd`),
    ],
  ])('%s', (_where, name, machine) => {
    const installed = tools.filter((tool) => tool.isInstalled(machine)).map((tool) => tool.name);
    expect(installed).toEqual([name, 'env']);
  });

  it.each<[string, Machine, string]>([
    ['opencode', machineWith('linux', {}), '/home/me/.config/opencode/opencode.json'],
    [
      'opencode',
      machineWith('darwin', {}, '/home/me/.config/opencode/opencode.jsonc'),
      '/home/me/.config/opencode/opencode.jsonc',
    ],
    ['opencode', machineWith('linux', { OPENCODE_CONFIG: '~/mine.json' }), '/home/me/mine.json'],
    ['opencode', machineWith('linux', { OPENCODE_CONFIG_DIR: '/oc' }), '/oc/opencode.json'],
    ['opencode', machineWith('linux', { XDG_CONFIG_HOME: 'relative' }), '/home/me/.config/opencode/opencode.json'],
    ['claude-code', machineWith('linux', { CLAUDE_CONFIG_DIR: '/cc' }), '/cc/settings.json'],
    ['codex', machineWith('linux', { CODEX_HOME: '/cx' }), '/cx/config.toml'],
    [
      'zed',
      machineWith('win32', { APPDATA: String.raw`C:\Users\me\AppData\Roaming` }),
      String.raw`C:\Users\me\AppData\Roaming\Zed\settings.json`,
    ],
    ['codex', machineWith('win32', {}), String.raw`C:\Users\me\.codex\config.toml`],
  ])('%s finds its config', (name, machine, path) => {
    expect(toolNamed(name).config?.(machine).path).toBe(path);
  });

  it('Windows gets commands of PowerShell, and paths that survive in JSON', () => {
    const machine = machineWith('win32', {});
    const keyFile = String.raw`C:\Users\me\it's\key`;
    const setup = { url: 'http://127.0.0.1:8788', models, keyFile };
    const said = (name: string): string =>
      JSON.stringify(toolNamed(name).config?.(machine).settings(setup, false)) +
      toolNamed(name).steps(setup, machine, {}).join('\n');
    expect(said('claude-code')).toContain("Get-Content -Raw 'C:\\\\Users\\\\me\\\\it''s\\\\key'");
    expect(said('codex')).toContain('powershell');
    expect(said('opencode')).toContain("{file:C:/Users/me/it's/key}");
    expect(said('qwen-code')).toContain('$env:KIRO_POOL_KEY = "$(Get-Content -Raw ');
  });
});

describe('what could go wrong around a set-up', () => {
  it('a config that another tool of the user points elsewhere is not called ours', async () => {
    using workshop = await openWorkshop();
    workshop.write('claude-code', '{ "env": { "ANTHROPIC_BASE_URL": "https://gateway.acme.example" } }');
    expect(await statusOf(workshop, 'claude-code')).toBe('ready');
    await workshop.setups.apply('claude-code', {});
    await workshop.setups.undo('claude-code');
    expect(workshop.read('claude-code')).toBe('{ "env": { "ANTHROPIC_BASE_URL": "https://gateway.acme.example" } }');
  });

  it('a config that has moved is left as it was, and the new one is set up', async () => {
    using workshop = await openWorkshop();
    workshop.write('opencode', '{}\n');
    const old = workshop.path('opencode');
    await workshop.setups.apply('opencode', {});
    writeFileSync(`${old}c`, '// new\n{}\n');
    const { changes } = await workshop.setups.apply('opencode', {});
    expect(changes.map(({ path }) => path)).toEqual([old, `${old}c`]);
    expect(readFileSync(old, 'utf8')).toBe('{}\n');
    await workshop.setups.undo('opencode');
    expect(readFileSync(`${old}c`, 'utf8')).toBe('// new\n{}\n');
  });

  it('where a config cannot be written, nothing is left to undo, and no key', async () => {
    using workshop = await openWorkshop();
    const path = workshop.path('codex');
    mkdirSync(dirname(dirname(path)), { recursive: true });
    writeFileSync(dirname(path), 'a file where the folder should be');
    await expect(workshop.setups.apply('codex', {})).rejects.toMatchObject({ hint: expect.any(String) });
    await expect(workshop.setups.undo('codex')).rejects.toMatchObject({ code: 'nothing-to-undo' });
    expect(readdirSync(dirname(keyFileOf(workshop, 'codex')))).toEqual([]);
    expect(workshop.keys.list().map(({ name }) => name)).toEqual(['default']);
  });

  it('without models nothing is set up, and what is set up is not called outdated', async () => {
    using workshop = await openWorkshop();
    await workshop.setups.apply('continue', {});
    workshop.models = [];
    expect(await statusOf(workshop, 'continue')).toBe('configured');
    await expect(workshop.setups.apply('zed', {})).rejects.toMatchObject({ code: 'no-models' });
  });

  it('a model that is gone leaves the config, and the ones beside it stay', async () => {
    using workshop = await openWorkshop();
    await workshop.setups.apply('opencode', {});
    workshop.models = models.filter(({ id }) => id !== 'auto');
    expect(await statusOf(workshop, 'opencode')).toBe('outdated');
    await workshop.setups.apply('opencode', {});
    const config = parseJson(workshop.read('opencode') ?? '');
    expect(Object.keys(config.provider['kiro-pool'].models)).toEqual(['claude-sonnet-5', 'qwen3-coder-next']);
  });

  it('a model that nobody has is refused, and one that is gone is not chosen again', async () => {
    using workshop = await openWorkshop();
    await expect(workshop.setups.apply('opencode', { smallModel: 'gpt-1' })).rejects.toMatchObject({
      code: 'unknown-model',
      hint: expect.stringContaining('claude-sonnet-5'),
    });
    await workshop.setups.apply('opencode', { model: 'auto', smallModel: 'claude-sonnet-5' });
    workshop.models = models.filter(({ id }) => id !== 'auto');
    await workshop.setups.applyAgain('opencode');
    const config = parseJson(workshop.read('opencode') ?? '');
    expect(config).not.toHaveProperty('model');
    expect(config).toHaveProperty('small_model', 'kiro-pool/claude-sonnet-5');
  });

  it('an unknown tool is refused by name', async () => {
    using workshop = await openWorkshop();
    await expect(workshop.setups.preview('emacs', {})).rejects.toMatchObject({
      code: 'unknown-client',
      hint: expect.stringContaining('opencode'),
    });
  });

  it('keeps the last ten backups', async () => {
    using workshop = await openWorkshop();
    workshop.write('opencode', '{}\n');
    for (let port = 1; port <= 12; port += 1) {
      workshop.url = `http://127.0.0.1:${port}`;
      await workshop.setups.apply('opencode', {});
    }
    const kept = readdirSync(join(dirname(workshop.home), 'data/client-backups/opencode'));
    expect(kept).toHaveLength(10);
  });
});

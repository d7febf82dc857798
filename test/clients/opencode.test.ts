import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../support/engine.ts';

/** A person's config with everything that a careless rewrite would lose. */
const ownConfig = `// my config
{
  "$schema": "https://opencode.ai/config.json",
  "theme": "tokyonight", // dark, please
  /* the work account */
  "provider": {
    "acme": {
      "npm": "@ai-sdk/openai-compatible",
      "options": { "baseURL": "https://llm.acme.example/v1", "apiKey": "sk-acme-0123456789abcdef" },
    },
  },
  "keybinds": { "leader": "ctrl+x" }, // last
}
`;

interface Home extends AsyncDisposable {
  readonly rig: Rig;
  readonly path: string;
  write(text: string): void;
  read(): string;
}

async function startHome(): Promise<Home> {
  const rig = await startRig();
  await rig.add({ kind: 'social', provider: 'google', plan: 'pro', email: 'me@example.com' });
  const path = rig.folder.file('.config/opencode/opencode.json');
  return {
    rig,
    path,
    write(text) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    },
    read: () => readFileSync(path, 'utf8'),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

const opencode = { name: 'opencode' };

async function statusOf({ rig }: Home): Promise<string | undefined> {
  const clients = await rig.engine.handlers['clients.list']({});
  return clients.find(({ name }) => name === 'opencode')?.status;
}

describe('setting up OpenCode', () => {
  it('adds the provider with limits, modalities, variants and no cost, and keeps everything else', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    expect(await statusOf(home)).toBe('ready');
    const { changes, backups } = await home.rig.engine.handlers['clients.apply'](opencode);
    expect(changes).toMatchObject([{ path: home.path, kind: 'edit' }]);
    expect(backups.map((path) => readFileSync(path, 'utf8'))).toEqual([ownConfig]);
    const text = home.read();
    for (const comment of ['// my config', '// dark, please', '/* the work account */', '// last']) {
      expect(text).toContain(comment);
    }
    const config = parse(text, [], { allowTrailingComma: true });
    expect(config).toMatchObject({
      ...parse(ownConfig, [], { allowTrailingComma: true }),
      provider: expect.anything(),
    });
    expect(config.provider.acme).toBeDefined();
    expect(config.provider['kiro-pool']).toMatchObject({
      npm: '@ai-sdk/openai-compatible',
      options: { baseURL: 'http://127.0.0.1:8788/v1' },
      models: {
        'claude-sonnet-5': {
          attachment: true,
          reasoning: true,
          modalities: { input: ['text', 'image'], output: ['text'] },
          limit: { context: expect.any(Number), output: expect.any(Number) },
          cost: { input: 0, output: 0 },
          variants: { high: { reasoningEffort: 'high' } },
        },
      },
    });
    expect(config).not.toHaveProperty('small_model');
    expect(await statusOf(home)).toBe('configured');
  });

  it('gives the key by a private file, and no secret stands in the config, the diff or the record', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    const { handlers } = home.rig.engine;
    const { changes } = await handlers['clients.apply'](opencode);
    const { key } = await handlers['keys.show'](opencode);
    const reference = /\{file:([^}]+)\}/.exec(home.read())?.[1] ?? '';
    expect(readFileSync(reference, 'utf8').trim()).toBe(key);
    expect(statSync(reference).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(reference)).mode & 0o777).toBe(0o700);
    const record = readFileSync(home.rig.folder.file('data/client-setups.json'), 'utf8');
    for (const text of [home.read(), changes[0]?.diff, record, home.rig.log.join('')]) expect(text).not.toContain(key);
    expect(changes[0]?.diff).not.toContain('sk-acme');
    expect(changes[0]?.diff).toMatch(/^\+ {4}"kiro-pool": \{$/m);
  });

  it('undo gives the file back to the byte, and ends the key that was made for it', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    chmodSync(home.path, 0o644);
    const { handlers } = home.rig.engine;
    await handlers['clients.apply'](opencode);
    expect(statSync(home.path).mode & 0o777).toBe(0o644);
    await handlers['clients.undo'](opencode);
    expect(home.read()).toBe(ownConfig);
    expect(statSync(home.path).mode & 0o777).toBe(0o644);
    expect(existsSync(home.rig.folder.file('data/client-keys/opencode'))).toBe(false);
    expect(await handlers['keys.list']({})).toMatchObject([{ name: 'default' }]);
    await expect(handlers['clients.undo'](opencode)).rejects.toMatchObject({ code: 'nothing-to-undo' });
  });

  it('a preview writes nothing', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    const { handlers } = home.rig.engine;
    const { changes } = await handlers['clients.preview'](opencode);
    expect(changes[0]?.diff).toContain('kiro-pool');
    expect(home.read()).toBe(ownConfig);
    expect(await handlers['keys.list']({})).toHaveLength(1);
    expect(await handlers['clients.list']({})).toContainEqual(
      expect.objectContaining({ ...opencode, canUndo: false, model: null }),
    );
  });

  it('makes a file where there is none, and undo removes it with its folder', async () => {
    await using home = await startHome();
    expect(await statusOf(home)).toBe('absent');
    const { handlers } = home.rig.engine;
    const { changes } = await handlers['clients.apply'](opencode);
    expect(changes).toMatchObject([{ kind: 'create' }]);
    expect(parse(home.read())).toMatchObject({ $schema: 'https://opencode.ai/config.json' });
    await handlers['clients.undo'](opencode);
    expect(existsSync(home.path)).toBe(false);
    expect(existsSync(dirname(dirname(home.path)))).toBe(false);
  });

  it('a file of ours that the user has added to stays with what is theirs', async () => {
    await using home = await startHome();
    const { handlers } = home.rig.engine;
    await handlers['clients.apply'](opencode);
    home.write(home.read().replace('{\n', '{\n  // mine\n  "theme": "nord",\n'));
    await handlers['clients.undo'](opencode);
    expect(home.read()).toContain('// mine');
    expect(parse(home.read())).toEqual({ theme: 'nord' });
  });

  it('undo leaves what the user has changed since, also inside what is ours', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    const { handlers } = home.rig.engine;
    await handlers['clients.apply']({ ...opencode, model: 'claude-sonnet-5', smallModel: 'claude-haiku-4.5' });
    home.write(
      home
        .read()
        .replace('"theme": "tokyonight"', '"theme": "nord"')
        .replace('"name": "Kiro Pool",', '"name": "Kiro Pool",\n      "note": "mine",')
        .replace('"kiro-pool/claude-sonnet-5"', '"acme/other"'),
    );
    await handlers['clients.undo'](opencode);
    const config = parse(home.read(), [], { allowTrailingComma: true });
    const before = parse(ownConfig, [], { allowTrailingComma: true });
    const provider = { ...before.provider, 'kiro-pool': { note: 'mine' } };
    expect(config).toEqual({ ...before, theme: 'nord', model: 'acme/other', provider });
    expect(home.read()).toContain('// last');
  });

  it('a second apply with other choices still leads back to the first file', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    const { handlers } = home.rig.engine;
    await handlers['clients.apply']({ ...opencode, model: 'auto' });
    const once = home.read();
    expect((await handlers['clients.apply']({ ...opencode, model: 'auto' })).changes).toMatchObject([{ kind: 'none' }]);
    expect(home.read()).toBe(once);
    await handlers['clients.apply']({ ...opencode, smallModel: 'claude-haiku-4.5' });
    expect(parse(home.read())).toMatchObject({ small_model: 'kiro-pool/claude-haiku-4.5' });
    expect(parse(home.read())).not.toHaveProperty('model');
    await home.rig.restart();
    await home.rig.engine.handlers['clients.undo'](opencode);
    expect(home.read()).toBe(ownConfig);
  });

  it('tells when the endpoint has moved, and applying again mends it', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    const { handlers } = home.rig.engine;
    await handlers['clients.apply'](opencode);
    await handlers['settings.set']({ key: 'port', value: '9000' });
    expect(await statusOf(home)).toBe('outdated');
    await handlers['clients.apply'](opencode);
    expect(home.read()).toContain('http://127.0.0.1:9000/v1');
    expect(await statusOf(home)).toBe('configured');
    await handlers['clients.undo'](opencode);
    expect(home.read()).toBe(ownConfig);
  });

  it('leaves a broken file alone and says where it is broken', async () => {
    await using home = await startHome();
    const text = '{\n  "theme": "nord"\n  "provider": {}\n}\n';
    home.write(text);
    const { handlers } = home.rig.engine;
    expect(await statusOf(home)).toBe('broken');
    await expect(handlers['clients.apply'](opencode)).rejects.toMatchObject({
      code: 'config-broken',
      message: expect.stringMatching(/opencode\.json: It is no valid JSON: .*line 3, column 3/),
    });
    expect(home.read()).toBe(text);
    expect(await handlers['keys.list']({})).toHaveLength(1);
  });

  it.each([
    ['"provider": "acme"', 'config-shape'],
    ['"provider": { "kiro-pool": [] }', 'config-shape'],
  ])('refuses to write over %s', async (member, code) => {
    await using home = await startHome();
    home.write(`{ ${member} }`);
    await expect(home.rig.engine.handlers['clients.apply'](opencode)).rejects.toMatchObject({ code });
    expect(home.read()).toBe(`{ ${member} }`);
  });

  it('refuses bytes that are no text', async () => {
    await using home = await startHome();
    home.write('');
    writeFileSync(home.path, Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
    await expect(home.rig.engine.handlers['clients.apply'](opencode)).rejects.toMatchObject({
      code: 'config-unreadable',
    });
    expect(readFileSync(home.path)).toEqual(Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
  });

  it('refuses to undo by a record that was tampered with', async () => {
    await using home = await startHome();
    home.write(ownConfig);
    await home.rig.engine.handlers['clients.apply'](opencode);
    const text = home.read();
    const path = home.rig.folder.file('data/client-setups.json');
    const record = readFileSync(path, 'utf8');
    expect(record).toContain('tokyonight');
    writeFileSync(path, record.replace('tokyonight', 'evil'));
    await home.rig.restart();
    const { handlers } = home.rig.engine;
    await expect(handlers['clients.undo'](opencode)).rejects.toMatchObject({ code: 'record-tampered' });
    expect(home.read()).toBe(text);
  });

  it('writes through a link to where the file is, and prefers opencode.jsonc', async () => {
    await using home = await startHome();
    home.write('{}');
    const dotfiles = home.rig.folder.file('dotfiles.jsonc');
    writeFileSync(dotfiles, '// mine\n{}\n');
    symlinkSync(dotfiles, `${home.path}c`);
    const { changes } = await home.rig.engine.handlers['clients.apply'](opencode);
    expect(changes).toMatchObject([{ path: `${home.path}c` }]);
    expect(readFileSync(dotfiles, 'utf8')).toContain('kiro-pool');
    expect(home.read()).toBe('{}');
  });
});

import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { startForm } from '../support/form.ts';

const own = '{\n  "theme": "nord" // mine\n}\n';

/** A home with an OpenCode config, and the commands of a person in it, told as people are told. */
async function startHome() {
  const started = await startForm('serving');
  const env = { ...started.env, KIRO_POOL_LOG: 'warn' };
  const path = started.rig.folder.file('.config/opencode/opencode.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, own);
  return {
    path,
    data: started.rig.folder.file('data'),
    read: () => readFileSync(path, 'utf8'),
    run: (line: string) => command(env, ...line.split(' ')),
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

describe('kiro-pool clients', () => {
  it('shows what it would do, does it, and takes it back, in words', async () => {
    await using home = await startHome();
    const dry = await home.run('clients apply opencode --dry-run');
    expect(dry).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`+++ ${home.path}`) });
    expect(dry.out).toContain('nothing was written');
    expect(home.read()).toBe(own);

    const applied = await home.run('clients apply opencode --model auto');
    expect(applied.out).toMatch(/\+ {4}"kiro-pool": \{\n[\s\S]*Backup: \S+\nDone\. .*clients undo opencode\n/);
    expect(home.read()).toContain('"model": "kiro-pool/auto"');
    expect((await home.run('clients list')).out).toMatch(/^opencode +configured/m);
    expect((await home.run('clients apply opencode --model auto')).out).toContain('it is as it should be');

    const undone = await home.run('clients undo opencode');
    expect(undone).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Undone.') });
    expect(home.read()).toBe(own);
  });

  it('refuses a model that there is not, and says which there are', async () => {
    await using home = await startHome();
    const ran = await home.run('clients apply opencode --model gpt-1');
    expect(ran).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/no model "gpt-1"[\s\S]*claude-sonnet-5/),
    });
    expect(home.read()).toBe(own);
  });

  it('undo of what was never done fails in words', async () => {
    await using home = await startHome();
    const ran = await home.run('clients undo zed');
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('has not set up Zed') });
  });

  it('show prints a config for the tool as the tool reads it', async () => {
    await using home = await startHome();
    expect((await home.run('clients show codex')).out).toMatch(/^\[model_providers\.kiro-pool\]\nname = "Kiro Pool"\n/);
    expect((await home.run('clients show continue')).out).toMatch(
      /^name: Local config\n[\s\S]*\nmodels:\n {2}- name: /,
    );
    expect((await home.run('clients show env')).out).toContain('export OPENAI_BASE_URL="http://127.0.0.1:');
  });
});

describe('kiro-pool doctor --fix', () => {
  it('names the command that mends a fault, which mends it', async () => {
    await using home = await startHome();
    chmodSync(home.data, 0o755);
    const told = await home.run('doctor');
    const action = /Make it private: kiro-pool (doctor --fix \S+)/.exec(told.out)?.[1] ?? '';
    const mended = await home.run(action);
    expect(mended.out).toContain('Data folder: Only you can read it.');
    expect(statSync(home.data).mode & 0o777).toBe(0o700);
  });
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import type { ServingOptions } from '../proxy/serving.ts';
import { programOf, runWarned, startClient, toldOfWarning, type RealClient } from './real-client.ts';
import { finish, finishAfterCut, finishOnTheOther, twoAccounts } from './task.ts';

const program = programOf('Codex', 'codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex');

/** What a user would have in the file already, so that this Codex asks nobody anything. */
const ownConfig = `approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
web_search = "disabled"

[features]
plugins = false
remote_plugin = false
apps = false

[analytics]
enabled = false
`;

/** Reads a file, changes it, runs a program: each waits for the one before it. */
const task = 'Run cat notes.txt and then Run sed -i s/milk/bread/ notes.txt and then Run wc -c notes.txt';

describe.skipIf(program === undefined)('the real Codex, set up by `clients apply`', { timeout: 120_000 }, () => {
  test('finishes a task of several tool calls', async () => {
    await using codex = await startCodex();
    const done = await finish(codex, exec(task));
    expect(done.output).not.toContain('ERROR');
    codex.serving.checkNothingRefused();
    expect(codex.serving.turns()).toHaveLength(4);
    const last = JSON.stringify(codex.serving.turns().at(-1)?.body);
    expect(last).toContain('buy milk');
    expect(last).toContain('10 notes.txt');
    // Codex sends the reasoning's proof back, and the strict emulator has checked it.
    expect(last).toContain('"reasoningText":{"text":"The user wrote');
  });

  test('finishes it when the first account meets a rate limit: it is never told', async () => {
    await using codex = await startCodex(twoAccounts);
    expect(await finishOnTheOther(codex, exec, task)).toBe(2);
  });

  test('is told that an account was locked, and does not ask again with the other', async () => {
    await using codex = await startCodex(twoAccounts);
    expect(await runWarned(codex, exec(task))).toMatchObject(toldOfWarning);
  });

  test('finishes it when a stream is cut: it asks again', async () => {
    await using codex = await startCodex();
    expect(await finishAfterCut(codex, exec(task))).toBe(1);
    expect(codex.serving.turns()).toHaveLength(5);
  });

  test('changes a file by its custom tool, which takes a patch as it is', async () => {
    await using codex = await startCodex();
    await useCatalogue(codex);
    const input = ['*** Begin Patch', '*** Update File: notes.txt', '@@', '-buy milk', '+buy bread', '*** End Patch'];
    codex.serving.emulator.script([
      { toolCalls: [{ name: 'apply_patch', input: { input: input.join('\n') } }] },
      { text: 'PATCHED' },
    ]);
    expect(await codex.run(exec('Patch it'))).toMatchObject({ code: 0, output: expect.stringContaining('PATCHED') });
    expect(await codex.notes()).toBe('buy bread\n');
    codex.serving.checkNothingRefused();
  });

  test('says that its window is full, and goes on when asked again', async () => {
    await using codex = await startCodex();
    const { serving } = codex;
    expect(await codex.run(exec('Run cat notes.txt'))).toMatchObject({ code: 0 });
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const full = await codex.run(resume('Say exactly hello'));
    expect(full).toMatchObject({ code: 1, output: expect.stringContaining("ran out of room in the model's context") });
    expect(serving.turns()).toHaveLength(3);
    expect(await codex.run(resume('Say exactly hello'))).toMatchObject({ code: 0 });
  });

  test('makes room in time, by how full the window is told to be', async () => {
    await using codex = await startCodex();
    const { serving } = codex;
    const call = { name: 'exec_command', input: { cmd: 'cat notes.txt' } };
    serving.emulator.script([{ toolCalls: [call], contextUsagePercentage: 97 }]);
    expect(await codex.run(exec('Do it'))).toMatchObject({ code: 0, output: expect.stringContaining('compacted') });
    // The call, a summary without tools, and what was asked again in what room there is now.
    expect(serving.turns().map(({ body }) => JSON.stringify(body).includes('"toolSpecification"'))).toEqual([
      true,
      false,
      true,
    ]);
  });
});

function exec(prompt: string): readonly string[] {
  return ['exec', '--skip-git-repo-check', prompt];
}

function resume(prompt: string): readonly string[] {
  return ['exec', '--skip-git-repo-check', 'resume', '--last', prompt];
}

async function startCodex(options: ServingOptions = {}): Promise<RealClient> {
  if (program === undefined) throw new Error('Codex is not installed');
  const client = await startClient(program, {}, options);
  const folder = join(client.home, '.codex');
  await mkdir(folder);
  await writeFile(join(folder, 'config.toml'), ownConfig);
  const { engine } = client.serving;
  await engine.handlers['clients.apply']({ name: 'codex', model: 'claude-sonnet-5' });
  return client;
}

/** Has Codex know the model as one that takes patches, which it offers custom tools to. */
async function useCatalogue({ home }: RealClient): Promise<void> {
  const path = join(home, 'models.json');
  await writeFile(path, JSON.stringify({ models: [knownModel] }));
  const config = join(home, '.codex', 'config.toml');
  await writeFile(config, `model_catalog_json = ${JSON.stringify(path)}\n${await readFile(config, 'utf8')}`);
}

const knownModel = {
  slug: 'claude-sonnet-5',
  display_name: 'Claude Sonnet 5',
  description: 'A model',
  base_instructions: 'Be brief.',
  default_reasoning_level: 'medium',
  supported_reasoning_levels: [{ effort: 'medium', description: 'Some' }],
  shell_type: 'shell_command',
  visibility: 'list',
  supported_in_api: true,
  priority: 1,
  upgrade: null,
  availability_nux: null,
  support_verbosity: false,
  default_verbosity: null,
  apply_patch_tool_type: 'freeform',
  truncation_policy: { mode: 'tokens', limit: 10_000 },
  supports_parallel_tool_calls: true,
  supports_reasoning_summaries: true,
  context_window: 200_000,
  effective_context_window_percent: 95,
  experimental_supported_tools: [],
};

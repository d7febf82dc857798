import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { interruptAnswer, startInterruptible, type InterruptibleClient } from './interruptible.ts';
import { jsonLines } from './json-lines.ts';
import { drawPicture } from './picture-file.ts';
import { programOf } from './real-client.ts';

const codexProgram = programOf('Codex', 'codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex');
const claudeProgram = programOf('Claude Code', 'claude-code-linux-x64/claude');

const timeout = 120_000;
const thought = /^The user wrote .* 🤔$/;

describe.skipIf(codexProgram === undefined)('the real Codex', { timeout }, () => {
  test('runs two tools at once, shows its reasoning, and counts tokens', async () => {
    await using codex = await startCodex();
    const done = await codex.run(exec('--json', 'Run cat notes.txt and at once run wc -c notes.txt'));
    expect(done.code).toBe(0);
    codex.serving.checkNothingRefused();
    expect(codex.serving.turns()).toHaveLength(2);
    const events = jsonLines(codexEvent, done.output);
    const items = events.flatMap(({ type, item }) => (type === 'item.completed' && item ? [item] : []));
    const outputs = items.filter(({ type }) => type === 'command_execution').map((item) => item.aggregated_output);
    // Either may be the first to end.
    expect(new Set(outputs)).toEqual(new Set(['9 notes.txt\n', 'buy milk\n']));
    const thoughts = items.filter(({ type }) => type === 'reasoning').map(({ text }) => text);
    expect(thoughts).toEqual(Array(2).fill(expect.stringMatching(thought)));
    expect(events.at(-1)?.usage?.input_tokens).toBeGreaterThan(1_000);
  });

  test('sends a picture', async () => {
    await using codex = await startCodex();
    const done = await codex.run(exec('-i', await drawPicture(codex), '--', 'What is this?'));
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('I received 1 image(s)') });
    codex.serving.checkNothingRefused();
  });

  test('answers in a schema', async () => {
    await using codex = await startCodex();
    const file = join(codex.home, 'schema.json');
    await writeFile(file, JSON.stringify(citySchema));
    codex.serving.emulator.script([{ text: '```json\n{"city":"Köln"}\n```' }]);
    const done = await codex.run(exec('--output-schema', file, 'Which city?'));
    expect(done).toMatchObject({ code: 0, output: expect.stringMatching(/^\{"city":"Köln"\}$/m) });
    expect(JSON.stringify(codex.serving.turns()[0]?.body)).toContain('additionalProperties');
  });

  test('shows an error that is final, and does not ask again', async () => {
    await using codex = await startCodex();
    codex.serving.emulator.inject({ on: 'generate', fault: faults.bodyInvalid, times: 'always' });
    const done = await codex.run(exec('Say exactly hello'));
    expect(done).toMatchObject({ code: 1, output: expect.stringContaining('Kiro refused the request') });
    expect(codex.serving.turns()).toHaveLength(1);
  });

  test('leaves Kiro when its user leaves', async () => {
    await using codex = await startCodex();
    await expect(interruptAnswer(codex, exec)).resolves.toBeUndefined();
  });
});

describe.skipIf(claudeProgram === undefined)('the real Claude Code', { timeout }, () => {
  test('calls two tools at once, shows reasoning and replays it, and counts tokens', async () => {
    await using claude = await startClaude();
    const asked =
      'Create the file a.txt containing exactly one and at once create the file b.txt containing exactly two';
    const done = await claude.run(print('--output-format', 'stream-json', '--verbose', asked));
    expect(done.code).toBe(0);
    claude.serving.checkNothingRefused();
    expect(await readFile(join(claude.project, 'a.txt'), 'utf8')).toBe('one');
    expect(await readFile(join(claude.project, 'b.txt'), 'utf8')).toBe('two');
    expect(claude.serving.turns()).toHaveLength(2);
    // The strict emulator checks the signature against text and model.
    expect(JSON.stringify(claude.serving.turns()[1]?.body)).toContain('"reasoningText":{"text":"The user wrote');
    const events = jsonLines(claudeEvent, done.output);
    const blocks = events.flatMap(({ type, message }) => (type === 'assistant' && message ? message.content : []));
    const thoughts = blocks.filter(({ type }) => type === 'thinking').map(({ thinking }) => thinking);
    expect(thoughts).toEqual(Array(2).fill(expect.stringMatching(thought)));
    expect(events.at(-1)?.usage?.input_tokens).toBeGreaterThan(1_000);
  });

  test('sends a picture that it has read', async () => {
    await using claude = await startClaude();
    await drawPicture(claude);
    const done = await claude.run(print('Read red.png'));
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('DONE') });
    claude.serving.checkNothingRefused();
    expect(JSON.stringify(claude.serving.turns()[1]?.body)).toContain('"format":"png"');
  });

  test('answers in a schema', async () => {
    await using claude = await startClaude();
    claude.serving.emulator.script([{ toolCalls: [{ name: 'StructuredOutput', input: { city: 'Köln' } }] }]);
    const inSchema = ['--output-format', 'json', '--json-schema', JSON.stringify(citySchema)];
    const done = await claude.run(print(...inSchema, 'Which city?'));
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('"structured_output":{"city":"Köln"}') });
  });

  test('shows an error that is final, and does not ask for ever', async () => {
    await using claude = await startClaude();
    claude.serving.emulator.inject({ on: 'generate', fault: faults.bodyInvalid, times: 'always' });
    const done = await claude.run(print('Say exactly hello'));
    expect(done).toMatchObject({ code: 1, output: expect.stringContaining('Kiro refused the request') });
    // It leaves out one beta after the other first.
    expect(claude.serving.turns().length).toBeLessThanOrEqual(8);
  });

  test('leaves Kiro when its user leaves', async () => {
    await using claude = await startClaude();
    await expect(interruptAnswer(claude, print)).resolves.toBeUndefined();
  });
});

function exec(...args: readonly string[]): readonly string[] {
  return ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', ...args];
}

function print(...args: readonly string[]): readonly string[] {
  return ['-p', '--dangerously-skip-permissions', ...args];
}

function startCodex(): Promise<InterruptibleClient> {
  return startTool('codex', codexProgram, {});
}

function startClaude(): Promise<InterruptibleClient> {
  const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1' };
  return startTool('claude-code', claudeProgram, quiet);
}

async function startTool(
  name: string,
  program: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<InterruptibleClient> {
  if (program === undefined) throw new Error(`${name} is not installed`);
  const client = await startInterruptible(program, env);
  await client.serving.engine.handlers['clients.apply']({ name, model: 'claude-sonnet-5' });
  return client;
}

const citySchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

const usage = v.optional(v.object({ input_tokens: v.number() }));

/** A line of `codex exec --json`, as far as it is looked at. */
const codexEvent = v.object({
  type: v.string(),
  usage,
  item: v.optional(
    v.object({ type: v.string(), text: v.optional(v.string()), aggregated_output: v.optional(v.string()) }),
  ),
});

/** A line of Claude Code's `--output-format stream-json`, as far as it is looked at. */
const claudeEvent = v.object({
  type: v.string(),
  usage,
  message: v.optional(v.object({ content: v.array(v.object({ type: v.string(), thinking: v.optional(v.string()) })) })),
});

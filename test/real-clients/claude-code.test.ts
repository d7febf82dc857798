import { describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import type { ServingOptions } from '../proxy/serving.ts';
import { programOf, runWarned, startClient, toldOfWarning, type RealClient } from './real-client.ts';
import { finish, finishAfterCut, finishOnTheOther, twoAccounts } from './task.ts';

const program = programOf('Claude Code', 'claude-code-linux-x64/claude');

/** What keeps this Claude Code on this machine. */
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_TELEMETRY: '1',
  IS_SANDBOX: '1',
};

const task = 'Read notes.txt and then replace milk with bread in notes.txt and then run wc -c notes.txt';

describe.skipIf(program === undefined)('the real Claude Code, set up by `clients apply`', { timeout: 120_000 }, () => {
  test('finishes a task of several tool calls', async () => {
    await using claude = await startClaude();
    await finish(claude, print(task));
    claude.serving.checkNothingRefused();
    expect(JSON.stringify(claude.serving.turns().at(-1)?.body)).toContain('10 notes.txt');
  });

  test('finishes it with the model that it takes by itself', async () => {
    await using claude = await startClaude({}, '');
    expect((await finish(claude, print(task))).code).toBe(0);
    claude.serving.checkNothingRefused();
  });

  test('finishes it when the first account meets a rate limit: it is never told', async () => {
    await using claude = await startClaude(twoAccounts);
    expect(await finishOnTheOther(claude, print, task)).toBe(2);
  });

  test('is told that an account was locked, and does not ask again with the other', async () => {
    await using claude = await startClaude(twoAccounts);
    expect(await runWarned(claude, print(task))).toMatchObject(toldOfWarning);
  });

  test('finishes it when a stream is cut: it asks again', async () => {
    await using claude = await startClaude();
    expect(await finishAfterCut(claude, print(task))).toBe(1);
  });

  test('compacts when the conversation is too long, and finishes', async () => {
    await using claude = await startClaude();
    const { serving } = claude;
    expect(await claude.run(print('Run cat notes.txt'))).toMatchObject({ code: 0 });
    serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
    const done = await claude.run(['-c', ...print('Say exactly hello')]);
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('hello') });
    const after = serving.turns().slice(2);
    expect(after.map(({ status }) => status)).toEqual([400, ...after.slice(1).map(() => 200)]);
    expect(JSON.stringify(after[1]?.body)).toContain('<summary>');
  });
});

function print(prompt: string): readonly string[] {
  return ['-p', prompt, '--dangerously-skip-permissions'];
}

async function startClaude(options: ServingOptions = {}, model = 'claude-sonnet-5'): Promise<RealClient> {
  if (program === undefined) throw new Error('Claude Code is not installed');
  const client = await startClient(program, quiet, options);
  await client.serving.engine.handlers['clients.apply']({ name: 'claude-code', ...(model === '' ? {} : { model }) });
  return client;
}

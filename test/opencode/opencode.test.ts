import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runWarned, toldOfWarning } from '../real-clients/real-client.ts';
import { twoAccounts } from '../real-clients/task.ts';
import { apis, ownConfig, program, startOpenCode } from './open-code.ts';

describe.skipIf(program === undefined)('the real OpenCode, set up by `clients apply opencode`', () => {
  test('writes a file, then edits it, each through a loop of tool calls, and forgets us on undo', async () => {
    await using openCode = await startOpenCode(apis[0]);
    const { serving, config } = openCode;
    const file = join(openCode.project, 'list.txt');
    const written = await openCode.run(['run', '--auto', 'Create the file list.txt containing exactly buy milk']);
    expect(written).toMatchObject({ code: 0, output: expect.stringContaining('DONE') });
    expect((await readFile(file, 'utf8')).trim()).toBe('buy milk');

    const edited = await openCode.run(['run', '--auto', 'Replace milk with bread in list.txt']);
    expect(edited).toMatchObject({ code: 0, output: expect.stringContaining('DONE') });
    expect((await readFile(file, 'utf8')).trim()).toBe('buy bread');

    // A strict Kiro refused nothing of what OpenCode made us send.
    serving.checkNothingRefused();
    expect(serving.turns().length).toBeGreaterThanOrEqual(5);

    // No secret ever stood in its config, and undo leaves nothing of ours.
    const { key } = await serving.engine.handlers['keys.show']({ name: 'opencode' });
    expect(await readFile(config, 'utf8')).not.toContain(key);
    await serving.engine.handlers['clients.undo']({ name: 'opencode' });
    expect(await readFile(config, 'utf8')).toBe(ownConfig);
  }, 120_000);

  test.each(apis)(
    'by %s it is told that an account was locked, and does not ask again with the other',
    async (api) => {
      await using openCode = await startOpenCode(api, twoAccounts);
      expect(await runWarned(openCode, ['run', '--auto', 'Say exactly hello'])).toMatchObject(toldOfWarning);
    },
    120_000,
  );
});

/** Names and messages that would be more than text where they are shown: in logs, terminals and errors. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Log } from '../../app/log.ts';
import { startHome } from '../cli/person.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { echo } from '../proxy/import-scenario.ts';
import { startServing } from '../proxy/serving.ts';
import { sendRaw } from '../proxy/wire.ts';
import { command } from '../support/command.ts';
import { ask, startRig } from '../support/engine.ts';

/** ANSI and its one-character form, a title, a link, a forged line, a turn of direction, a bell, a backspace. */
const hostile = [
  '\u001b[31mred\u001b[0m',
  '\u009b2Jgone',
  '\u001b]0;title\u0007',
  '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\',
  'a\r\n{"level":"error","event":"forged"}',
  'a\u2028b\u2029c\u0085d',
  '\u202eexe.txt\u202c \u2066isolated\u2069',
  'paid\b\b\b\bfree\u007f',
];
const listed = v.array(v.object({ id: v.string() }));
const isHarmless = (text: string): boolean => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);

describe('in the log', () => {
  test.each(hostile)('%j stays one harmless line, and can still be read as what it was', (text) => {
    const lines: string[] = [];
    new Log({ write: (line) => lines.push(line), now: () => 0, level: 'debug' }).warn('x', { [text]: text });
    const [line = ''] = lines;
    expect(line.endsWith('\n')).toBe(true);
    expect(isHarmless(line.slice(0, -1))).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ event: 'x', [text]: text });
  });

  test('nothing of a request steers the terminal: model, headers, tools, path, host', async () => {
    await using serving = await startServing();
    for (const text of hostile) {
      const name = encodeURIComponent(text);
      await serving.chat({ model: text }).then((answer) => answer.text());
      await serving.chat({ tools: [{ type: 'function', function: { name: text } }] }).then((answer) => answer.text());
      await serving.chat({ user: text, prompt_cache_key: text }).then((answer) => answer.text());
      await serving.fetch(`/v1/models/${name}`).then((answer) => answer.text());
      const latin = Buffer.from(text.replaceAll(/[\r\n\0]/g, ''), 'latin1').toString('latin1');
      for (const header of ['user-agent', 'x-session-id', 'x-api-key', 'origin', 'host'])
        await sendRaw(serving.port, [
          Buffer.from(
            `GET /v1/x HTTP/1.1\r\nhost: localhost\r\n${header}: ${latin}\r\nconnection: close\r\n\r\n`,
            'latin1',
          ),
        ]);
    }
    expect(serving.log.filter((line) => !isHarmless(line.trimEnd()) || !line.endsWith('\n'))).toEqual([]);
    for (const line of serving.log) expect(JSON.parse(line)).not.toMatchObject({ event: 'forged' });
  });
});

describe('in an error', () => {
  test.each(hostile)('Kiro’s message %j reaches client, history and state as plain text', async (text) => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'social' });
    if (!account) throw new Error('no account');
    rig.emulator.inject({ on: 'generate', fault: echo(403, `User is not authorized ${text}`) });
    const { error, trace } = await ask(rig);
    const shown = [error?.message ?? '', JSON.stringify(trace), JSON.stringify(rig.summaryOf(account).state)];
    expect(shown.join()).toContain('not authorized');
    for (const each of shown) {
      expect(isHarmless(each)).toBe(true);
      expect(each).not.toMatch(/\\u001b|\\u009b|\\r|\\n/);
    }
  });
});

describe('in a terminal', () => {
  test('an account, its label and its state are one row, and JSON is one line', async () => {
    await using home = await startHome('idle');
    const { env, emulator, folder } = home;
    for (const [index, text] of hostile.entries()) {
      const account = emulator.addAccount({ kind: 'social', email: `${text}${index}@example.com` });
      writeCliStore(folder.file('store.sqlite3'), [{ account, login: account.newLogin() }]);
      await command(env, 'accounts', 'import', '--from', 'kiro-cli', '--path', folder.file('store.sqlite3'));
    }
    const [first] = v.parse(listed, (await command(env, 'accounts', 'list', '--json')).json());
    await command(env, 'accounts', 'label', first?.id ?? '', hostile.join(' ').slice(0, 60));
    const outputs = [
      await command(env, 'accounts', 'list'),
      await command(env, 'accounts', 'list', '--json'),
      await command(env, 'accounts', 'pause', hostile.join(' ')),
      await command(env, 'accounts', 'pause', hostile.join(' '), '--json'),
      await command(env, 'usage'),
      await command(env, 'doctor'),
      await command(env, 'settings', 'get', hostile.join(' ')),
    ];
    for (const { out, err } of outputs)
      for (const line of `${out}${err}`.trimEnd().split('\n')) expect([line, isHarmless(line)]).toEqual([line, true]);
    expect(outputs[0]?.out.trimEnd().split('\n')).toHaveLength(1 + hostile.length);
  });
});

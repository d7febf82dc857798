import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Tool } from '../../app/conversation/conversation.ts';
import { LeakedCalls } from '../../app/conversation/leaked-calls.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { textOf } from './events.ts';
import { anyTurn, batchesOf, call, end, text } from './samples.ts';

const tools: readonly Tool[] = [
  {
    name: 'read',
    description: '',
    inputSchema: { type: 'object', properties: { path: { type: 'string' }, lines: { type: 'integer' } } },
  },
  { name: 'list', description: '', inputSchema: { type: 'object' } },
];

function run(...batches: readonly (readonly TurnEvent[])[]): TurnEvent[] {
  let ids = 0;
  const filter = new LeakedCalls(tools, () => `tooluse_${ids++}`);
  return batches.flatMap((batch) => filter.push(batch));
}

/** The calls of an answer, and its text. */
function read(events: readonly TurnEvent[]) {
  const calls = events.flatMap((event) => (event.type === 'tool-start' ? [event.name] : []));
  const inputs = events.flatMap((event): unknown[] => (event.type === 'tool-input' ? [JSON.parse(event.json)] : []));
  return { calls, inputs, text: textOf(events), end: events.at(-1) };
}

const bracket = '[Called read with args: {"path":"a ]} \\" b","lines":2}]';
const xml =
  '<function_calls>\n<invoke name="read">\n<parameter name="path">2</parameter>\n<parameter name="lines">2</parameter>\n' +
  '</invoke>\n<invoke name="list">\n</invoke>\n</function_calls>';

const LEAKS: Readonly<Record<string, readonly [leak: string, inputs: readonly unknown[]]>> = {
  'in brackets': [bracket, [{ path: 'a ]} " b', lines: 2 }]],
  'as the history tells old calls': ['[Called the tool read with {"path":"a"}]', [{ path: 'a' }]],
  'two in brackets': ['[Called list with args: {}]\n\n[Called read with args: {"path":"a"}]', [{}, { path: 'a' }]],
  'as XML': [xml, [{ path: '2', lines: 2 }, {}]],
  'as XML with a prefix': [xml.replaceAll(/<(\/?)/g, '<$1antml:'), [{ path: '2', lines: 2 }, {}]],
  'as DSML': [
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="read">\n<｜DSML｜parameter name="path" string="true">a</｜DSML｜parameter>\n' +
      '<｜DSML｜parameter name="lines" string="false">[1]</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    [{ path: 'a', lines: [1] }],
  ],
  'as JSON in a tag': ['<tool_use>\n{"name":"read","input":{"path":"a"}}\n</tool_use>', [{ path: 'a' }]],
};

describe('a call that leaked as text is recovered', () => {
  test.each(Object.entries(LEAKS))('%s', (_, [leak, inputs]) => {
    const answer = read(run([text(`I look.\n\n  ${leak}\n`), end('stop', { credits: 1 })]));
    expect(answer).toMatchObject({ inputs, text: 'I look.\n' });
    expect(answer.calls).toHaveLength(inputs.length);
    expect(answer.end).toEqual(end('tools', { credits: 1 }));
  });

  test('after an example in a fence', () => {
    const example = `\`\`\`\`\n${bracket}\n\`\`\`\n${bracket}\n\`\`\`\`\n`;
    expect(read(run([text(example + bracket), end('stop')]))).toMatchObject({ text: example, calls: ['read'] });
  });

  test.each([
    ['a fence that ends with blanks', `\`\`\` js \n${bracket}\n\`\`\`\` \t\r\n`],
    ['a code span that looks like a fence', '```a``` is code\n'],
    ['a fence that is code by its indent', '    ```\n'],
    ['very many blank lines', `a${'\n'.repeat(3_000)}`],
  ])('after %s', (_, before) => {
    const answer = read(run([text(before + bracket), end('stop')]));
    expect(answer.calls).toEqual(['read']);
    expect(answer.text.trimEnd()).toBe(before.trimEnd());
    const letters = (before + bracket).split('').map((letter) => [text(letter)]);
    expect(read(run(...letters, [end('stop')])).calls).toEqual(['read']);
  });

  test('however its text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(LEAKS)), fc.array(fc.nat()), ([leak, inputs], cuts) => {
        const letters = `So:\n${leak}`.split('').map((letter) => text(letter));
        const answer = read(run(...batchesOf([...letters, end('stop')], cuts)));
        expect(answer).toMatchObject({ inputs, text: 'So:\n' });
      }),
    );
  });
});

describe('what is no leaked call goes on as it is', () => {
  test.each([
    ['within a sentence', `Do not write ${bracket}`],
    ['in a code span', `\`${bracket}\``],
    ['in a fence', `\`\`\`\n${bracket}\n\`\`\``],
    ['in a fence of tildes', `~~~ text\n${xml}\n~~~\n`],
    ['in a fence that never ends', `\`\`\`xml\n${xml}`],
    ['in a fence that another within it does not close', `\`\`\`md\n\`\`\`js\n${bracket}`],
    ['in a fence whose end stands as code', `\`\`\`\n    \`\`\`\n${bracket}`],
    ['in a fence that a code span does not close', `~~~\n~~\n~~~~ no end\n${bracket}`],
    ['as code by its indent', `So:\n\n    ${bracket}`],
    ['as code by a tab', `So:\n\t${xml}`],
    ['of a tool that was not offered', '[Called write with args: {}]'],
    ['of two tools, one of them not offered', `${bracket}\n[Called write with args: {}]`],
    ['and more text', `${bracket}\nThe file says a.`],
    ['that is cut', bracket.slice(0, -3)],
    ['XML that is cut', xml.slice(0, -3)],
    ['without its input', '[Called read with args: ]'],
    ['that is a list', '<tool_use>[]</tool_use>'],
    ['nothing but the opening', '<function_calls>'],
    ['half an opening', 'a\n<function_'],
    ['Markdown', '[Called](https://example.com)\n<b>bold</b>\n\n   \n'],
  ])('%s', (_, words) => {
    expect(read(run([text(words), end('stop')]))).toEqual({ calls: [], inputs: [], text: words, end: end('stop') });
    const letters = words.split('').map((letter) => [text(letter)]);
    expect(read(run(...letters, [end('stop')])).text).toBe(words);
  });

  test('when a real call came', () => {
    const real = call(0, 'list');
    const answer = run([text(bracket)], real, [text(`\n${bracket}`), end('tools')]);
    expect(answer).toEqual([text(bracket), ...real, text(`\n${bracket}`), end('tools')]);
  });

  test('when the answer was cut or kept back', () => {
    for (const reason of ['length', 'filtered'] as const) {
      expect(run([text(bracket), end(reason)])).toEqual([text(bracket), end(reason)]);
    }
  });

  test('any turn, with all its text', () => {
    fc.assert(
      fc.property(anyTurn, fc.array(fc.nat()), (events, cuts) => {
        expect(textOf(run(...batchesOf(events, cuts)))).toBe(textOf(events));
      }),
    );
  });
});

test('text is not held back where no call can begin', () => {
  const filter = new LeakedCalls(tools, () => '');
  expect(textOf(filter.push([text('A word')]))).toBe('A word');
  expect(textOf(filter.push([text(' and [')]))).toBe(' and [');
  expect(textOf(filter.push([text('\n\n[Called wri')]))).toBe('\n');
  expect(textOf(filter.push([text('te w')]))).toBe('\n[Called write w');
  expect(textOf(filter.push([text('\n<div>')]))).toBe('\n<div>');
});

describe('however long an answer is held back, no part of it is looked at again with each fragment', () => {
  test.each([
    ['a call', '<function_calls>\n', 1],
    ['a fence', '```', 1_000],
    ['one call after the other', '[Called read with args: {}]\n', 1_000],
    ['more than is held back', '[Called read with args: {}]\n', 40_000],
  ])('%s', (_, words, times) => {
    const opening = words.repeat(times);
    expect(workFor(opening, 4_000)).toBeLessThanOrEqual(workFor(opening, 2_000) * 2.1);
  });
});

/** How many letters the strings have, in all, that the filter looks into while these many fragments follow on an opening. */
function workFor(opening: string, fragments: number): number {
  const filter = new LeakedCalls(tools, () => '');
  filter.push([text(opening)]);
  using spies = new DisposableStack();
  const methods = ['trimStart', 'indexOf', 'slice', 'startsWith', 'charAt'] as const;
  const calls = methods.map((method) => spies.use(vi.spyOn(String.prototype, method)).mock);
  for (let index = 0; index < fragments; index += 1) filter.push([text('` x\n')]);
  const lookedInto = calls.flatMap(({ contexts }) => contexts.map(String));
  return lookedInto.reduce((sum, { length }) => sum + length, 0);
}

test('nor for ever', () => {
  const filter = new LeakedCalls(tools, () => '');
  expect(textOf(filter.push([text('<tool_use>')]))).toBe('');
  expect(textOf(filter.push([text('x'.repeat(2 ** 20))]))).toHaveLength(2 ** 20 + 10);
});

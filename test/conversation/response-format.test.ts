import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseFormatFilter } from '../../app/conversation/response-format.ts';
import { TurnError } from '../../app/conversation/turn-error.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { stop, text, textOf } from './events.ts';

const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false };

const ANSWERS: readonly [string, string, string][] = [
  ['bare', '{"a":1}', '{"a":1}'],
  ['white space around', ' \n{"a":1}\n', '{"a":1}\n'],
  ['fenced as json', '```json\n{"a":1}\n```', '{"a":1}\n'],
  ['fenced without a word', '```\n{"a":1}\n```\n', '{"a":1}\n'],
  ['fenced on one line', '```json {"a":1}```', '{"a":1}'],
  ['Windows lines', '```json\r\n{"a":1}\r\n```', '{"a":1}\r\n'],
  ['white space before the fence', '\n\n ```json\n{"a":1}\n```', '{"a":1}\n'],
  ['words after the fence', '```json\n{"a":1}\n```\nHope that helps: `a` is 1.', '{"a":1}\n'],
  ['a fence in a string', '```json\n{"a":"```\\"```"}\n```', '{"a":"```\\"```"}\n'],
  ['a fence in a bare string', '{"a":"```"}', '{"a":"```"}'],
  ['a list', '```json\n[1]\n```', '[1]\n'],
  ['a number', '```json\n42\n```', '42\n'],
  ['never closed', '```json\n{"a":1}\n', '{"a":1}\n'],
];

describe('a code fence is taken off', () => {
  test.each(ANSWERS)('%s', (_, answer, bare) => {
    expect(textOf(new ResponseFormatFilter({ type: 'json' }).push([text(answer), stop]))).toBe(bare);
  });

  test('in any fragments', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ANSWERS), fc.array(fc.nat({ max: 40 })), ([, answer, bare], cuts) => {
        const filter = new ResponseFormatFilter({ type: 'json' });
        const places = [0, ...cuts.sort((a, b) => a - b), answer.length];
        const fragments = places.map((from, index) => text(answer.slice(from, places[index + 1])));
        expect(textOf([...fragments.slice(0, -1), stop].flatMap((event) => filter.push([event])))).toBe(bare);
        expect(filter.isDone).toBe(true);
      }),
    );
  });

  test('while it streams', () => {
    const filter = new ResponseFormatFilter({ type: 'json' });
    expect(filter.push([text('``')])).toEqual([]);
    expect(filter.push([text('`js')])).toEqual([]);
    expect(filter.push([text('on\n{"a"')])).toEqual([text('{"a"')]);
    expect(filter.push([text(':1}')])).toEqual([text(':1}')]);
  });
});

describe('an answer that is not in the format is an error', () => {
  test.each([
    ['words', 'Here you are: {"a":1}'],
    ['nothing', ''],
    ['half of it', '{"a":'],
    ['a fence alone', '```'],
    ['an unfinished word', '```json'],
    ['one backtick', '`'],
    ['two values', '{"a":1}{"a":2}'],
  ])('%s', (_, answer) => {
    expect(codeOf(() => new ResponseFormatFilter({ type: 'json' }).push([text(answer), stop]))).toBe('format-not-met');
  });

  test('JSON of another form, saying where', () => {
    const filter = new ResponseFormatFilter({ type: 'json-schema', name: 'sums', schema });
    expect(() => filter.push([text('{"a":"1"}'), stop])).toThrow('"sums": $.a is of type string instead of number');
  });
});

test('JSON of the asked form passes', () => {
  const filter = new ResponseFormatFilter({ type: 'json-schema', name: 'sums', schema });
  expect(filter.push([text('{"a":1}'), stop])).toEqual([text('{"a":1}'), stop]);
});

test('answers that call tools or were cut are exempt', () => {
  const calls: TurnEvent[] = [
    text('I look.'),
    { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'read' },
    { type: 'tool-end', index: 0 },
  ];
  for (const reason of ['tools', 'stop'] as const) {
    const events: TurnEvent[] = [...calls, { type: 'end', reason, usage: {} }];
    expect(new ResponseFormatFilter({ type: 'json' }).push(events)).toEqual(events);
  }
  const cut: TurnEvent[] = [text('{"a":'), { type: 'end', reason: 'length', usage: {} }];
  expect(new ResponseFormatFilter({ type: 'json' }).push(cut)).toEqual(cut);
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof TurnError) return error.code;
    throw error;
  }
  return undefined;
}

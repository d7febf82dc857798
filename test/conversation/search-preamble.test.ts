import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SearchPreamble } from '../../app/conversation/search-preamble.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { batchesOf, call, end, reasoning, text } from './samples.ts';
import { textOf } from './events.ts';

const searched: TurnEvent = { type: 'web-search', id: 's', query: 'a', outcome: { type: 'found', results: [] } };

test.each<readonly [what: string, turn: readonly TurnEvent[], answer: string]>([
  ['nothing before a search', [searched, text('{}'), end('stop')], '{}'],
  [
    'words before a search',
    [text('I look'), text(' it up.'), searched, text('{"a"'), text(':1}'), end('stop')],
    '{"a":1}',
  ],
  ['words before each of two', [text('I'), searched, text('Again'), searched, searched, text('[]'), end('stop')], '[]'],
  ['the answer before a search that adds nothing', [text('{}'), searched, text('\n'), text(' '), end('stop')], '{}\n '],
  ['no search', [text('{'), text('}'), end('stop')], '{}'],
  ['an answer that was cut', [text('I look.'), searched, text('{"a'), end('length')], '{"a'],
  [
    'a call of the client',
    [text('I look.'), searched, text('I read.'), ...call(0, 'read', '{}'), end('tools')],
    'I read.',
  ],
])('however it is cut up: %s', (_, turn, answer) => {
  fc.assert(
    fc.property(fc.array(fc.nat()), (cuts) => {
      const filter = new SearchPreamble();
      const passed = batchesOf(turn, cuts).flatMap((batch) => filter.push(batch));
      expect(textOf(passed)).toBe(answer);
      expect(passed.filter(({ type }) => type !== 'text')).toEqual(turn.filter(({ type }) => type !== 'text'));
      expect(filter.isDone).toBe(true);
    }),
  );
});

test('what is no text goes on at once, and text too once the client has a call to run', () => {
  const filter = new SearchPreamble();
  expect(filter.push([text('I look.'), reasoning('Hm.'), searched])).toEqual([reasoning('Hm.'), searched]);
  expect(filter.push(call(0, 'read', '{}'))).toEqual([text('I look.'), ...call(0, 'read', '{}')]);
  expect(filter.push([text('Wait.')])).toEqual([text('Wait.')]);
});

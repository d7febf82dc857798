import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StopSequences } from '../../app/conversation/stop-sequences.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { textOf } from './events.ts';

const end: TurnEvent = { type: 'end', reason: 'stop', usage: { credits: 0.5 } };
const toolStart: TurnEvent = { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'read' };
const toolEnd: TurnEvent = { type: 'tool-end', index: 0 };

function run(filter: StopSequences, ...batches: readonly (readonly (TurnEvent | string)[])[]): TurnEvent[] {
  return batches.flatMap((batch) =>
    filter.push(batch.map((event): TurnEvent => (typeof event === 'string' ? { type: 'text', text: event } : event))),
  );
}

/** The first sequence to be complete ends the text; of several complete at once, the longest. */
function naiveCut(text: string, sequences: readonly string[]): string {
  for (let length = 1; length <= text.length; length += 1) {
    const found = sequences.filter((sequence) => text.slice(0, length).endsWith(sequence)).map(({ length }) => length);
    if (found.length > 0) return text.slice(0, length - Math.max(...found));
  }
  return text;
}

test('the cut is that of the whole text, however it is cut into fragments', () => {
  // Two letters make sequences that overlap themselves and each other.
  const word = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom('a', 'b'), minLength, maxLength });
  fc.assert(
    fc.property(
      fc.array(word(0, 4), { maxLength: 12 }),
      fc.array(word(1, 5), { minLength: 1, maxLength: 4 }),
      (fragments, stops) => {
        const whole = fragments.join('');
        const passed = run(new StopSequences(stops), ...fragments.map((fragment) => [fragment]), [end]);
        expect(textOf(passed)).toBe(naiveCut(whole, stops));
        expect(passed.filter((event) => event.type === 'end')).toHaveLength(1);
        expect(passed.at(-1)?.type).toBe('end');
      },
    ),
    { numRuns: 2_000 },
  );
});

describe('only what may become a sequence is held back', () => {
  test.each([
    ['no part of it', 'abc', 'abc'],
    ['its first letter', 'abE', 'ab'],
    ['nearly all of it', 'abEN', 'ab'],
    ['a start that failed', 'aENx', 'aENx'],
    ['a start within a start', 'EENE', 'EEN'],
  ])('%s', (_, fragment, passed) => {
    expect(textOf(run(new StopSequences(['END']), [fragment]))).toBe(passed);
  });

  test('it goes out when the text ends or is interrupted', () => {
    expect(textOf(run(new StopSequences(['END']), ['aEN', end]))).toBe('aEN');
    const passed = run(new StopSequences(['END']), ['aEN', { type: 'reasoning', text: 'D' }, 'D', end]);
    expect(passed.map((event) => event.type)).toEqual(['text', 'text', 'reasoning', 'text', 'end']);
    expect(textOf(passed)).toBe('aEND');
  });
});

test('a cut ends the turn with stop, says at which sequence, and has the usage that came along', () => {
  const filter = new StopSequences(['END']);
  expect(filter.isDone).toBe(false);
  expect(run(filter, ['aEND', 'b', end])).toEqual([
    { type: 'text', text: 'a' },
    { ...end, stopSequence: 'END' },
  ]);
  expect(filter.isDone).toBe(true);
  expect(run(filter, ['c', end])).toEqual([]);

  expect(run(new StopSequences(['END']), ['aENDb']).at(-1)).toEqual({
    type: 'end',
    reason: 'stop',
    stopSequence: 'END',
    usage: {},
  });
});

test('reasoning and tool arguments are not searched', () => {
  const events: TurnEvent[] = [
    { type: 'reasoning', text: 'END' },
    toolStart,
    { type: 'tool-input', index: 0, json: '{"a":"END"}' },
    toolEnd,
    { type: 'end', reason: 'tools', usage: {} },
  ];
  expect(run(new StopSequences(['END']), events)).toEqual(events);
});

test('a tool call before the cut still reaches the client whole', () => {
  const last: TurnEvent = { type: 'end', reason: 'tools', usage: { credits: 1 } };
  const filter = new StopSequences(['END']);
  const passed = run(filter, [toolStart, 'aEND', 'b'], [toolEnd, 'c', last]);
  expect(passed).toEqual([toolStart, { type: 'text', text: 'a' }, toolEnd, last]);
  expect(filter.isDone).toBe(true);
});

test('time is linear for a sequence made to be slow', () => {
  const filter = new StopSequences([`${'a'.repeat(50_000)}b`]);
  const startedAt = performance.now();
  let length = 0;
  for (let index = 0; index < 300_000; index += 1) length += textOf(filter.push([{ type: 'text', text: 'a' }])).length;
  expect(length).toBe(250_000);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

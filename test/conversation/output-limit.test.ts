import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputLimit } from '../../app/conversation/output-limit.ts';
import { estimateTokens } from '../../app/conversation/token-estimate.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { stop, text, textOf } from './events.ts';

const toolStart: TurnEvent = { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'read' };
const toolInput: TurnEvent = { type: 'tool-input', index: 0, json: '{"path":"a very long path indeed"}' };
const toolEnd: TurnEvent = { type: 'tool-end', index: 0 };

test('the cut does not depend on the fragments and keeps to the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 20 }), (fragments, limit) => {
      const whole = fragments.join('');
      const filter = new OutputLimit(limit, { hasTools: false });
      const passed = [...fragments.map(text), stop].flatMap((event) => filter.push([event]));
      const atOnce = new OutputLimit(limit, { hasTools: false }).push([text(whole), stop]);
      expect(textOf(passed)).toBe(textOf(atOnce));
      expect(whole.startsWith(textOf(passed))).toBe(true);
      expect(estimateTokens(textOf(passed))).toBeLessThanOrEqual(limit);
      expect(passed.at(-1)).toMatchObject({ type: 'end', reason: textOf(passed) === whole ? 'stop' : 'length' });
    }),
  );
});

test('an answer within the limit is untouched', () => {
  const events = [text('1234567'), stop];
  expect(new OutputLimit(2, { hasTools: true }).push(events)).toEqual(events);
});

test('beyond the limit the turn ends at once', () => {
  const filter = new OutputLimit(2, { hasTools: false });
  expect(filter.push([text('12345678')])).toEqual([text('1234567'), { type: 'end', reason: 'length', usage: {} }]);
  expect(filter.isDone).toBe(true);
  expect(filter.push([text('9'), stop])).toEqual([]);
});

test('reasoning counts', () => {
  const passed = new OutputLimit(2, { hasTools: false }).push([
    { type: 'reasoning', text: '12345' },
    text('678'),
    stop,
  ]);
  expect(passed).toEqual([
    { type: 'reasoning', text: '12345' },
    text('67'),
    { type: 'end', reason: 'length', usage: {} },
  ]);
});

describe('tool calls are exempt', () => {
  test('they pass whole after the limit, and their end stays', () => {
    const filter = new OutputLimit(1, { hasTools: true });
    const last: TurnEvent = { type: 'end', reason: 'tools', usage: { credits: 1 } };
    const passed = [text('12345'), text('6'), toolStart, toolInput, toolEnd, text('7'), last].flatMap((event) =>
      filter.push([event]),
    );
    expect(passed).toEqual([text('123'), toolStart, toolInput, toolEnd, last]);
    expect(filter.isDone).toBe(true);
  });

  test('without a call the end is length, with the usage', () => {
    const filter = new OutputLimit(1, { hasTools: true });
    expect(filter.push([text('12345')])).toEqual([text('123')]);
    expect(filter.isDone).toBe(false);
    expect(filter.push([text('6'), { type: 'end', reason: 'stop', usage: { credits: 1 } }])).toEqual([
      { type: 'end', reason: 'length', usage: { credits: 1 } },
    ]);
  });

  test('their arguments do not count', () => {
    const events = [toolStart, toolInput, toolEnd, text('123'), stop];
    expect(new OutputLimit(1, { hasTools: true }).push(events)).toEqual(events);
  });
});

test('a proof of reasoning that was cut is not passed on', () => {
  const proof: TurnEvent = { type: 'reasoning-proof', proof: { type: 'opaque', signature: 's' } };
  const filter = new OutputLimit(1, { hasTools: true });
  expect(filter.push([{ type: 'reasoning', text: '12345' }, proof])).toEqual([{ type: 'reasoning', text: '123' }]);
});

test('a character of two halves is not split', () => {
  expect(textOf(new OutputLimit(1, { hasTools: false }).push([text('😀'), stop]))).toBe('');
  expect(textOf(new OutputLimit(2, { hasTools: false }).push([text('😀😀'), stop]))).toBe('😀');
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { callsOf, GatheredTurn, textOf, type WholeTurn } from '../../app/conversation/gathered-turn.ts';
import { TurnError } from '../../app/conversation/turn-error.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { anyTurn, asked, batchesOf, call, end, reasoning, text } from './samples.ts';

function gather(...batches: readonly (readonly TurnEvent[])[]): WholeTurn {
  const gathered = new GatheredTurn(asked);
  for (const batch of batches) gathered.add(batch);
  return gathered.whole();
}

test('batches do not change the whole', () => {
  fc.assert(
    fc.property(anyTurn, fc.array(fc.nat()), (events, cuts) => {
      expect(gather(...batchesOf(events, cuts))).toEqual(gather(events));
    }),
  );
});

test('parts keep the order in which they began, and neighbours of one kind are one', () => {
  const turn = gather([
    reasoning('a'),
    reasoning('b'),
    text('c'),
    ...call(0, 'read', '{', '}'),
    text('d'),
    end('tools'),
  ]);
  expect(turn.parts.map((part) => ('text' in part ? part.text : 'json' in part ? part.json : ''))).toEqual([
    'ab',
    'c',
    '{}',
    'd',
  ]);
  expect(textOf(turn, 'text')).toBe('cd');
  expect(textOf(turn, 'reasoning')).toBe('ab');
});

test('a signature stays with the reasoning that it signs, and any other proof stands alone', () => {
  const proof = { type: 'signed', text: 'a', signature: 'S' } as const;
  expect(gather([reasoning('a'), { type: 'reasoning-proof', proof }, end('stop')]).parts).toEqual([
    { type: 'reasoning', text: 'a', proof },
  ]);
  expect(gather([reasoning('a'), { type: 'reasoning-proof', proof }, reasoning('b'), end('stop')]).parts).toEqual([
    { type: 'reasoning', text: 'a', proof },
    { type: 'reasoning', text: 'b' },
  ]);
  const redacted = { type: 'redacted', data: 'AAAA' } as const;
  expect(gather([reasoning('a'), { type: 'reasoning-proof', proof: redacted }, end('stop')]).parts).toEqual([
    { type: 'reasoning', text: 'a' },
    { type: 'reasoning', text: '', proof: redacted },
  ]);
});

test('a cut tool call is left out, and the turn then ends with length', () => {
  const cut: TurnEvent[] = [
    { type: 'tool-start', index: 1, id: 'tooluse_1', name: 'write' },
    { type: 'tool-input', index: 1, json: '{"a":' },
  ];
  const turn = gather([...call(0, 'list'), ...cut, end('tools')]);
  expect(callsOf(turn).map(({ id, json }) => [id, json])).toEqual([['tooluse_0', '{}']]);
  expect(turn.reason).toBe('length');
});

test('a turn that never ended is no whole', () => {
  expect(() => gather([text('half')])).toThrow(TurnError);
});

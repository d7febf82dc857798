import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TurnError } from '../../app/conversation/turn-error.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { ChatStreamWriter } from '../../app/openai/chat-stream.ts';
import { anyTurn, asked, batchesOf, call, end, text, turns } from '../conversation/samples.ts';

interface Chunk {
  readonly object: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: {
      readonly role?: string;
      readonly content?: string;
      readonly reasoning_content?: string;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly type?: string;
        readonly function: { readonly name?: string; readonly arguments: string };
      }[];
    };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Record<string, unknown>;
}

function writer(includeUsage = true): ChatStreamWriter {
  return new ChatStreamWriter({
    id: 'chatcmpl-1',
    created: 1_700_000_000,
    model: 'auto',
    conversation: asked,
    includeUsage,
  });
}

function dataOf(sse: string): string[] {
  expect(sse === '' || sse.endsWith('\n\n')).toBe(true);
  return sse
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      expect(event.startsWith('data: ')).toBe(true);
      return event.slice('data: '.length);
    });
}

function chunksOf(events: readonly TurnEvent[], includeUsage = true): Chunk[] {
  const data = dataOf(writer(includeUsage).write(events));
  expect(data.pop()).toBe('[DONE]');
  return data.map((json): Chunk => JSON.parse(json));
}

describe('the stream of a turn is as recorded', () => {
  test.each(Object.entries(turns))('%s', async (name, events) => {
    await expect(writer().write(events)).toMatchFileSnapshot(`golden/${name}.sse.txt`);
  });
});

describe('for any turn', () => {
  test('batches do not change the data', () => {
    fc.assert(
      fc.property(anyTurn, fc.array(fc.nat()), (events, cuts) => {
        const one = writer();
        const sse = batchesOf(events, cuts).map((batch) => one.write(batch));
        expect(sse.join('')).toBe(writer().write(events));
      }),
    );
  });

  test('there is exactly one finish, one role, and the end', () => {
    fc.assert(
      fc.property(anyTurn, (events) => {
        const chunks = chunksOf(events);
        const finishes = chunks.flatMap((chunk) => chunk.choices.flatMap((choice) => choice.finish_reason ?? []));
        expect(finishes).toHaveLength(1);
        expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe(finishes[0]);
        expect(chunks.filter((chunk) => chunk.choices[0]?.delta.role === 'assistant')).toEqual([chunks[0]]);
      }),
    );
  });

  test('text, reasoning and arguments arrive whole', () => {
    fc.assert(
      fc.property(anyTurn, (events) => {
        const deltas = chunksOf(events).flatMap((chunk) => chunk.choices.map((choice) => choice.delta));
        expect(deltas.map((delta) => delta.content ?? '').join('')).toBe(joined(events, 'text'));
        expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe(joined(events, 'reasoning'));

        const fragments = deltas.flatMap((delta) => delta.tool_calls ?? []);
        const firsts = new Map(fragments.toReversed().map((fragment) => [fragment.index, fragment]));
        for (const [index, first] of firsts) {
          const named = { name: 'read', arguments: '' };
          expect(first).toEqual({ index, id: `tooluse_${index}`, type: 'function', function: named });
        }
        const calls = new Map<number, string>();
        for (const fragment of fragments) {
          calls.set(fragment.index, (calls.get(fragment.index) ?? '') + fragment.function.arguments);
        }
        expect([...calls]).toEqual(
          events.flatMap((event) =>
            event.type === 'tool-start' ? [[event.index, inputOf(events, event.index) || '{}']] : [],
          ),
        );
      }),
    );
  });
});

test('usage is sent only when asked for, in a chunk without choices before the end', () => {
  expect(chunksOf(turns['text'] ?? [], false).every((chunk) => chunk.usage === undefined)).toBe(true);
  const last = chunksOf(turns['text'] ?? []).at(-1);
  expect(last).toMatchObject({ choices: [], usage: { credits: 0.07, context_percent: 1.5, estimated: true } });
});

test('a call without arguments that nobody closed gets empty ones, but not when it was cut', () => {
  const open: TurnEvent = { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'list' };
  expect(writer().write([open, end('tools')])).toContain('"arguments":"{}"');
  expect(writer().write([open, end('length')])).not.toContain('{}"');
});

test('nothing follows the end', () => {
  const one = writer();
  one.write([text('a'), end('stop')]);
  expect(one.write([text('b'), ...call(0, 'read'), end('stop')])).toBe('');
});

test('an error closes the stream without a finish', () => {
  const one = writer();
  one.write([text('a')]);
  const [data, ...others] = dataOf(one.error(new TurnError('broken-stream', 'It broke "off".\n')));
  expect(others).toEqual([]);
  expect(JSON.parse(data ?? '')).toEqual({
    error: { message: 'It broke "off". ', type: 'server_error', param: null, code: 'broken_stream' },
  });
  expect(one.write([end('stop')])).toBe('');
});

test('a sign of life is a comment', () => {
  expect(writer().signOfLife()).toMatch(/^:[^\n]*\n\n$/);
});

function joined(events: readonly TurnEvent[], type: 'text' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

function inputOf(events: readonly TurnEvent[], index: number): string {
  return events.map((event) => (event.type === 'tool-input' && event.index === index ? event.json : '')).join('');
}

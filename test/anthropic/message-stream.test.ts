import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageStreamWriter } from '../../app/anthropic/message-stream.ts';
import type { ShownReasoning } from '../../app/anthropic/thinking.ts';
import { TurnError } from '../../app/conversation/turn-error.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { anyTurn, asked, batchesOf, call, end, reasoning, text, turns } from '../conversation/samples.ts';
import { readLadder, type Ladder } from './ladder.ts';

function writer(shownReasoning: ShownReasoning = 'whole'): MessageStreamWriter {
  return new MessageStreamWriter({ id: 'msg_1', requestId: 'req_1', conversation: asked, shownReasoning });
}

function ladderOf(events: readonly TurnEvent[], shown: ShownReasoning = 'whole'): Ladder {
  return readLadder(writer(shown).write(events));
}

const signed = (words: string): TurnEvent => ({
  type: 'reasoning-proof',
  proof: { type: 'signed', text: words, signature: 'c2ln' },
});

describe('the stream of a turn is as recorded', () => {
  test.each(Object.entries(turns))('%s', async (name, events) => {
    await expect(writer().write(events)).toMatchFileSnapshot(`golden/${name}.sse.txt`);
  });
});

describe('any turn makes a ladder that a strict client takes', () => {
  test.each<ShownReasoning>(['whole', 'proof', 'nothing'])('reasoning shown: %s', (shown) => {
    fc.assert(
      fc.property(anyTurn, (events) => {
        const ladder = ladderOf(events, shown);
        const textIn = (type: string): string =>
          ladder.blocks.map((block) => (block.type === type ? block.text : '')).join('');
        const said = (type: 'text' | 'reasoning'): string =>
          events.map((event) => (event.type === type ? event.text : '')).join('');
        expect(textIn('text')).toBe(said('text'));
        expect(textIn('thinking')).toBe(shown === 'whole' ? said('reasoning') : '');
        const calls = events.filter(({ type }) => type === 'tool-start').length;
        expect(ladder.blocks.filter(({ type }) => type === 'tool_use')).toHaveLength(calls);
      }),
    );
  });

  test('however it comes in batches', () => {
    fc.assert(
      fc.property(anyTurn, fc.array(fc.nat()), (events, cuts) => {
        const batched = writer();
        const sse = batchesOf(events, cuts).map((batch) => batched.write(batch));
        expect(sse.join('')).toBe(writer().write(events));
      }),
    );
  });

  test('and breaks off at any place without an end', () => {
    fc.assert(
      fc.property(anyTurn, fc.nat(), (events, place) => {
        const broken = writer();
        const sse = broken.write(events.slice(0, place % events.length));
        const ladder = readLadder(sse + broken.error(new TurnError('broken-stream', 'Try again.')));
        expect(ladder.error?.error).toEqual({ type: 'api_error', message: 'Try again.' });
        expect(ladder.stop).toBeUndefined();
      }),
    );
  });
});

test('text and reasoning between the arguments of a call come after it', () => {
  const [start, ...rest] = call(0, 'read', '{', '}');
  const ladder = ladderOf([
    ...(start ? [start] : []),
    text('late'),
    ...rest.slice(0, 1),
    reasoning('later'),
    ...rest.slice(1),
    end('tools'),
  ]);
  expect(ladder.blocks.map((block) => block.text)).toEqual(['{}', 'late', 'later']);
});

test('a call without arguments has empty ones, and one that was cut none but what came', () => {
  expect(ladderOf([...call(0, 'list'), end('tools')]).blocks[0]?.text).toBe('{}');
  const cut: TurnEvent[] = [
    { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'write' },
    { type: 'tool-input', index: 0, json: '{"text":"ha' },
    end('length'),
  ];
  const ladder = ladderOf(cut);
  expect(ladder.blocks[0]?.text).toBe('{"text":"ha');
  expect(ladder.stop?.stop_reason).toBe('max_tokens');
});

describe('reasoning', () => {
  const turn = [reasoning('Hm'), reasoning('m.'), signed('Hmm.'), text('Yes'), end('stop')];

  test('is closed by the signature that signs it', () => {
    expect(ladderOf(turn).blocks).toMatchObject([
      { type: 'thinking', text: 'Hmm.', signature: 'c2ln' },
      { text: 'Yes' },
    ]);
  });

  test('goes without a signature when it is for another text', () => {
    const mixed = [reasoning('Hm'), text('Yes'), reasoning('m.'), signed('Hmm.'), end('stop')];
    expect(ladderOf(mixed).blocks.map((block) => block.signature)).toEqual(['', '', '']);
  });

  test('that the client wants omitted comes as its signature alone', () => {
    expect(ladderOf(turn, 'proof').blocks[0]).toMatchObject({ type: 'thinking', text: '', signature: 'c2ln' });
  });

  test('that nobody asked for is not sent, and yet counted', () => {
    const ladder = ladderOf(turn, 'nothing');
    expect(ladder.blocks.map((block) => block.type)).toEqual(['text']);
    expect(ladder.usage?.output_tokens_details?.thinking_tokens).toBe(2);
  });

  test('that only the service reads has a block of its own, and a bare signature has none', () => {
    const redacted: TurnEvent = { type: 'reasoning-proof', proof: { type: 'redacted', data: 'AAAA' } };
    const opaque: TurnEvent = { type: 'reasoning-proof', proof: { type: 'opaque', signature: 'S' } };
    expect(ladderOf([redacted, text('Yes'), opaque, end('stop')]).blocks).toMatchObject([
      { type: 'redacted_thinking', text: 'AAAA' },
      { type: 'text' },
    ]);
  });
});

describe('why it ended', () => {
  test.each([
    ['stop', 'end_turn'],
    ['tools', 'tool_use'],
    ['length', 'max_tokens'],
    ['filtered', 'refusal'],
  ] as const)('%s is %s', (reason, word) => {
    expect(ladderOf([text('a'), end(reason)]).stop).toMatchObject({ stop_reason: word, stop_sequence: null });
  });

  test('a stop sequence is named', () => {
    const stopped: TurnEvent = { type: 'end', reason: 'stop', stopSequence: '\n\n', usage: {} };
    expect(ladderOf([text('a'), stopped]).stop).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '\n\n' });
  });
});

test('usage is the best that is known, and an unknown cache is null', () => {
  const reported = { tokens: { input: 900, output: 12, cachedInput: 640 } };
  expect(ladderOf([text('a'), end('stop', reported)]).usage).toMatchObject({
    input_tokens: 260,
    cache_read_input_tokens: 640,
    output_tokens: 12,
  });
  const ladder = ladderOf([text('a'.repeat(35)), end('stop')]);
  expect(ladder.openingUsage).toMatchObject({ input_tokens: ladder.usage?.input_tokens, output_tokens: 0 });
  expect(ladder.usage).toMatchObject({ cache_read_input_tokens: null, output_tokens: 10 });
});

test('a sign of life is a ping, and comes after the opening', () => {
  const waiting = writer();
  const sse = waiting.signOfLife() + waiting.signOfLife() + waiting.write([text('a'), end('stop')]);
  expect(readLadder(sse).pings).toBe(2);
});

test('what the turn used is known once it has ended', () => {
  const stream = writer();
  stream.write([text('a')]);
  expect(stream.tokens).toBeUndefined();
  stream.write([end('stop')]);
  expect(stream.tokens).toMatchObject({ output: 1, isEstimate: true });
});

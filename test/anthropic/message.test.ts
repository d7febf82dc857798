import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { messageOf, type Message } from '../../app/anthropic/message.ts';
import { MessageStreamWriter } from '../../app/anthropic/message-stream.ts';
import type { ShownReasoning } from '../../app/anthropic/thinking.ts';
import { GatheredTurn } from '../../app/conversation/gathered-turn.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { anyTurn, asked, call, end, turns } from '../conversation/samples.ts';
import { readLadder } from './ladder.ts';
import { message as messageSchema } from './wire-schemas.ts';

function answer(events: readonly TurnEvent[], shownReasoning: ShownReasoning = 'whole'): Message {
  const gathered = new GatheredTurn(asked);
  gathered.add(events);
  const message = messageOf(gathered.whole(), { id: 'msg_1', model: asked.model, shownReasoning });
  expect(v.parse(messageSchema, JSON.parse(JSON.stringify(message)))).toEqual(message);
  return message;
}

describe('the answer of a turn is as recorded', () => {
  test.each(Object.entries(turns))('%s', async (name, events) => {
    await expect(`${JSON.stringify(answer(events), null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.answer.txt`);
  });
});

test.each<ShownReasoning>(['whole', 'proof', 'nothing'])('it says what the stream says (reasoning: %s)', (shown) => {
  fc.assert(
    fc.property(anyTurn, (events) => {
      // Input that is no JSON cannot be told by an answer that is not streamed.
      const plain = events.filter((event) => event.type !== 'tool-input');
      const options = { id: 'msg_1', requestId: 'req_1', conversation: asked, shownReasoning: shown };
      const ladder = readLadder(new MessageStreamWriter(options).write(plain));
      const message = answer(plain, shown);
      expect(message.content.map((block) => [block.type, 'text' in block ? block.text : ''])).toEqual(
        ladder.blocks.map((block) => [block.type, block.type === 'text' ? block.text : '']),
      );
      expect(message.stop_reason).toBe(ladder.stop?.stop_reason);
      expect(message.usage).toMatchObject(ladder.usage ?? {});
    }),
  );
});

test('a cut tool call is left out and the answer ends with max_tokens', () => {
  const cut: TurnEvent[] = [
    { type: 'tool-start', index: 1, id: 'tooluse_1', name: 'write' },
    { type: 'tool-input', index: 1, json: '{"a":' },
  ];
  const message = answer([...call(0, 'read', '{"a":1}'), ...cut, end('tools')]);
  expect(message.content).toEqual([
    { type: 'tool_use', id: 'tooluse_0', name: 'read', input: { a: 1 }, caller: { type: 'direct' } },
  ]);
  expect(message.stop_reason).toBe('max_tokens');
});

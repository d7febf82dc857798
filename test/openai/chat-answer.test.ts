import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatheredTurn } from '../../app/conversation/gathered-turn.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { chatCompletion, type ChatCompletion } from '../../app/openai/chat-answer.ts';
import { anyTurn, asked, batchesOf, call, end, text, turns } from '../conversation/samples.ts';

function answer(...batches: readonly (readonly TurnEvent[])[]): ChatCompletion {
  const gathered = new GatheredTurn(asked);
  for (const batch of batches) gathered.add(batch);
  return chatCompletion(gathered.whole(), { id: 'chatcmpl-1', created: 1_700_000_000, model: 'auto' });
}

function choiceOf(completion: ChatCompletion): ChatCompletion['choices'][0] {
  return completion.choices[0];
}

describe('the answer of a turn is as recorded', () => {
  test.each(Object.entries(turns))('%s', async (name, events) => {
    const json = JSON.stringify(answer(events), null, 2);
    await expect(`${json}\n`).toMatchFileSnapshot(`golden/${name}.answer.txt`);
  });
});

test('batches do not change the answer', () => {
  fc.assert(
    fc.property(anyTurn, fc.array(fc.nat()), (events, cuts) => {
      expect(answer(...batchesOf(events, cuts))).toEqual(answer(events));
    }),
  );
});

test('content is null beside tool calls alone, and a string otherwise', () => {
  expect(choiceOf(answer([...call(0, 'read'), end('tools')])).message.content).toBeNull();
  expect(choiceOf(answer([text('a'), ...call(0, 'read'), end('tools')])).message.content).toBe('a');
  expect(choiceOf(answer([end('stop')])).message.content).toBe('');
});

test('a tool call without arguments has empty ones', () => {
  expect(choiceOf(answer([...call(0, 'list'), end('tools')])).message.tool_calls).toEqual([
    { id: 'tooluse_0', type: 'function', function: { name: 'list', arguments: '{}' } },
  ]);
});

test('a cut tool call is left out and the answer ends with length', () => {
  const cut: TurnEvent[] = [
    { type: 'tool-start', index: 1, id: 'tooluse_1', name: 'write' },
    { type: 'tool-input', index: 1, json: '{"a":' },
  ];
  const choice = choiceOf(answer([...call(0, 'read', '{}'), ...cut, end('tools')]));
  expect(choice.finish_reason).toBe('length');
  expect(choice.message.tool_calls?.map((call) => call.id)).toEqual(['tooluse_0']);
});

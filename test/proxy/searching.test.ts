import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation } from '../../app/conversation/conversation.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { anySearch } from '../../app/conversation/web-search.ts';
import { searching } from '../../app/proxy/searching.ts';
import { feedOf, itemsOf } from '../support/feed.ts';
import { asked, batchesOf, call, end, text } from '../conversation/samples.ts';

const search = (index: number, query: string): TurnEvent[] => call(index, 'web_search', JSON.stringify({ query }));

/** What comes of a model that answers with these turns, one after the other, and what it was asked from the second on. */
async function run(turns: readonly (readonly TurnEvent[])[], cuts: readonly number[] = []) {
  const conversations: Conversation[] = [];
  const rest = turns.slice(1);
  const stream = (events: readonly TurnEvent[] = []) => feedOf(batchesOf(events, cuts));
  const batches = searching(stream(turns[0]), { ...asked, webSearch: anySearch }, anySearch, {
    serve: async (conversation) => {
      conversations.push(conversation);
      return stream(rest.shift());
    },
    search: async (query) => [{ title: query, url: 'https://example.com', snippet: '' }],
  });
  const events = (await itemsOf(batches)).flat();
  return { events, conversations };
}

test('several turns are one answer: one end, calls counted through, costs added up', async () => {
  const turns = [
    [text('I look.'), ...search(0, 'a'), end('tools', { credits: 1, contextPercent: 2 })],
    [...search(0, 'b'), ...call(1, 'read', '{}'), end('tools', { credits: 0.5, contextPercent: 3 })],
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat()), async (cuts) => {
      const { events, conversations } = await run(turns, cuts);
      expect(events.map(({ type }) => type)).toEqual([
        'text',
        'web-search',
        'tool-start',
        'tool-input',
        'tool-end',
        'web-search',
        'end',
      ]);
      expect(events.filter((event) => 'index' in event).map(({ index }) => index)).toEqual([0, 0, 0]);
      expect(events.at(-1)).toEqual(end('tools', { credits: 1.5, contextPercent: 3 }));
      expect(conversations).toHaveLength(1);
    }),
  );
});

test('the model is told what was found, after what it said, and may answer', async () => {
  const { conversations } = await run([
    [text('I '), text('look.'), ...search(0, 'a'), end('tools')],
    [text('Found.'), end('stop')],
  ]);
  expect(conversations[0]?.toolChoice).toEqual({ type: 'auto' });
  expect(conversations[0]?.tools.map(({ name }) => name)).toEqual(['web_search']);
  expect(conversations[0]?.turns.slice(asked.turns.length)).toMatchObject([
    { role: 'assistant', text: 'I look.', toolCalls: [{ id: 'tooluse_0', input: { query: 'a' } }] },
    {
      role: 'user',
      parts: [{ type: 'tool-result', callId: 'tooluse_0', text: 'a\nhttps://example.com\n', isError: false }],
    },
  ]);
});

test.each([
  [
    'cut in its search',
    [{ type: 'tool-start', index: 0, id: 'tooluse_0', name: 'web_search' }, end('length')],
    'length',
  ],
  ['cut behind its search', [...search(0, 'a'), end('length')], 'length'],
  ['kept back', [...search(0, 'a'), end('filtered')], 'filtered'],
] as const)('an answer that was %s ends so, and nothing more is asked', async (_, turn, reason) => {
  const { events, conversations } = await run([turn]);
  expect(events.at(-1)).toEqual(end(reason));
  expect(conversations).toEqual([]);
});

test('a turn that breaks off has no end, and neither has the answer', async () => {
  const { events } = await run([[...search(0, 'a'), end('tools')], [text('half')]]);
  expect(events.map(({ type }) => type)).toEqual(['web-search', 'text']);
});

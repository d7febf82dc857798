import * as fc from 'fast-check';
import type { Conversation } from '../../app/conversation/conversation.ts';
import type { EndReason, TurnEvent, TurnUsage } from '../../app/conversation/turn-event.ts';

/** What was asked in every sample turn. */
export const asked: Conversation = {
  model: 'auto',
  system: 'Be brief.',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'What is in a.txt?' }] }],
  tools: [],
  toolChoice: { type: 'auto' },
  responseFormat: { type: 'text' },
  stop: [],
};

export function text(text: string): TurnEvent {
  return { type: 'text', text };
}

export function reasoning(text: string): TurnEvent {
  return { type: 'reasoning', text };
}

export function end(reason: EndReason, usage: TurnUsage = {}): TurnEvent {
  return { type: 'end', reason, usage };
}

/** One whole tool call whose arguments came in these fragments. */
export function call(index: number, name: string, ...fragments: readonly string[]): TurnEvent[] {
  return [
    { type: 'tool-start', index, id: `tooluse_${index}`, name },
    ...fragments.map((json): TurnEvent => ({ type: 'tool-input', index, json })),
    { type: 'tool-end', index },
  ];
}

/** Turns as Kiro's room gives them, with odd characters where they can hurt. */
export const turns: Readonly<Record<string, readonly TurnEvent[]>> = {
  text: [text('Hel'), text('lo.'), end('stop', { credits: 0.07, contextPercent: 1.5, contextTokens: 200_000 })],
  reasoning: [
    reasoning('The user\n'),
    reasoning('greets.'),
    { type: 'reasoning-proof', proof: { type: 'signed', text: 'The user\ngreets.', signature: 'c2ln' } },
    text('Hi'),
    end('stop'),
  ],
  'tool-calls': [
    text('I look.'),
    ...call(0, 'read', '{"pa', 'th":"a\\"', '.txt"}'),
    ...call(1, 'list'),
    end('tools', { credits: 0.39 }),
  ],
  'tool-call-without-text': [...call(0, 'read', '', '{"path":"é\\n"}'), end('tools')],
  'tool-call-cut': [
    text('I write.'),
    { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'write' },
    { type: 'tool-input', index: 0, json: '{"text":"half' },
    end('length'),
  ],
  'odd-characters': [text('"\\\u2028\r\n\ndata: [DONE]\n\n'), text('𝒳 \ud800 \u0000'), end('stop')],
  filtered: [text('I can'), end('filtered')],
  'reported-tokens': [
    reasoning('Short.'),
    text('Yes.'),
    end('stop', { credits: 1, contextPercent: 12.5, tokens: { input: 900, output: 12, cachedInput: 640 } }),
  ],
  'web-search': [
    text('I look.'),
    {
      type: 'web-search',
      id: 'tooluse_0',
      query: 'Größe "x"',
      outcome: {
        type: 'found',
        results: [{ title: 'T', url: 'https://example.com/1', snippet: 'Ä', publishedAt: '2026' }],
      },
    },
    { type: 'web-search', id: 'tooluse_1', query: '', outcome: { type: 'failed', reason: 'no-query' } },
    text('It is.'),
    end('stop'),
  ],
  silent: [text(''), end('stop')],
};

/** The arguments of a call in fragments: none at all, or a JSON object cut anywhere. */
const anyInput: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.option(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())), fc.nat(), fc.nat())
  .map(([input, ...cuts]) => {
    if (!input) return [];
    const json = JSON.stringify(input);
    const [from = 0, to = 0] = cuts.map((cut) => cut % (json.length + 1)).toSorted((a, b) => a - b);
    return [json.slice(0, from), json.slice(from, to), json.slice(to)];
  });

/** Any turn that keeps to the order of events, complete with its end. */
export const anyTurn: fc.Arbitrary<TurnEvent[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }).map((words) => ({ kind: 'text' as const, words })),
        fc.string({ unit: 'binary' }).map((words) => ({ kind: 'reasoning' as const, words })),
        anyInput.map((fragments) => ({ kind: 'call' as const, fragments })),
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom<EndReason>('stop', 'tools', 'length', 'filtered'),
  )
  .map(([pieces, reason]) => {
    let calls = 0;
    const events = pieces.flatMap((piece): TurnEvent[] => {
      if (piece.kind === 'call') return call(calls++, 'read', ...piece.fragments);
      return [{ type: piece.kind, text: piece.words }];
    });
    return [...events, end(reason)];
  });

/** Cuts events into batches at these places. */
export function batchesOf(events: readonly TurnEvent[], cuts: readonly number[]): TurnEvent[][] {
  const places = [...new Set(cuts.map((cut) => cut % (events.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => events.slice(from, places[index] ?? events.length));
}

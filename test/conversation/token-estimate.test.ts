import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Conversation, UserPart } from '../../app/conversation/conversation.ts';
import { OutputMeter } from '../../app/conversation/output-meter.ts';
import { estimateConversation, estimateTokens, tokensOf } from '../../app/conversation/token-estimate.ts';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';

const empty: Conversation = {
  model: 'auto',
  system: '',
  turns: [],
  tools: [],
  toolChoice: { type: 'auto' },
  responseFormat: { type: 'text' },
  stop: [],
};

describe('a text', () => {
  test.each([
    ['', 0],
    ['a', 1],
    ['a'.repeat(35), 10],
    ['ж'.repeat(20), 10],
    ['漢'.repeat(40), 30],
    ['😀'.repeat(2), 3],
  ])('%s is %i tokens', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});

describe('a conversation', () => {
  const user = (text: string): Conversation['turns'][number] => ({ role: 'user', parts: [{ type: 'text', text }] });

  test('counts everything in it', () => {
    const image = { type: 'image', format: 'png', base64: 'A'.repeat(100_000) } as const;
    const sizes = [
      empty,
      { ...empty, system: 'a'.repeat(350) },
      { ...empty, tools: [{ name: 'read', description: 'a'.repeat(350), inputSchema: { type: 'object' } }] },
      { ...empty, turns: [user('a'.repeat(350))] },
      { ...empty, turns: [{ role: 'user', parts: [image] }] },
      {
        ...empty,
        turns: [{ role: 'assistant', text: '', toolCalls: [{ id: '1', name: 'a', input: { a: 'a'.repeat(350) } }] }],
      },
      {
        ...empty,
        turns: [
          {
            role: 'user',
            parts: [{ type: 'tool-result', callId: '1', text: 'a'.repeat(350), images: [image], isError: false }],
          },
        ],
      },
    ] satisfies Conversation[];
    expect(sizes.map((conversation) => estimateConversation(conversation))).toEqual([
      0, 100, 106, 127, 1327, 130, 1427,
    ]);
  });

  test('a document counts by its size', () => {
    const document = { type: 'document', format: 'pdf', name: '', base64: 'A'.repeat(27_000) } as const;
    const asked = (parts: readonly UserPart[]): number =>
      estimateConversation({ ...empty, turns: [{ role: 'user', parts }] });
    expect(asked([document]) - asked([])).toBe(1_000);
  });

  test('a long text is weighed by sample, near to its whole', () => {
    const text = 'Some words, und ein paar Wörter, и слова. '.repeat(20_000);
    const tokens = estimateConversation({ ...empty, turns: [user(text)] });
    expect(tokens / estimateTokens(text)).toBeGreaterThan(0.97);
    expect(tokens / estimateTokens(text)).toBeLessThan(1.03);
  });
});

describe('the counts of a turn, in the order of trust', () => {
  const asked: Conversation = { ...empty, system: 'a'.repeat(3_500) };

  const counted = (tokens: number, reasoningTokens = 0) => ({ tokens, reasoningTokens });

  test('those that the service reported, with no more reasoning than they hold', () => {
    const tokens = { input: 900, output: 12, cachedInput: 640 };
    expect(tokensOf({ tokens, contextPercent: 50, contextTokens: 1_000 }, counted(99, 50), asked)).toEqual({
      ...tokens,
      reasoning: 12,
      isEstimate: false,
    });
  });

  test('the fill of the window less the answer', () => {
    expect(tokensOf({ contextPercent: 1.5, contextTokens: 200_000 }, counted(100, 40), asked)).toEqual({
      input: 2_900,
      output: 100,
      reasoning: 40,
      isEstimate: true,
    });
    expect(tokensOf({ contextPercent: 0.001, contextTokens: 200_000 }, counted(100, 40), asked).input).toBe(0);
  });

  test('an estimate', () => {
    expect(tokensOf({}, counted(7), asked)).toEqual({ input: 1_000, output: 7, reasoning: 0, isEstimate: true });
    expect(tokensOf({ contextPercent: 5 }, counted(7), asked).input).toBe(1_000);
  });
});

test('the meter counts the same however an answer is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (fragments) => {
      const counted = (texts: readonly string[]): number[] => {
        const meter = new OutputMeter();
        for (const text of texts) {
          meter.add({ type: 'text', text });
          meter.add({ type: 'reasoning', text });
        }
        return [meter.tokens, meter.reasoningTokens];
      };
      expect(counted(fragments)).toEqual(counted([fragments.join('')]));
    }),
  );
});

test('the meter counts calls, but neither proofs nor ends', () => {
  const meter = new OutputMeter();
  const events: TurnEvent[] = [
    { type: 'tool-start', index: 0, id: 'tooluse_0', name: 'a'.repeat(35) },
    { type: 'tool-input', index: 0, json: 'a'.repeat(35) },
    { type: 'tool-end', index: 0 },
    { type: 'reasoning-proof', proof: { type: 'opaque', signature: 'a'.repeat(35) } },
    { type: 'end', reason: 'tools', usage: {} },
  ];
  for (const event of events) meter.add(event);
  expect([meter.tokens, meter.reasoningTokens]).toEqual([20, 0]);
});

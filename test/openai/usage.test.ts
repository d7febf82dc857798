import { expect, test } from 'vitest';
import { chatUsage } from '../../app/openai/usage.ts';

test('reported counts are passed on', () => {
  const tokens = { input: 90, output: 12, reasoning: 7, cachedInput: 0, isEstimate: false };
  expect(chatUsage({ credits: 0, contextPercent: 0 }, tokens)).toEqual({
    prompt_tokens: 90,
    completion_tokens: 12,
    total_tokens: 102,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 7 },
    credits: 0,
    context_percent: 0,
    estimated: false,
  });
});

test('what nobody reported is left out or marked as an estimate', () => {
  expect(chatUsage({}, { input: 0, output: 10, reasoning: 0, isEstimate: true })).toEqual({
    prompt_tokens: 0,
    completion_tokens: 10,
    total_tokens: 10,
    completion_tokens_details: { reasoning_tokens: 0 },
    estimated: true,
  });
});

import { expect, test } from 'vitest';
import { OutputMeter } from '../../app/conversation/output-meter.ts';
import { chatUsage } from '../../app/openai/usage.ts';
import { asked } from './samples.ts';

function meterOf(reasoning: string, text: string): OutputMeter {
  const meter = new OutputMeter();
  meter.add({ type: 'reasoning', text: reasoning });
  meter.add({ type: 'text', text });
  return meter;
}

test('reported counts are passed on, and reasoning is never more than the whole', () => {
  const usage = { credits: 0, contextPercent: 0, tokens: { input: 90, output: 12, cachedInput: 0 } };
  expect(chatUsage(usage, meterOf('a'.repeat(350), 'b'), asked)).toEqual({
    prompt_tokens: 90,
    completion_tokens: 12,
    total_tokens: 102,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 12 },
    credits: 0,
    context_percent: 0,
    estimated: false,
  });
});

test('what nobody reported is left out or marked as an estimate', () => {
  expect(chatUsage({}, meterOf('', 'a'.repeat(35)), { ...asked, system: '', turns: [] })).toEqual({
    prompt_tokens: 0,
    completion_tokens: 10,
    total_tokens: 10,
    completion_tokens_details: { reasoning_tokens: 0 },
    estimated: true,
  });
});

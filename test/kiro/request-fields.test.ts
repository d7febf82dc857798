import { expect, it } from 'vitest';
import type { RequestFieldSupport } from '../../app/kiro/models.ts';
import { requestFields } from '../../app/kiro/request-fields.ts';

const claude: RequestFieldSupport = {
  thinking: true,
  effort: { member: 'output_config', values: ['low', 'medium', 'high', 'max'] },
  maxTokens: { min: 1024, max: 64_000 },
};
const gpt: RequestFieldSupport = {
  thinking: false,
  effort: { member: 'reasoning', values: ['low', 'medium', 'high', 'xhigh', 'max'] },
  maxTokens: undefined,
};
const summarized = { type: 'adaptive', display: 'summarized' };

it.each([
  ['a model without a schema', undefined, { effort: 'high', maxOutputTokens: 5000 }, undefined],
  ['Claude, nothing asked', claude, {}, { thinking: summarized }],
  ['Claude, an effort', claude, { effort: 'medium' }, { thinking: summarized, output_config: { effort: 'medium' } }],
  [
    'Claude, an effort it lacks',
    claude,
    { effort: 'xhigh' },
    { thinking: summarized, output_config: { effort: 'max' } },
  ],
  ['Claude, none', claude, { effort: 'none' }, { thinking: { type: 'disabled' } }],
  ['Claude, a limit', claude, { maxOutputTokens: 5000 }, { thinking: summarized, max_tokens: 5000 }],
  ['Claude, too small a limit', claude, { maxOutputTokens: 1 }, { thinking: summarized, max_tokens: 1024 }],
  ['Claude, too large a limit', claude, { maxOutputTokens: 1e9 }, { thinking: summarized, max_tokens: 64_000 }],
  ['GPT, nothing asked', gpt, {}, undefined],
  ['GPT, an effort and a limit', gpt, { effort: 'high', maxOutputTokens: 5 }, { reasoning: { effort: 'high' } }],
  ['GPT, none where it has none', gpt, { effort: 'none' }, { reasoning: { effort: 'low' } }],
] as const)('%s', (_name, support, wishes, wanted) => {
  expect(requestFields(support, wishes)).toEqual(wanted);
});

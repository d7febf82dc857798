import { expect, test } from 'vitest';
import { modelList, modelObject } from '../../app/openai/model-list.ts';

test('a model shows its limits, inputs and rate', () => {
  expect(
    modelObject({
      id: 'claude-sonnet-4.5',
      name: 'Claude Sonnet 4.5',
      description: 'Balanced',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      inputTypes: ['text', 'image'],
      creditRate: 1.3,
      efforts: ['low', 'high'],
    }),
  ).toEqual({
    id: 'claude-sonnet-4.5',
    object: 'model',
    created: 1_752_451_200,
    owned_by: 'kiro',
    name: 'Claude Sonnet 4.5',
    description: 'Balanced',
    context_length: 200_000,
    max_output_tokens: 64_000,
    input_types: ['text', 'image'],
    credit_rate: 1.3,
    reasoning_efforts: ['low', 'high'],
  });
});

test('what Kiro did not tell is left out', () => {
  const { data, object } = modelList([{ id: 'auto', name: 'Auto', inputTypes: ['text'], efforts: [] }]);
  expect(object).toBe('list');
  expect(data.map((model) => Object.keys(model))).toEqual([
    ['id', 'object', 'created', 'owned_by', 'name', 'input_types', 'reasoning_efforts'],
  ]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nearestEffort, parseModelsPage, resolveModelName, type KiroModel } from '../../app/kiro/models.ts';

function page(name: string): KiroModel[] {
  return parseModelsPage(JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'))).models;
}

describe('the catalogue (protocol §6.4)', () => {
  it('says what a model is and takes', () => {
    expect(page('list_available_models.json').find(({ id }) => id === 'claude-opus-4.6')).toEqual({
      id: 'claude-opus-4.6',
      name: 'Claude Opus 4.6',
      description: 'Example description',
      contextTokens: 1_000_000,
      maxOutputTokens: 64_000,
      creditRate: 2.2,
      inputTypes: ['text', 'image'],
      efforts: ['low', 'medium', 'high', 'max'],
      requestFields: {
        thinking: true,
        effort: { member: 'output_config', values: ['low', 'medium', 'high', 'max'] },
        maxTokens: { min: 1024, max: 64_000 },
      },
    });
  });

  it('a model without a schema takes no extra fields', () => {
    expect(page('list_available_models.json').find(({ id }) => id === 'auto')?.requestFields).toBeUndefined();
  });

  it('differs from plan to plan', () => {
    expect(page('list_available_models_free.json').some(({ id }) => id.includes('opus'))).toBe(false);
  });

  it('odd entries are left out or read as far as they go', () => {
    const models = [
      {},
      { modelId: '' },
      5,
      null,
      { modelId: 'a', tokenLimits: null, additionalModelRequestFieldsSchema: 'x', supportedInputTypes: null },
    ];
    expect(parseModelsPage({ models, nextToken: '' })).toEqual({
      models: [{ id: 'a', name: 'a', inputTypes: ['text'], efforts: [], requestFields: undefined }],
      nextToken: undefined,
    });
    expect(() => parseModelsPage({ message: 'no' })).toThrow('models');
  });
});

describe('names that clients use (protocol §8)', () => {
  const known = new Set([
    'auto',
    'claude-opus-5',
    'claude-opus-4.6',
    'claude-sonnet-4.5',
    'claude-sonnet-4',
    'gpt-5.6-sol',
    'CLAUDE_3_7_SONNET_20250219_V1_0',
    'claude-sonnet-4.5-1m',
  ]);
  it.each([
    ['claude-opus-4.6', 'claude-opus-4.6', undefined],
    ['Claude-Opus-4.6', 'claude-opus-4.6', undefined],
    ['claude-opus-4-6', 'claude-opus-4.6', undefined],
    ['kiro/claude-opus-4.6', 'claude-opus-4.6', undefined],
    ['kiro-pool/claude-opus-4.6', 'claude-opus-4.6', undefined],
    ['kiro-claude-opus-4-6', 'claude-opus-4.6', undefined],
    ['openrouter/anthropic/claude-opus-4.6', 'claude-opus-4.6', undefined],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5', undefined],
    ['claude-4.5-sonnet', 'claude-sonnet-4.5', undefined],
    ['claude-4-5-sonnet-latest', 'claude-sonnet-4.5', undefined],
    ['claude-sonnet-4-20250514', 'claude-sonnet-4', undefined],
    ['claude-sonnet-4.0', 'claude-sonnet-4', undefined],
    ['claude-opus-5-thinking', 'claude-opus-5', undefined],
    ['claude-opus-5-agentic', 'claude-opus-5', undefined],
    ['claude-opus-5-thinking:high', 'claude-opus-5', 'high'],
    ['claude-opus-5:high', 'claude-opus-5', 'high'],
    ['claude-opus-5-xhigh', 'claude-opus-5', 'xhigh'],
    ['claude-opus-5[1m]', 'claude-opus-5', undefined],
    ['claude-opus-5-1m', 'claude-opus-5', undefined],
    ['kiro/claude-sonnet-4.5-1m', 'claude-sonnet-4.5-1m', undefined],
    ['gpt-5-6-sol', 'gpt-5.6-sol', undefined],
    ['gpt-5.6-sol:max', 'gpt-5.6-sol', 'max'],
    ['opus', 'claude-opus-5', undefined],
    ['claude-sonnet-latest', 'claude-sonnet-4.5', undefined],
    ['Sonnet[1m]', 'claude-sonnet-4.5', undefined],
    ['opus:max', 'claude-opus-5', 'max'],
    ['auto-kiro', 'auto', undefined],
    ['kiro-auto', 'auto', undefined],
    ['kiro/auto', 'auto', undefined],
    ['CLAUDE_3_7_SONNET_20250219_V1_0', 'CLAUDE_3_7_SONNET_20250219_V1_0', undefined],
  ])('%s is %s', (name, id, effort) => {
    expect(resolveModelName(name, known)).toEqual({ id, effort });
  });

  it.each([
    'claude-opus-9',
    'haiku',
    'claude-3-5-haiku-latest',
    'Brand-New:high',
    'vendor/model',
    '',
    ' ',
    '__proto__',
    '-high',
    'high',
  ])('the unknown "%s" is passed on as it is', (name) => {
    expect(resolveModelName(name, known)).toEqual({ id: name, effort: undefined });
  });

  it('a name of a million characters takes no time to speak of', () => {
    for (const part of ['-high', '1-', '/', 'a'])
      expect(resolveModelName(part.repeat(200_000), known).effort).toBeUndefined();
  }, 3_000);
});

describe('the effort nearest to the one asked for (protocol §4.9)', () => {
  it.each([
    ['xhigh', ['low', 'medium', 'high', 'max'], 'max'],
    ['xhigh', ['low', 'xhigh', 'max'], 'xhigh'],
    ['max', ['low', 'high'], 'high'],
    ['none', ['low', 'high'], 'low'],
    ['none', ['none', 'low'], 'none'],
    ['medium', [], undefined],
  ] as const)('%s of %j is %s', (asked, values, wanted) => {
    expect(nearestEffort(asked, values)).toBe(wanted);
  });
});

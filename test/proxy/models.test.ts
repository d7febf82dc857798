import type Anthropic from '@anthropic-ai/sdk';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exactly } from '../anthropic/wire-schemas.ts';
import { startServing, type Serving } from './serving.ts';
import { errorIn } from './wire.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});

afterAll(() => serving[Symbol.asyncDispose]());

const anthropic = { headers: { 'anthropic-version': '2023-06-01' } };

const modelInfo = exactly<Anthropic.ModelInfo>()(
  v.strictObject({
    id: v.string(),
    type: v.literal('model'),
    display_name: v.string(),
    created_at: v.pipe(v.string(), v.isoTimestamp()),
    capabilities: v.null(),
    deprecated_at: v.null(),
    lifecycle: v.literal('active'),
    line: v.null(),
    max_input_tokens: v.nullable(v.number()),
    max_tokens: v.nullable(v.number()),
    retires_at: v.null(),
  }),
);

const modelPage = v.strictObject({
  data: v.array(modelInfo),
  has_more: v.literal(false),
  first_id: v.string(),
  last_id: v.string(),
});

describe('one model answers to every name that a request may use', () => {
  test.each([
    ['claude-sonnet-4.5', 'claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'],
    ['anthropic%2Fclaude-haiku-4-5', 'claude-haiku-4.5'],
    ['haiku', 'claude-haiku-4.5'],
    ['claude-opus-5%5B1m%5D', 'claude-opus-5'],
  ])('%s', async (name, id) => {
    const answer = await serving.fetch(`/v1/models/${name}`);
    expect(await answer.json()).toMatchObject({ id, object: 'model', owned_by: 'kiro' });
    const info = v.parse(modelInfo, await (await serving.fetch(`/v1/models/${name}`, anthropic)).json());
    expect(info.id).toBe(id);
  });

  test('and no other name does', async () => {
    const answer = await serving.fetch('/v1/models/claude-opus-9');
    expect(answer.status).toBe(404);
    expect(errorIn(await answer.text())).toMatchObject({ code: 'model_not_found', param: 'model' });
    const told = await serving.fetch('/v1/models/%E0%A4%A', anthropic);
    expect(await told.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });
});

test("the list comes in the form of the client's API", async () => {
  const openAi = await (await serving.fetch('/v1/models')).json();
  expect(openAi).toMatchObject({ object: 'list' });
  const page = v.parse(modelPage, await (await serving.fetch('/v1/models?limit=1000', anthropic)).json());
  expect(page.data.map(({ id }) => id)).toContain('claude-sonnet-4.5');
  expect(page.data.at(-1)?.id).toBe(page.last_id);
  expect(page.data.find(({ id }) => id === 'claude-sonnet-4.5')).toMatchObject({ max_input_tokens: 200_000 });
});

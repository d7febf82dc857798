import type { ModelView } from '../contract.ts';

/** What OpenCode needs to know: where the endpoint is, and what can be asked there. */
export interface OpenCodeOptions {
  /** Base URL of the endpoint, without `/v1`. */
  readonly url: string;
  readonly models: readonly ModelView[];
}

/** The variable that holds the key, so that no secret stands in a config file. */
export const keyVariable = 'KIRO_POOL_KEY';

/**
 * The part of an `opencode.json` that adds Kiro Pool as a provider. The id is `kiro-pool`: `kiro` is taken. OpenCode drops
 * pictures silently for a model without `modalities`, and compacts by `limit`, so both come from the live catalogue.
 */
export function openCodeConfig({ url, models }: OpenCodeOptions): object {
  return {
    $schema: 'https://opencode.ai/config.json',
    provider: {
      'kiro-pool': {
        npm: '@ai-sdk/openai-compatible',
        name: 'Kiro Pool',
        options: { baseURL: `${url}/v1`, apiKey: `{env:${keyVariable}}` },
        models: Object.fromEntries(models.map((model) => [model.id, openCodeModel(model)])),
      },
    },
  };
}

function openCodeModel(model: ModelView): object {
  const { contextTokens, maxOutputTokens } = model;
  return {
    name: model.name,
    tool_call: true,
    attachment: model.inputTypes.includes('image'),
    reasoning: model.efforts.length > 0,
    modalities: { input: model.inputTypes, output: ['text'] },
    ...(contextTokens !== null && maxOutputTokens !== null
      ? { limit: { context: contextTokens, output: maxOutputTokens } }
      : {}),
  };
}

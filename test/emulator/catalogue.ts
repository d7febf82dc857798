import * as v from 'valibot';
import catalogueFile from './catalogue.json' with { type: 'json' };

const ModelSchema = v.looseObject({
  modelId: v.string(),
  modelName: v.string(),
  rateMultiplier: v.number(),
  supportedInputTypes: v.array(v.string()),
  tokenLimits: v.object({ maxInputTokens: v.number(), maxOutputTokens: v.number() }),
  additionalModelRequestFieldsSchema: v.optional(v.looseObject({})),
});

/** One entry of ListAvailableModels (protocol §6.4). */
export type CatalogueModel = v.InferOutput<typeof ModelSchema>;

/** The plans that an emulated account can have (protocol §6.2). */
export type Plan = 'free' | 'pro' | 'pro-plus' | 'power';

const file = v.parse(
  v.object({ models: v.array(ModelSchema), free: v.array(v.string()), default: v.string() }),
  catalogueFile,
);

/** All models of the service. */
const ALL_MODELS: readonly CatalogueModel[] = file.models;

/** What `auto` really runs: named by `modelId` in the stream (protocol §5.3). */
export const CONCRETE_AUTO_MODEL = 'claude-sonnet-4.5';

/** Models of a plan; `override` (ids) replaces the plan's list, and an unknown id gets a plain entry of its own. */
export function modelsOfPlan(plan: Plan, override?: readonly string[]): readonly CatalogueModel[] {
  if (override !== undefined) return override.map((id) => findModel(id) ?? plainModel(id));
  return plan === 'free' ? ALL_MODELS.filter((model) => file.free.includes(model.modelId)) : ALL_MODELS;
}

/** The catalogue's entry of an id. */
function findModel(modelId: string): CatalogueModel | undefined {
  return ALL_MODELS.find((model) => model.modelId === modelId);
}

/** Which reasoning form a model speaks (protocol §9.1). */
export function reasoningFamily(modelId: string): 'claude' | 'gpt' | 'none' {
  if (modelId.startsWith('gpt-')) return 'gpt';
  return modelId.startsWith('claude-') || modelId === 'auto' ? 'claude' : 'none';
}

function plainModel(modelId: string): CatalogueModel {
  return {
    modelId,
    modelName: modelId,
    description: 'Example description',
    rateMultiplier: 1,
    rateUnit: 'Credit',
    supportedInputTypes: ['TEXT'],
    tokenLimits: { maxInputTokens: 200_000, maxOutputTokens: 64_000 },
    promptCaching: { supportsPromptCaching: false },
  };
}

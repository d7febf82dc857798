import * as v from 'valibot';
import type { Model } from '../conversation/model.ts';
import type { ReasoningEffort } from '../conversation/conversation.ts';

/** One model of an account's catalogue (protocol §6.4), with what decides the request's extra fields (§4.9). */
export interface KiroModel extends Model {
  readonly requestFields: RequestFieldSupport | undefined;
}

/** Which extra fields a model takes. A model without a schema takes none: sending the block is a 400. */
export interface RequestFieldSupport {
  readonly thinking: boolean;
  /** Where the effort goes, and which values it knows, lowest first. */
  readonly effort: { readonly member: 'output_config' | 'reasoning'; readonly values: readonly string[] } | undefined;
  readonly maxTokens: { readonly min: number; readonly max: number } | undefined;
}

const fieldSchema = v.looseObject({
  enum: v.optional(v.array(v.string())),
  minimum: v.optional(v.number()),
  maximum: v.optional(v.number()),
});
const effortHolder = v.looseObject({ properties: v.looseObject({ effort: fieldSchema }) });
const requestFieldsSchema = v.looseObject({
  properties: v.looseObject({
    thinking: v.optional(v.unknown()),
    output_config: v.optional(v.fallback(v.optional(effortHolder), undefined)),
    reasoning: v.optional(v.fallback(v.optional(effortHolder), undefined)),
    max_tokens: v.optional(v.fallback(v.optional(fieldSchema), undefined)),
  }),
});

const modelSchema = v.looseObject({
  modelId: v.pipe(v.string(), v.nonEmpty()),
  modelName: v.nullish(v.string()),
  description: v.nullish(v.string()),
  rateMultiplier: v.nullish(v.number()),
  supportedInputTypes: v.nullish(v.array(v.string())),
  tokenLimits: v.nullish(
    v.looseObject({ maxInputTokens: v.nullish(v.number()), maxOutputTokens: v.nullish(v.number()) }),
  ),
  additionalModelRequestFieldsSchema: v.fallback(v.nullish(requestFieldsSchema), undefined),
});

const modelsPage = v.looseObject({
  models: v.array(v.unknown()),
  nextToken: v.nullish(v.string()),
});

/** One page of ListAvailableModels. Entries without an id are left out. @throws v.ValiError when it is no such page */
export function parseModelsPage(body: unknown): { models: KiroModel[]; nextToken: string | undefined } {
  const page = v.parse(modelsPage, body);
  const models = page.models.flatMap((entry) => {
    const parsed = v.safeParse(modelSchema, entry);
    return parsed.success ? [toModel(parsed.output)] : [];
  });
  return { models, nextToken: page.nextToken || undefined };
}

function toModel(entry: v.InferOutput<typeof modelSchema>): KiroModel {
  const contextTokens = entry.tokenLimits?.maxInputTokens ?? undefined;
  const maxOutputTokens = entry.tokenLimits?.maxOutputTokens ?? undefined;
  const creditRate = entry.rateMultiplier ?? undefined;
  const description = entry.description ?? undefined;
  const requestFields = supportOf(entry.additionalModelRequestFieldsSchema ?? undefined);
  return {
    id: entry.modelId,
    name: entry.modelName ?? entry.modelId,
    ...(description === undefined ? {} : { description }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(creditRate === undefined ? {} : { creditRate }),
    inputTypes: (entry.supportedInputTypes ?? ['TEXT']).includes('IMAGE') ? ['text', 'image'] : ['text'],
    efforts: requestFields?.effort?.values ?? [],
    requestFields,
  };
}

function supportOf(schema: v.InferOutput<typeof requestFieldsSchema> | undefined): RequestFieldSupport | undefined {
  if (!schema) return undefined;
  const { thinking, output_config, reasoning, max_tokens } = schema.properties;
  const member = output_config ? 'output_config' : 'reasoning';
  const values = (output_config ?? reasoning)?.properties.effort.enum ?? [];
  return {
    thinking: thinking !== undefined,
    effort: values.length > 0 ? { member, values: values.toSorted((a, b) => rank(a) - rank(b)) } : undefined,
    maxTokens: max_tokens
      ? { min: max_tokens.minimum ?? 1, max: max_tokens.maximum ?? Number.MAX_SAFE_INTEGER }
      : undefined,
  };
}

const effortOrder: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

function rank(effort: string): number {
  const index = effortOrder.indexOf(effort);
  return index === -1 ? effortOrder.length : index;
}

/**
 * The effort of `values` (lowest first) nearest to the one asked for: the same, else the next higher one (`xhigh` becomes
 * `max`, protocol §4.9), else the highest there is.
 */
export function nearestEffort(asked: ReasoningEffort, values: readonly string[]): string | undefined {
  return values.find((value) => rank(value) >= rank(asked)) ?? values.at(-1);
}

/** A model name as a client wrote it, taken apart. */
export interface ModelName {
  readonly id: string;
  /** An effort that was part of the name, as in `claude-opus-5:high`. */
  readonly effort: ReasoningEffort | undefined;
}

/**
 * Resolves the names that clients use to an id of the catalogue (protocol §8): case, a provider's prefix, dashes for dots,
 * a date, family and version swapped, an effort at the end; `opus`, `sonnet` and `haiku` are the newest of their family. An
 * id that no rule finds is passed on unchanged, so that a model that came out today works today.
 */
export function resolveModelName(name: string, knownIds: KnownIds): ModelName {
  if (knownIds.has(name)) return { id: name, effort: undefined };
  for (const { id, effort } of candidates(name)) {
    if (knownIds.has(id)) return { id, effort };
    const newest = newestOf(/^(?:claude-)?(opus|sonnet|haiku)$/.exec(id)?.[1], knownIds);
    if (newest !== undefined) return { id: newest, effort };
  }
  return { id: name.replace(/^kiro-pool\//, ''), effort: undefined };
}

type KnownIds = Pick<ReadonlySet<string>, 'has' | 'keys'>;

function newestOf(family: string | undefined, knownIds: KnownIds): string | undefined {
  if (family === undefined) return undefined;
  let newest: { readonly id: string; readonly version: number } | undefined;
  for (const id of knownIds.keys()) {
    const [, of, major, minor = '0'] = /^claude-([a-z]+)-(\d{1,3})(?:\.(\d{1,3}))?$/.exec(id) ?? [];
    const version = Number(major) * 1_000 + Number(minor);
    if (of === family && version > (newest?.version ?? 0)) newest = { id, version };
  }
  return newest?.id;
}

function* candidates(name: string): Generator<ModelName> {
  const bare = name
    .trim()
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^kiro-(?!auto$)/, '')
    .replace(/\[1m\]$/, '');
  let effort: ReasoningEffort | undefined;
  let id = bare;
  // Names of other proxies stack at most this many endings, as in `claude-opus-5-thinking:high`.
  for (let endings = 0; endings < 4; endings += 1) {
    yield* spellings(id, effort);
    const suffix = /^(.+)[:-](none|low|medium|high|xhigh|max|thinking|agentic|1m)$/.exec(id);
    if (suffix?.[1] === undefined) return;
    id = suffix[1];
    effort ??= efforts.find((known) => known === suffix[2]);
  }
}

const efforts: readonly ReasoningEffort[] = ['none', 'low', 'medium', 'high', 'xhigh', 'max'];

function* spellings(id: string, effort: ReasoningEffort | undefined): Generator<ModelName> {
  yield { id, effort };
  // Cursor keeps `auto` to itself, so its users write one of these.
  if (id === 'kiro-auto' || id === 'auto-kiro') yield { id: 'auto', effort };
  const undated = id.replace(/-(?:20\d{6}|latest)$/, '');
  yield { id: undated, effort };
  const dotted = undated.replace(/(\d)-(\d+)(?=$|-)/, '$1.$2');
  yield { id: dotted, effort };
  // claude-4.5-sonnet → claude-sonnet-4.5
  yield { id: dotted.replace(/^claude-(\d+(?:\.\d+)?)-([a-z]+)$/, 'claude-$2-$1'), effort };
  yield { id: dotted.replace(/\.0$/, ''), effort };
}

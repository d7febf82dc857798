import type { Model } from '../conversation/model.ts';

/** One entry of `GET /v1/models`: OpenAI's object, and what Kiro's catalogue tells beside it. */
export interface ModelObject {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: 'kiro';
  readonly name: string;
  readonly description?: string;
  /** Context window, in tokens. */
  readonly context_length?: number;
  /** In tokens. */
  readonly max_output_tokens?: number;
  readonly input_types: readonly ('text' | 'image')[];
  /** Credits charged per unit of work, relative to 1. */
  readonly credit_rate?: number;
  readonly reasoning_efforts: readonly string[];
}

/** The answer to `GET /v1/models`. */
export function modelList(models: readonly Model[]): {
  readonly object: 'list';
  readonly data: readonly ModelObject[];
} {
  return { object: 'list', data: models.map(modelObject) };
}

/** The answer to `GET /v1/models/{id}`. */
export function modelObject(model: Model): ModelObject {
  return {
    id: model.id,
    object: 'model',
    created: CREATED,
    owned_by: 'kiro',
    name: model.name,
    ...(model.description !== undefined && { description: model.description }),
    ...(model.contextTokens !== undefined && { context_length: model.contextTokens }),
    ...(model.maxOutputTokens !== undefined && { max_output_tokens: model.maxOutputTokens }),
    input_types: model.inputTypes,
    ...(model.creditRate !== undefined && { credit_rate: model.creditRate }),
    reasoning_efforts: model.efforts,
  };
}

/** OpenAI's object demands a date and Kiro tells none: 2025-07-14, when Kiro was first shown, in seconds since 1970. */
const CREATED = 1_752_451_200;

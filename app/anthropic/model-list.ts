import type { Model } from '../conversation/model.ts';

/** One model as Anthropic's API tells it. Null stands for what Kiro does not tell. */
export interface ModelInfo {
  readonly id: string;
  readonly type: 'model';
  readonly display_name: string;
  readonly created_at: string;
  readonly capabilities: null;
  readonly deprecated_at: null;
  readonly lifecycle: 'active';
  readonly line: null;
  /** Context window, in tokens. */
  readonly max_input_tokens: number | null;
  readonly max_tokens: number | null;
  readonly retires_at: null;
}

/** The answer to `GET /v1/models` of Anthropic's API: all on one page. */
export function modelInfos(models: readonly Model[]): {
  readonly data: readonly ModelInfo[];
  readonly has_more: false;
  readonly first_id: string | null;
  readonly last_id: string | null;
} {
  return {
    data: models.map(modelInfo),
    has_more: false,
    first_id: models.at(0)?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

/** The answer to `GET /v1/models/{id}` of Anthropic's API. */
export function modelInfo(model: Model): ModelInfo {
  return {
    id: model.id,
    type: 'model',
    display_name: model.name,
    created_at: UNKNOWN_DATE,
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: model.contextTokens ?? null,
    max_tokens: model.maxOutputTokens ?? null,
    retires_at: null,
  };
}

/** What the API's description asks for where the date is not known. */
const UNKNOWN_DATE = '1970-01-01T00:00:00Z';

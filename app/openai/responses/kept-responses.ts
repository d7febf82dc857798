import type { JsonObject, JsonValue } from '../../conversation/conversation.ts';
import { TurnError } from '../../conversation/turn-error.ts';
import { keptResponse } from './earlier-items.ts';
import type { ResponseMemory } from './response-memory.ts';

/** `GET /v1/responses/{id}`. @throws {TurnError} `response-not-found` */
export function showResponse(memory: ResponseMemory, id: string): JsonObject {
  return keptResponse(memory, id).response;
}

/** `DELETE /v1/responses/{id}`. @throws {TurnError} `response-not-found` */
export function deleteResponse(memory: ResponseMemory, id: string): JsonObject {
  keptResponse(memory, id);
  memory.forget(id);
  return { id, object: 'response', deleted: true };
}

/** Which of the items are asked for. */
export interface ItemPage {
  /** Newest first unless `asc`. */
  readonly order: string | null;
  /** The id of the item that the page comes after. */
  readonly after: string | null;
  readonly limit: string | null;
}

/** `GET /v1/responses/{id}/input_items`. @throws {TurnError} `response-not-found`, `invalid-request` */
export function inputItemList(memory: ResponseMemory, id: string, page: ItemPage): JsonObject {
  const { items, inherited } = keptResponse(memory, id);
  const limit = limitOf(page.limit);
  const all = items.slice(inherited).map((item, index) => itemResource(item, `${id.replace(/^resp_/, '')}i${index}`));
  if (page.order !== 'asc') all.reverse();
  const start = page.after === null ? 0 : all.findIndex((item) => item['id'] === page.after) + 1;
  const data = all.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? '',
    last_id: data.at(-1)?.['id'] ?? '',
    has_more: start + limit < all.length,
  };
}

function limitOf(asked: string | null): number {
  const limit = asked === null ? 20 : Number(asked);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new TurnError('invalid-request', 'limit must be a whole number from 1 to 100.', { param: 'limit' });
}

/** An item as the API lists it: with an id and a status, and in parts where a client may send a string. */
function itemResource(item: JsonObject, suffix: string): JsonObject {
  const type = typeof item['type'] === 'string' ? item['type'] : 'message';
  const whole = { status: 'completed', ...item, type, id: item['id'] ?? `${type}_${suffix}` };
  return type === 'message' ? { ...whole, content: partsOf(item) } : whole;
}

function partsOf({ content, role }: JsonObject): JsonValue {
  if (typeof content === 'string') {
    return role === 'assistant'
      ? [{ type: 'output_text', text: content, annotations: [], logprobs: [] }]
      : [{ type: 'input_text', text: content }];
  }
  if (!Array.isArray(content)) return [];
  const parts: readonly JsonValue[] = content;
  return parts.map((part) => (isImage(part) ? { detail: 'auto', ...part } : part));
}

function isImage(part: JsonValue): part is JsonObject {
  return typeof part === 'object' && part !== null && 'type' in part && part['type'] === 'input_image';
}

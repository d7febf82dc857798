import type { JsonObject } from '../../conversation/conversation.ts';
import { invalidRequest } from '../../conversation/request-schema.ts';
import { TurnError } from '../../conversation/turn-error.ts';
import type { RecalledResponse, ResponseMemory } from './response-memory.ts';

/**
 * The conversation that a request continues, its last answer included.
 * @throws {TurnError} `response-not-found`
 */
export function earlierItems(memory: ResponseMemory, previousId: string | null | undefined): readonly JsonObject[] {
  if (previousId === null || previousId === undefined) return [];
  const { items, response } = keptResponse(memory, previousId, 'previous_response_id');
  return [...items, ...response.output];
}

/**
 * What is kept of an answer.
 * @param param the member of the request that names it
 * @throws {TurnError} `response-not-found`
 */
export function keptResponse(memory: ResponseMemory, id: string, param?: string): RecalledResponse {
  const kept = memory.find(id);
  if (kept) return kept;
  const what = `The response '${id.slice(0, 80)}' was not found`;
  throw new TurnError('response-not-found', `${what}: Kiro Pool keeps ${memory.bounds}, unless store is false.`, {
    ...(param !== undefined && { param }),
  });
}

/**
 * Items with each reference to an item of an earlier answer replaced by that item.
 * @throws {TurnError} `invalid-request`
 */
export function resolved(items: readonly JsonObject[], memory: ResponseMemory): readonly JsonObject[] {
  return items.map((item, index) => {
    if (!isReference(item)) return item;
    const { id } = item;
    const found = typeof id === 'string' ? memory.item(id) : undefined;
    if (found) return found;
    const phrase = `names no item that is kept: Kiro Pool keeps ${memory.bounds}, unless store is false`;
    throw invalidRequest(`input[${index}].id`, phrase);
  });
}

/** Its type may be left out. */
function isReference(item: JsonObject): boolean {
  const { type } = item;
  return type === 'item_reference' || ((type === undefined || type === null) && 'id' in item && !('role' in item));
}

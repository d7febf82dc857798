import { TurnError } from '../conversation/turn-error.ts';
import { deleteResponse, inputItemList, showResponse } from '../openai/responses/kept-responses.ts';
import type { ResponseMemory } from '../openai/responses/response-memory.ts';
import type { Exchange } from './exchange.ts';

/** `GET /v1/responses/{id}` and `/v1/responses/{id}/input_items`. @throws TurnError `response-not-found` */
export function showKeptResponse(exchange: Exchange, memory: ResponseMemory, path: string): void {
  const [id = '', part, ...rest] = path.split('/');
  if ((part !== undefined && part !== 'input_items') || rest.length > 0) {
    throw new TurnError(
      'route-not-found',
      'Of a response there is: /v1/responses/{id}, /v1/responses/{id}/input_items.',
    );
  }
  if (part === undefined) return exchange.sendJson(200, showResponse(memory, id));
  const query = new URLSearchParams(exchange.request.url?.split('?')[1]);
  const page = { order: query.get('order'), after: query.get('after'), limit: query.get('limit') };
  exchange.sendJson(200, inputItemList(memory, id, page));
}

/** `DELETE /v1/responses/{id}`. @throws TurnError `response-not-found` */
export function deleteKeptResponse(exchange: Exchange, memory: ResponseMemory, id: string): void {
  exchange.sendJson(200, deleteResponse(memory, id));
}

import type { AnswerContext, ClientRequest, TurnWriter } from '../../../app/conversation/client-api.ts';
import { GatheredTurn } from '../../../app/conversation/gathered-turn.ts';
import type { TurnEvent } from '../../../app/conversation/turn-event.ts';
import { ResponseMemory } from '../../../app/openai/responses/response-memory.ts';
import { responsesApi } from '../../../app/openai/responses/responses-api.ts';
import { asked } from '../../conversation/samples.ts';

/** A fixed time, in ms since 1970. */
export const now = 1_700_000_000_000;

export const context: AnswerContext = { id: '0123456789abcdef'.repeat(2), requestId: 'req_1', at: now - 2_500 };

/** Tools of each kind that Kiro can be offered. */
export const tools = [
  { type: 'function', name: 'read', parameters: { type: 'object', properties: { path: { type: 'string' } } } },
  { type: 'custom', name: 'patch', description: 'Changes files' },
  { type: 'namespace', name: 'multi', description: 'Agents', tools: [{ type: 'function', name: 'go' }] },
];

/** Everything that may be told is asked for. */
export const allAsked = {
  reasoning: { summary: 'auto' },
  include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
};

export function requested(
  members: Readonly<Record<string, unknown>> = {},
  memory: ResponseMemory = new ResponseMemory(() => now),
): ClientRequest {
  return responsesApi(memory, () => now).parse({ model: 'auto', input: 'Hello', tools, ...members });
}

export function writer(members: Readonly<Record<string, unknown>> = {}): TurnWriter {
  return requested(members).stream(context);
}

export function answerOf(events: readonly TurnEvent[], members: Readonly<Record<string, unknown>> = {}): object {
  const gathered = new GatheredTurn(asked);
  gathered.add(events);
  return requested(members).answer(gathered.whole(), context);
}

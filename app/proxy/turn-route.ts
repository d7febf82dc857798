import { randomUUID } from 'node:crypto';
import type { AnswerContext, ClientApi, ClientRequest } from '../conversation/client-api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { enoughAfter, type Feed } from '../conversation/feed.ts';
import { GatheredTurn } from '../conversation/gathered-turn.ts';
import { LeakedCalls } from '../conversation/leaked-calls.ts';
import { ResponseFormatFilter } from '../conversation/response-format.ts';
import { SearchPreamble } from '../conversation/search-preamble.ts';
import { StopSequences } from '../conversation/stop-sequences.ts';
import { TurnError } from '../conversation/turn-error.ts';
import type { TurnBatch } from '../conversation/turn-event.ts';
import type { TurnFilter } from '../conversation/turn-filter.ts';
import { readJson } from './body.ts';
import { EventWriter } from './event-writer.ts';
import type { Exchange } from './exchange.ts';
import { searching, withSearchTool } from './searching.ts';

/**
 * The one way in which every API has a turn served, streamed and not (DESIGN §6).
 * @throws TurnError until the answer has begun
 */
export async function serveTurn(exchange: Exchange, api: ClientApi): Promise<void> {
  exchange.errorForm = api;
  const request = api.parse(await readJson(exchange.request));
  const { conversation } = request;
  const turn = await exchange.serve(withSearchTool(conversation), request);
  const { webSearch } = conversation;
  const answered = webSearch
    ? searching(turn, conversation, webSearch, {
        serve: (next) => exchange.serve(next, request),
        search: (query) => exchange.searchWeb(query),
      })
    : turn;
  const context = { id: randomUUID().replaceAll('-', ''), requestId: exchange.id, at: exchange.now() };
  const wanted = filtered(answered, filtersFor(conversation));
  if (request.isStreamed) await stream(exchange, request, context, wanted);
  else await answer(exchange, request, context, wanted);
}

async function answer(
  exchange: Exchange,
  request: ClientRequest,
  context: AnswerContext,
  batches: Feed<TurnBatch>,
): Promise<void> {
  const gathered = new GatheredTurn(request.conversation);
  await batches.each((batch) => {
    gathered.add(batch);
    return undefined;
  });
  const turn = gathered.whole();
  exchange.noteTokens(turn.tokens);
  exchange.sendJson(200, request.answer(turn, context));
}

async function stream(
  exchange: Exchange,
  request: ClientRequest,
  context: AnswerContext,
  batches: Feed<TurnBatch>,
): Promise<void> {
  const turn = request.stream(context);
  using writer = new EventWriter(exchange.response, {
    headers: exchange.headers(),
    signal: exchange.signal,
    signOfLife: () => turn.signOfLife(),
    keepAliveMs: exchange.keepAliveMs,
  });
  try {
    await batches.each((batch) => writer.write(turn.write(batch)));
    exchange.noteTokens(turn.tokens);
    writer.end();
  } catch (error) {
    if (exchange.hasClientLeft) throw error;
    writer.break(turn.error(exchange.noteFailure(error)));
  }
}

/** What Kiro cannot do itself is done to its answer here. */
function filtersFor(conversation: Conversation): TurnFilter[] {
  const filters: TurnFilter[] = [];
  const { tools, toolChoice, responseFormat } = conversation;
  if (tools.length > 0 && toolChoice.type !== 'none') filters.push(new LeakedCalls(tools, newCallId));
  if (conversation.stop.length > 0) filters.push(new StopSequences(conversation.stop));
  if (responseFormat.type !== 'text') {
    if (conversation.webSearch) filters.push(new SearchPreamble());
    filters.push(new ResponseFormatFilter(responseFormat));
  }
  return filters;
}

/** In the form of Kiro's own. */
function newCallId(): string {
  return `tooluse_${randomUUID().replaceAll('-', '')}`;
}

function filtered(batches: Feed<TurnBatch>, filters: readonly TurnFilter[]): Feed<TurnBatch> {
  return {
    async each(take) {
      let hasEnded = false;
      const isWhole = await batches.each((batch) => {
        let events = batch;
        for (const filter of filters) events = filter.push(events);
        hasEnded = events.at(-1)?.type === 'end';
        const taken = events.length > 0 ? take(events) : undefined;
        // What the upstream would still say is not wanted.
        return hasEnded ? enoughAfter(taken) : taken;
      });
      // A missing finish makes clients ask again for ever, so it must never pass for an answer.
      if (!hasEnded) throw new TurnError('broken-stream', "Kiro's answer has no end.");
      return isWhole;
    },
  };
}

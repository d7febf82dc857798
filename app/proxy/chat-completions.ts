import { randomUUID } from 'node:crypto';
import { ResponseFormatFilter } from '../conversation/response-format.ts';
import { StopSequences } from '../conversation/stop-sequences.ts';
import { TurnError } from '../conversation/turn-error.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { TurnFilter } from '../conversation/turn-filter.ts';
import { ChatAnswer } from '../openai/chat-answer.ts';
import { parseChatRequest, type ChatRequest } from '../openai/chat-request.ts';
import { ChatStreamWriter } from '../openai/chat-stream.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { readJson } from './body.ts';
import { EventWriter } from './event-writer.ts';
import type { Exchange } from './exchange.ts';

/** `POST /v1/chat/completions`, streamed and not (DESIGN §6). @throws TurnError until the answer has begun */
export async function chatCompletions(exchange: Exchange): Promise<void> {
  const request = parseChatRequest(await readJson(exchange.request));
  const { conversation } = request;
  const served = await exchange.serve(conversation, request.sessionHint);
  const batches = filtered(served.batches, filtersFor(conversation));
  const options = {
    id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
    created: Math.floor(exchange.now() / 1000),
    model: conversation.model,
    conversation,
  };
  if (request.stream) await stream(exchange, request, options, batches);
  else await answer(exchange, new ChatAnswer(options), batches);
}

async function answer(exchange: Exchange, whole: ChatAnswer, batches: Batches): Promise<void> {
  for await (const batch of batches) whole.add(batch);
  const completion = whole.toJson();
  exchange.noteUsage(completion.usage);
  exchange.sendJson(200, completion);
}

async function stream(
  exchange: Exchange,
  request: ChatRequest,
  options: ConstructorParameters<typeof ChatAnswer>[0],
  batches: Batches,
): Promise<void> {
  const chat = new ChatStreamWriter({ ...options, includeUsage: request.includeUsage });
  using writer = new EventWriter(exchange.response, {
    headers: exchange.headers(),
    signal: exchange.signal,
    comment: chat.comment(),
    keepAliveMs: exchange.keepAliveMs,
  });
  try {
    for await (const batch of batches) await writer.write(chat.write(batch));
    exchange.noteUsage(chat.usage);
    writer.end();
  } catch (error) {
    if (exchange.hasClientLeft) throw error;
    writer.break(chat.error(exchange.noteFailure(error)));
  }
}

type Batches = AsyncIterable<readonly TurnEvent[]>;

/** What Kiro cannot do itself is done to its answer here. */
function filtersFor(conversation: Conversation): TurnFilter[] {
  const filters: TurnFilter[] = [];
  if (conversation.stop.length > 0) filters.push(new StopSequences(conversation.stop));
  if (conversation.responseFormat.type !== 'text') filters.push(new ResponseFormatFilter(conversation.responseFormat));
  return filters;
}

async function* filtered(batches: Batches, filters: readonly TurnFilter[]): AsyncGenerator<readonly TurnEvent[]> {
  let hasEnded = false;
  for await (const batch of batches) {
    let events = batch;
    for (const filter of filters) events = filter.push(events);
    if (events.length > 0) yield events;
    hasEnded = events.at(-1)?.type === 'end';
    // Leaving the loop lets go of the upstream: what it would still say is not wanted.
    if (hasEnded) break;
  }
  // A missing finish makes clients ask again for ever, so it must never pass for an answer.
  if (!hasEnded) throw new TurnError('broken-stream', "Kiro's answer has no end.");
}

import { countTokens } from '../anthropic/count-tokens.ts';
import { readJson } from './body.ts';
import type { Exchange } from './exchange.ts';

/** `POST /v1/messages/count_tokens`. @throws TurnError `invalid-request` */
export async function answerTokenCount(exchange: Exchange): Promise<void> {
  exchange.sendJson(200, countTokens(await readJson(exchange.request)));
}

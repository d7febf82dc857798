import { modelInfo, modelInfos } from '../anthropic/model-list.ts';
import { TurnError } from '../conversation/turn-error.ts';
import { modelList, modelObject } from '../openai/model-list.ts';
import type { Pool } from '../pool/pool.ts';
import type { Exchange } from './exchange.ts';

/** `GET /v1/models`: what at least one account may use. */
export async function listModels(exchange: Exchange, pool: Pool): Promise<void> {
  const models = await pool.models();
  if (exchange.isAnthropic) return exchange.sendJson(200, modelInfos(models));
  exchange.sendJson(200, { ...modelList(models), ...(isCodex(exchange) && { models: [] }) });
}

/**
 * Codex asks with its version, and complains in its user's terminal when it is not answered by a table of its own, whose
 * entries would replace its prompts too. With an empty one it goes by its config.
 */
function isCodex({ request }: Exchange): boolean {
  return new URLSearchParams(request.url?.split('?')[1]).has('client_version');
}

/** `GET /v1/models/{id}`, or by any name that a request may use. @throws TurnError `model-not-found` */
export async function showModel(exchange: Exchange, pool: Pool, id: string): Promise<void> {
  const wanted = decodePath(id);
  const model = await pool.model(wanted);
  if (!model) {
    throw new TurnError('model-not-found', `None of your accounts has the model "${wanted}". See /v1/models.`, {
      param: 'model',
    });
  }
  exchange.sendJson(200, exchange.isAnthropic ? modelInfo(model) : modelObject(model));
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text).slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}

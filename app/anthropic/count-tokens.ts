import { estimateConversation } from '../conversation/token-estimate.ts';
import { parseCountRequest } from './messages-request.ts';

/**
 * The answer to `POST /v1/messages/count_tokens`: an estimate, since Kiro counts for nobody.
 * @throws {TurnError} `invalid-request`
 */
export function countTokens(body: unknown): { readonly input_tokens: number } {
  return { input_tokens: estimateConversation(parseCountRequest(body)) };
}

import type { ClientApi } from '../conversation/client-api.ts';
import { chatCompletion } from './chat-answer.ts';
import { parseChatRequest } from './chat-request.ts';
import { ChatStreamWriter } from './chat-stream.ts';
import { openAiErrors } from './error-object.ts';

/** `POST /v1/chat/completions`. */
export const chatApi: ClientApi = {
  ...openAiErrors,
  parse(body) {
    const { conversation, stream, includeUsage, sessionHint } = parseChatRequest(body);
    const { model } = conversation;
    return {
      conversation,
      isStreamed: stream,
      ...(sessionHint !== undefined && { sessionHint }),
      stream: ({ id, at }) =>
        new ChatStreamWriter({ id: idOf(id), created: secondsOf(at), model, conversation, includeUsage }),
      answer: (turn, { id, at }) => chatCompletion(turn, { id: idOf(id), created: secondsOf(at), model }),
    };
  },
};

function idOf(id: string): string {
  return `chatcmpl-${id}`;
}

function secondsOf(ms: number): number {
  return Math.floor(ms / 1_000);
}

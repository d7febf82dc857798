import type { ClientApi } from '../conversation/client-api.ts';
import { anthropicErrors } from './error-object.ts';
import { MessageStreamWriter } from './message-stream.ts';
import { messageOf } from './message.ts';
import { parseMessagesRequest } from './messages-request.ts';

/** `POST /v1/messages`. */
export const messagesApi: ClientApi = {
  ...anthropicErrors,
  parse(body) {
    const { conversation, stream, shownReasoning, sessionHint, warnings } = parseMessagesRequest(body);
    const { model } = conversation;
    return {
      conversation,
      isStreamed: stream,
      ...(sessionHint !== undefined && { sessionHint }),
      warnings,
      stream: ({ id, requestId }) =>
        new MessageStreamWriter({ id: `msg_${id}`, requestId, conversation, shownReasoning }),
      answer: (turn, { id }) => messageOf(turn, { id: `msg_${id}`, model, shownReasoning }),
    };
  },
};

import type { ClientApi } from '../../conversation/client-api.ts';
import type { TurnError } from '../../conversation/turn-error.ts';
import { openAiErrors, toOpenAiError, type OpenAiError } from '../error-object.ts';
import type { ResponseMemory } from './response-memory.ts';
import { ResponseStreamWriter } from './response-stream.ts';
import { responseOfTurn, type ResponseObject } from './response.ts';
import { parseResponsesRequest } from './responses-request.ts';

/**
 * `POST /v1/responses`.
 * @param memory where answers are kept that their clients want kept
 * @param now in ms since 1970
 */
export function responsesApi(memory: ResponseMemory, now: () => number): ClientApi {
  return {
    ...openAiErrors,
    refuse: toResponsesError,
    parse(body) {
      const request = parseResponsesRequest(body, memory);
      const { conversation, form, echo, items, inherited } = request;
      const keep = (response: ResponseObject): void => {
        if (echo.store) memory.keep({ response, items, inherited });
      };
      return {
        conversation,
        isStreamed: request.stream,
        ...(request.sessionHint !== undefined && { sessionHint: request.sessionHint }),
        warnings: request.warnings,
        stream: ({ id, at }) => {
          const head = { answerId: id, createdAt: at, echo };
          return new ResponseStreamWriter({ head, form, conversation, now, onEnd: keep });
        },
        answer: (turn, { id, at }) => {
          const response = responseOfTurn(turn, { answerId: id, createdAt: at, echo }, form, now());
          keep(response);
          return response;
        },
      };
    },
  };
}

/**
 * Here a response that is not kept is one that the request continues. And Codex repeats a 403, with which a request that was
 * warned would move to another account (DESIGN promise 2): only a 400 is final to it.
 */
function toResponsesError(error: TurnError): OpenAiError {
  const answer = toOpenAiError(error);
  if (error.code === 'account-parked') return { ...answer, status: 400 };
  if (error.code !== 'response-not-found') return answer;
  return { ...answer, status: 400, body: { error: { ...answer.body.error, code: 'previous_response_not_found' } } };
}

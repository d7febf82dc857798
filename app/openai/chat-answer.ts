import { callsOf, textOf, type GatheredCall, type WholeTurn } from '../conversation/gathered-turn.ts';
import type { ChatAnswerOptions } from './chat-stream.ts';
import { type FinishReason, finishReason } from './finish-reason.ts';
import { type ChatUsage, chatUsage } from './usage.ts';

/** A whole turn as the answer to a client that does not stream. */
export function chatCompletion(turn: WholeTurn, { id, created, model }: ChatAnswerHead): ChatCompletion {
  const text = textOf(turn, 'text');
  const reasoning = textOf(turn, 'reasoning');
  const calls = callsOf(turn);
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning !== '' && { reasoning_content: reasoning }),
          ...(calls.length > 0 && { tool_calls: calls.map(toolCallOf) }),
        },
        logprobs: null,
        finish_reason: finishReason(turn.reason),
      },
    ],
    usage: chatUsage(turn.usage, turn.tokens),
  };
}

/** The object `chat.completion`. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [ChatChoice];
  readonly usage: ChatUsage;
}

type ChatAnswerHead = Pick<ChatAnswerOptions, 'id' | 'created' | 'model'>;

interface ChatChoice {
  readonly index: 0;
  readonly message: {
    readonly role: 'assistant';
    readonly content: string | null;
    readonly refusal: null;
    readonly reasoning_content?: string;
    readonly tool_calls?: readonly ChatToolCall[];
  };
  readonly logprobs: null;
  readonly finish_reason: FinishReason;
}

interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

function toolCallOf({ id, name, json }: GatheredCall): ChatToolCall {
  return { id, type: 'function', function: { name, arguments: json } };
}

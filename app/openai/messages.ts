import * as v from 'valibot';
import type { AssistantTurn, ToolCall, UserTurn } from '../conversation/conversation.ts';
import type { Message } from '../conversation/instructed.ts';
import { answerContent, instructions, mixedContent } from './content-parts.ts';
import { callInput, toolResult } from './past-calls.ts';
import { byKind, fields, filledText, list, refuse, text } from '../conversation/request-schema.ts';

/** `messages` of OpenAI chat completions: every role but the old `function`. Names and echoed reasoning are dropped. */
export const messages: v.GenericSchema<unknown, readonly Message[]> = v.lazy(() => messageList);

const systemMessage = v.pipe(
  fields({ content: instructions }),
  v.transform(({ content }): Message => ({ role: 'system', text: content })),
);

const userMessage = v.pipe(
  fields({ content: mixedContent }),
  v.transform(({ content }): UserTurn => ({ role: 'user', parts: content })),
);

const functionCall = v.pipe(
  fields({ id: filledText, function: fields({ name: filledText, arguments: v.nullish(text, '') }) }),
  v.transform((call): ToolCall => ({
    id: call.id,
    name: call.function.name,
    input: callInput(call.function.arguments),
  })),
);

/** Some clients leave the call's type out, and there is but one kind. */
const toolCall = v.lazy((input) =>
  typeof input === 'object' && input !== null && !('type' in input) ? functionCall : typedToolCall,
);

const typedToolCall = byKind('type', { function: functionCall });

const assistantMessage = v.pipe(
  fields({
    content: v.nullish(answerContent, ''),
    tool_calls: v.nullish(list(toolCall)),
    function_call: refuse('is the old form and not supported: send tool_calls'),
  }),
  v.transform(({ content, tool_calls }): AssistantTurn => ({
    role: 'assistant',
    text: content ?? '',
    toolCalls: tool_calls ?? [],
  })),
);

/** A result whose call is not in the conversation is kept: clients cut their history anywhere. */
const toolMessage = v.pipe(
  fields({ tool_call_id: filledText, content: v.nullable(mixedContent) }),
  v.transform(({ tool_call_id, content }): UserTurn => ({
    role: 'user',
    parts: toolResult(tool_call_id, content ?? []),
  })),
);

const messageList = v.pipe(
  list(
    byKind<Message>(
      'role',
      {
        system: systemMessage,
        developer: systemMessage,
        user: userMessage,
        assistant: assistantMessage,
        tool: toolMessage,
      },
      { function: 'is the old form and not supported: send role "tool" with tool_call_id' },
    ),
  ),
  v.minLength(1, 'must hold at least one message'),
);

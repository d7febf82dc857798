import * as v from 'valibot';
import type { JsonObject, JsonValue, ToolCall } from '../../conversation/conversation.ts';
import type { Message } from '../../conversation/instructed.ts';
import { byKind, fields, filledText, jsonObject, list, text } from '../../conversation/request-schema.ts';
import { callInput, toolResult } from '../past-calls.ts';
import { customArguments, flatName } from './called-tool.ts';
import { answerContent, instructionContent, shownContent } from './input-content.ts';

/** The items of a conversation, references to others already replaced. */
export const inputItems: v.GenericSchema<unknown, readonly InputPiece[]> = v.lazy(() => itemList);

/** What one item means to Kiro. */
export type InputPiece =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'call'; readonly call: ToolCall }
  /** Reasoning of an earlier answer, as the client kept it for us. */
  | { readonly type: 'sealed'; readonly sealed: string }
  /** Means nothing to Kiro: what tools of OpenAI's own did, or reasoning without its proof. */
  | { readonly type: 'nothing' };

const user = v.pipe(
  fields({ content: shownContent }),
  v.transform(({ content }) => message({ role: 'user', parts: content })),
);

const assistant = v.pipe(
  fields({ content: answerContent }),
  v.transform(({ content }) => message({ role: 'assistant', text: content, toolCalls: [] })),
);

const instructions = v.pipe(
  fields({ content: instructionContent }),
  v.transform(({ content }) => message({ role: 'system', text: content })),
);

const roleMessage = byKind<InputPiece>('role', { user, assistant, system: instructions, developer: instructions });

const functionCall = v.pipe(
  fields({ call_id: filledText, name: filledText, namespace: v.nullish(text), arguments: v.nullish(text, '') }),
  v.transform(({ call_id, name, namespace, arguments: json }): InputPiece => ({
    type: 'call',
    call: { id: call_id, name: flatName({ name, namespace: namespace ?? undefined }), input: callInput(json ?? '') },
  })),
);

const customCall = v.pipe(
  fields({ call_id: filledText, name: filledText, namespace: v.nullish(text), input: text }),
  v.transform(({ call_id, name, namespace, input }): InputPiece => ({
    type: 'call',
    call: {
      id: call_id,
      name: flatName({ name, namespace: namespace ?? undefined }),
      input: customArguments(input),
    },
  })),
);

/** A result whose call is not in the conversation is kept: clients cut their history anywhere. */
const callOutput = v.pipe(
  fields({ call_id: filledText, output: v.nullish(shownContent, '') }),
  v.transform(({ call_id, output }) => message({ role: 'user', parts: toolResult(call_id, output ?? []) })),
);

const reasoning = v.pipe(
  fields({ encrypted_content: v.nullish(text) }),
  v.transform(({ encrypted_content: sealed }): InputPiece => (sealed ? { type: 'sealed', sealed } : nothing)),
);

/** A call of a tool that OpenAI defined and a client runs, such as `local_shell_call`: its members are its arguments. */
const builtInCall = v.pipe(
  jsonObject,
  v.transform(({ type, call_id, id: _id, status: _status, ...input }): InputPiece => ({
    type: 'call',
    call: { id: textOf(call_id), name: textOf(type).replace(/_call$/, ''), input },
  })),
);

const builtInOutput = v.pipe(
  jsonObject,
  v.transform(({ call_id, output }) => {
    const words = typeof output === 'string' ? output : JSON.stringify(output ?? null);
    return message({ role: 'user', parts: toolResult(textOf(call_id), [{ type: 'text', text: words }]) });
  }),
);

const strange = v.pipe(
  fields({ type: filledText }),
  v.transform(() => nothing),
);

const nothing: InputPiece = { type: 'nothing' };

const KINDS: Readonly<Record<string, v.GenericSchema<unknown, InputPiece>>> = {
  message: roleMessage,
  function_call: functionCall,
  function_call_output: callOutput,
  custom_tool_call: customCall,
  custom_tool_call_output: callOutput,
  reasoning,
};

/** An item without a type is a message. Of kinds we do not know, those that a client's tools are part of are kept. */
const item = v.lazy((input): v.GenericSchema<unknown, InputPiece> => {
  if (typeof input !== 'object' || input === null || !('type' in input) || input.type === null) return roleMessage;
  if (typeof input.type !== 'string') return strange;
  const known = Object.hasOwn(KINDS, input.type) ? KINDS[input.type] : undefined;
  if (known) return known;
  const isOfClient = 'call_id' in input && typeof input.call_id === 'string' && input.call_id !== '';
  if (isOfClient && input.type.endsWith('_call')) return builtInCall;
  return isOfClient && input.type.endsWith('_call_output') ? builtInOutput : strange;
});

const itemList = list(item);

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function message(message: Message): InputPiece {
  return { type: 'message', message };
}

/** A string as input, in the form of items. */
export function itemsOfText(words: string): readonly JsonObject[] {
  return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] }];
}

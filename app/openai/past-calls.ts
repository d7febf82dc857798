import * as v from 'valibot';
import type { JsonObject, UserPart } from '../conversation/conversation.ts';
import { jsonObject } from '../conversation/request-schema.ts';
import type { ShownPart } from './shown-part.ts';

/** The arguments of an earlier call. Kiro takes them as an object only; what is none cannot be told (protocol §4.8). */
export function callInput(json: string): JsonObject {
  if (json.trim() === '') return {};
  try {
    const input: unknown = JSON.parse(json);
    return v.is(jsonObject, input) ? input : {};
  } catch {
    return {};
  }
}

/** What an earlier call gave back, as parts of a user's turn. Kiro knows documents beside results only, not in them. */
export function toolResult(callId: string, parts: readonly ShownPart[]): readonly UserPart[] {
  const result: UserPart = {
    type: 'tool-result',
    callId,
    text: parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n'),
    images: parts.filter((part) => part.type === 'image'),
    // OpenAI has no mark for a failed tool; clients say it in the text.
    isError: false,
  };
  return [result, ...parts.filter((part) => part.type === 'document')];
}

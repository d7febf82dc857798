import * as v from 'valibot';
import type { JsonObject, Tool } from '../conversation/conversation.ts';
import { filledText, flag, jsonObject, text } from '../conversation/request-schema.ts';

/** The members of a function that a client offers. Kiro cannot be held to `strict`. */
export const functionMembers = {
  name: filledText,
  description: v.nullish(text),
  parameters: v.nullish(jsonObject),
  strict: v.nullish(flag),
};

/** A function as a tool. One without parameters takes none. */
export function functionTool({
  name,
  description,
  parameters,
}: {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: JsonObject | null | undefined;
}): Tool {
  return { name, description: description ?? '', inputSchema: parameters ?? { type: 'object', properties: {} } };
}

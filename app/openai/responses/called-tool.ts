import type { JsonObject } from '../../conversation/conversation.ts';

/** A tool as its client knows it. */
export interface CalledTool {
  /** A `custom` tool is given one text, not arguments. */
  readonly type: 'function' | 'custom';
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** The tools of one request, by the names that the model knows them by. */
export class CalledTools {
  readonly #tools = new Map<string, CalledTool>();

  add(tool: CalledTool): void {
    this.#tools.set(flatName(tool), tool);
  }

  /** What was called. A name that was not offered, taken from the conversation's past, is a function's. */
  called(name: string): CalledTool {
    return this.#tools.get(name) ?? { type: 'function', name };
  }
}

/** A tool's name in a list without namespaces, the same in every turn. */
export function flatName({ name, namespace }: Pick<CalledTool, 'name' | 'namespace'>): string {
  if (namespace === undefined || namespace === '') return name;
  return namespace.endsWith('_') ? namespace + name : `${namespace}__${name}`;
}

/** The arguments of a `custom` tool, which to Kiro is a function with one text. */
export function customArguments(input: string): JsonObject {
  return { [CUSTOM_INPUT]: input };
}

/** The text for a `custom` tool in a call's arguments. A model may have named it otherwise. */
export function customInput(json: string): string {
  try {
    const input: unknown = JSON.parse(json);
    if (typeof input !== 'object' || input === null) return json;
    const members = Object.entries(input);
    if (members.length === 0) return '';
    const [, text] = members.find(([name]) => name === CUSTOM_INPUT) ?? (members.length === 1 ? members[0] : []) ?? [];
    return typeof text === 'string' ? text : json;
  } catch {
    return json;
  }
}

export const CUSTOM_INPUT = 'input';

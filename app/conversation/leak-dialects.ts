import type { JsonObject, JsonValue, Tool } from './conversation.ts';

/** A tool call that a model wrote as text. */
export interface LeakedCall {
  readonly name: string;
  readonly input: JsonObject;
}

/** What stands before the names of tags, by model. */
const PREFIXES = ['', 'antml:', '｜DSML｜'];

/** What the lines begin with that may be leaked calls (protocol §5.4). */
export const leakOpenings: readonly string[] = [
  '[Called ',
  ...PREFIXES.map((prefix) => `<${prefix}function_calls>`),
  '<tool_use>',
];

/**
 * The calls that a text consists of, in any of the known dialects; undefined when it holds anything else, a call that is not
 * complete, or one of a tool that was not offered.
 */
export function leakedCalls(text: string, tools: readonly Tool[]): readonly LeakedCall[] | undefined {
  const calls: LeakedCall[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = bracketed(rest) ?? invoked(rest, tools) ?? wrapped(rest);
    if (!found || !found.calls.every(({ name }) => tools.some((tool) => tool.name === name))) return undefined;
    calls.push(...found.calls);
    rest = rest.slice(found.length).trimStart();
  }
  return calls.length > 0 ? calls : undefined;
}

/** How much of its beginning tells whether a text is no leaked call. In UTF-16 units. */
export const longestHead = 200;

/** Whether text that begins as a leaked call can no longer become one, however it goes on. */
export function isNoLeak(text: string, tools: readonly Tool[]): boolean {
  if (!text.startsWith('[')) return false;
  const name = /^\[Called (?:the tool )?(\S+)\s/.exec(text.slice(0, longestHead))?.[1];
  if (name === undefined || name === 'the') return text.length >= longestHead;
  return tools.every((tool) => tool.name !== name);
}

interface Found {
  readonly calls: readonly LeakedCall[];
  /** Of the text that they took. */
  readonly length: number;
}

/** `[Called read with args: {"path":"a"}]`, and the words in which calls of tools that are gone are told to a model. */
function bracketed(text: string): Found | undefined {
  const head = /^\[Called (?:the tool )?(\S+) with (?:args: )?/.exec(text);
  const name = head?.[1];
  if (!head || name === undefined) return undefined;
  const json = objectAt(text, head[0].length);
  if (!json || text[head[0].length + json.length] !== ']') return undefined;
  return { calls: [{ name, input: json.value }], length: head[0].length + json.length + 1 };
}

/** `<function_calls><invoke name="read"><parameter name="path">a</parameter></invoke></function_calls>`, with prefixes. */
function invoked(text: string, tools: readonly Tool[]): Found | undefined {
  const block = BLOCK.exec(text);
  if (!block) return undefined;
  const [whole, prefix = '', body = ''] = block;
  const calls: LeakedCall[] = [];
  const pattern = new RegExp(`\\s*<${prefix}invoke name="([^"]+)">([\\s\\S]*?)</${prefix}invoke>\\s*`, 'y');
  while (pattern.lastIndex < body.length) {
    const [, name, parameters = ''] = pattern.exec(body) ?? [];
    if (name === undefined) return undefined;
    calls.push({ name, input: inputOf(parameters, prefix, typesOf(name, tools)) });
  }
  return calls.length > 0 ? { calls, length: whole.length } : undefined;
}

const BLOCK = new RegExp(`^<(${PREFIXES.join('|')})function_calls>([\\s\\S]*?)</\\1function_calls>`);

function inputOf(parameters: string, prefix: string, types: ReadonlyMap<string, JsonValue | undefined>): JsonObject {
  const pattern = new RegExp(
    `<${prefix}parameter name="([^"]+)"(?: string="(true|false)")?>([\\s\\S]*?)</${prefix}parameter>`,
    'g',
  );
  const members = [...parameters.matchAll(pattern)].map(([, name = '', isString, words = '']) => {
    const isText = isString === undefined ? types.get(name) === 'string' : isString === 'true';
    return [name, isText ? words : valueOf(words)] as const;
  });
  return Object.fromEntries(members);
}

/** `<tool_use>{"name":"read","input":{"path":"a"}}</tool_use>` */
function wrapped(text: string): Found | undefined {
  const head = /^<tool_use>\s*/.exec(text)?.[0];
  const json = head === undefined ? undefined : objectAt(text, head.length);
  if (head === undefined || !json) return undefined;
  const tail = /^\s*<\/tool_use>/.exec(text.slice(head.length + json.length))?.[0];
  const { name, input, arguments: given } = json.value;
  const members = input ?? given ?? {};
  if (tail === undefined || typeof name !== 'string' || !isObject(members)) return undefined;
  return { calls: [{ name, input: members }], length: head.length + json.length + tail.length };
}

/** The JSON object that begins at this place, and how long it is. */
function objectAt(text: string, from: number): { readonly value: JsonObject; readonly length: number } | undefined {
  if (text[from] !== '{') return undefined;
  let depth = 0;
  let isInString = false;
  for (let index = from; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth > 0) continue;
      const json = text.slice(from, index + 1);
      const value = valueOf(json);
      return isObject(value) ? { value, length: json.length } : undefined;
    }
  }
  return undefined;
}

/** The types that a tool's schema gives its parameters. */
function typesOf(name: string, tools: readonly Tool[]): ReadonlyMap<string, JsonValue | undefined> {
  const properties = tools.find((tool) => tool.name === name)?.inputSchema['properties'];
  if (!isObject(properties)) return new Map();
  return new Map(
    Object.entries(properties).map(([key, schema]) => [key, isObject(schema) ? schema['type'] : undefined]),
  );
}

/** A text as the JSON that it is, else as itself. */
function valueOf(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import * as v from 'valibot';
import type { JsonObject, Tool, ToolChoice } from '../../conversation/conversation.ts';
import { byKind, fields, filledText, invalidRequest, list, oneOf, text } from '../../conversation/request-schema.ts';
import { checkToolNames, type NamedTool } from '../../conversation/tool-names.ts';
import { anySearch, type WebSearch } from '../../conversation/web-search.ts';
import { functionMembers, functionTool } from '../function-tool.ts';
import { CUSTOM_INPUT, CalledTools, flatName, type CalledTool } from './called-tool.ts';

/** `tools` of OpenAI's responses: functions, custom tools, namespaces of both, and the kinds of those that run at OpenAI. */
export const tools: v.GenericSchema<unknown, readonly AskedTool[]> = v.lazy(() => toolList);

/** `tool_choice` of OpenAI's responses. */
export const toolChoice: v.GenericSchema<unknown, AskedChoice> = v.lazy((input) =>
  typeof input === 'object' && input !== null ? choiceObject : choiceWord,
);

export type AskedTool =
  | { readonly type: 'offered'; readonly tools: readonly OfferedTool[] }
  /** Runs at OpenAI, and with us at Kiro. */
  | { readonly type: 'web-search'; readonly wish: WebSearch }
  /** Runs at OpenAI: Kiro has no such thing. */
  | { readonly type: 'hosted'; readonly kind: string };

interface OfferedTool {
  readonly tool: Tool;
  readonly called: CalledTool;
  /** The member of the asked tool that holds its name. */
  readonly param: string;
}

export interface AskedChoice {
  readonly choice: ToolChoice;
  /** Narrows the tools to these; undefined stands for one that Kiro has not. */
  readonly allowed?: readonly (string | undefined)[];
  /** What was chosen is not the client's: whether it is used is left to the model. */
  readonly isHosted?: true;
}

/**
 * Brings the tools and the choice together.
 * @throws {TurnError} `invalid-request` when a name is offered twice, or chosen but not offered
 */
export function offeredTools(asked: readonly AskedTool[], { choice, allowed, isHosted }: AskedChoice): OfferedTools {
  const named = asked.flatMap((each, index): (OfferedTool & NamedTool)[] =>
    each.type === 'offered'
      ? each.tools.map((one) => ({ ...one, name: one.tool.name, param: `tools[${index}]${one.param}` }))
      : [],
  );
  const search = asked.find((each) => each.type === 'web-search');
  const searchNames = search ? [{ name: SEARCH, param: `tools[${asked.indexOf(search)}].type` }] : [];
  const chosen = choice.type === 'tool' ? [{ name: choice.name, param: 'tool_choice.name' }] : [];
  const allowedTools = (allowed ?? []).flatMap((name, index) =>
    name === undefined ? [] : { name, param: `tool_choice.tools[${index}].name` },
  );
  checkToolNames([...named, ...searchNames], [...chosen, ...allowedTools]);
  if (choice.type === 'required' && asked.length === 0)
    throw invalidRequest('tool_choice', 'needs tools to choose from');
  const called = new CalledTools();
  for (const each of named) called.add(each.called);
  const tools = named.map((each) => each.tool).filter(({ name }) => !allowed || allowed.includes(name));
  return {
    tools,
    // Nothing can be called when all that was offered runs at OpenAI.
    toolChoice: isHosted || (choice.type === 'required' && tools.length === 0 && !search) ? { type: 'auto' } : choice,
    ...(search && (!allowed || allowed.includes(SEARCH)) && { webSearch: search.wish }),
    called,
    warnings: asked.flatMap((each) =>
      each.type === 'hosted' ? `The tool ${each.kind} was left out: it runs at OpenAI, and Kiro has none such.` : [],
    ),
  };
}

export interface OfferedTools {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly webSearch?: WebSearch;
  readonly called: CalledTools;
  readonly warnings: readonly string[];
}

const offeredFunction = v.pipe(
  fields(functionMembers),
  v.transform((tool): OfferedTool => ({
    tool: functionTool(tool),
    called: { type: 'function', name: tool.name },
    param: '.name',
  })),
);

const customFormat = byKind<string>('type', {
  text: v.pipe(
    fields({}),
    v.transform(() => 'Any text.'),
  ),
  grammar: v.pipe(
    fields({ syntax: text, definition: text }),
    v.transform(({ syntax, definition }) => `A text that keeps to this grammar (${syntax}):\n${definition}`),
  ),
});

/** Kiro knows functions only, so a custom tool becomes one with a single text. A grammar can only be asked for in words. */
const offeredCustom = v.pipe(
  fields({ name: filledText, description: v.nullish(text), format: v.nullish(customFormat) }),
  v.transform(({ name, description, format }): OfferedTool => ({
    tool: {
      name,
      description: description ?? '',
      inputSchema: {
        type: 'object',
        properties: { [CUSTOM_INPUT]: { type: 'string', description: format ?? 'Any text.' } },
        required: [CUSTOM_INPUT],
      },
    },
    called: { type: 'custom', name },
    param: '.name',
  })),
);

const single = { function: offeredFunction, custom: offeredCustom };

const namespace = v.pipe(
  fields({ name: filledText, description: v.nullish(text), tools: list(byKind<OfferedTool>('type', single)) }),
  v.transform(({ name: namespace, description, tools }): OfferedTool[] =>
    tools.map(({ tool, called }, index) => ({
      tool: {
        ...tool,
        name: flatName({ ...called, namespace }),
        // The first of them speaks for all: what a namespace is for need not be said with every tool.
        description: [index === 0 ? description : '', tool.description].filter(Boolean).join('\n\n'),
      },
      called: { ...called, namespace },
      param: `.tools[${index}].name`,
    })),
  ),
);

const hosted = v.pipe(
  fields({
    type: filledText,
    filters: v.nullish(fields({ allowed_domains: v.nullish(list(text)) })),
  }),
  v.transform(({ type, filters }): AskedTool => {
    if (!isSearchKind(type)) return { type: 'hosted', kind: type.slice(0, 60) };
    return { type: 'web-search', wish: { ...anySearch, allowedDomains: filters?.allowed_domains ?? [] } };
  }),
);

const ours = byKind<AskedTool>('type', {
  function: v.pipe(
    offeredFunction,
    v.transform((tool): AskedTool => ({ type: 'offered', tools: [tool] })),
  ),
  custom: v.pipe(
    offeredCustom,
    v.transform((tool): AskedTool => ({ type: 'offered', tools: [tool] })),
  ),
  namespace: v.pipe(
    namespace,
    v.transform((tools): AskedTool => ({ type: 'offered', tools })),
  ),
});

const OURS: ReadonlySet<string> = new Set(['function', 'custom', 'namespace']);

const toolList = list(v.lazy((input) => (isBeside(OURS, input) ? hosted : ours)));

/** Whether a tool is of a kind that Kiro can be offered. */
export function isOfferedKind(tool: JsonObject): boolean {
  return !isBeside(OURS, tool) || (typeof tool['type'] === 'string' && isSearchKind(tool['type']));
}

/** The search has several names, some with a date. */
function isSearchKind(type: string): boolean {
  return type.startsWith(SEARCH);
}

/** The name that OpenAI gives to its search. */
const SEARCH = 'web_search';

/** Whether something has a type, and none of these. */
function isBeside(types: ReadonlySet<string>, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return typeof value.type === 'string' && !types.has(value.type);
}

const choiceWord = v.pipe(
  oneOf(['none', 'auto', 'required']),
  v.transform((type): AskedChoice => ({ choice: { type } })),
);

const chosenName = v.pipe(
  fields({ name: filledText, namespace: v.nullish(text) }),
  v.transform(({ name, namespace }) => flatName({ name, namespace: namespace ?? undefined })),
);

const chosenTool = v.pipe(
  chosenName,
  v.transform((name): AskedChoice => ({ choice: { type: 'tool', name } })),
);

const allowedName = v.lazy((input) =>
  isBeside(OURS, input)
    ? v.pipe(
        hosted,
        v.transform((tool) => (tool.type === 'web-search' ? SEARCH : undefined)),
      )
    : byKind<string>('type', { function: chosenName, custom: chosenName }),
);

const allowedTools = v.pipe(
  fields({
    mode: oneOf(['auto', 'required']),
    tools: v.pipe(list(allowedName), v.minLength(1, 'must name at least one tool')),
  }),
  v.transform(({ mode, tools }): AskedChoice => ({ choice: { type: mode }, allowed: tools })),
);

const hostedChoice = v.pipe(
  hosted,
  v.transform((): AskedChoice => ({ choice: { type: 'auto' }, isHosted: true })),
);

const ourChoice = byKind<AskedChoice>('type', {
  function: chosenTool,
  custom: chosenTool,
  allowed_tools: allowedTools,
});

const CHOICES: ReadonlySet<string> = new Set([...OURS, 'allowed_tools']);

const choiceObject = v.lazy((input) => (isBeside(CHOICES, input) ? hostedChoice : ourChoice));

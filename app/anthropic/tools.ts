import * as v from 'valibot';
import type { Tool, ToolChoice } from '../conversation/conversation.ts';
import {
  byKind,
  fields,
  filledText,
  flag,
  invalidRequest,
  jsonObject,
  list,
  positiveInteger,
  text,
} from '../conversation/request-schema.ts';
import { checkToolNames } from '../conversation/tool-names.ts';
import { maxSearches, type WebSearch } from '../conversation/web-search.ts';
import { clientTool } from './client-tools.ts';

/** `tools` of Anthropic's API: the client's own, those of Anthropic's that the client runs, and the names of the rest. */
export const tools: v.GenericSchema<unknown, readonly AskedTool[]> = v.lazy(() => toolList);

/** `tool_choice` of Anthropic's API. */
export const toolChoice: v.GenericSchema<unknown, AskedChoice> = v.lazy(() => choice);

export type AskedTool =
  | { readonly type: 'function'; readonly tool: Tool }
  /** Runs at Anthropic, and with us at Kiro. */
  | { readonly type: 'web-search'; readonly wish: WebSearch }
  /** Runs at Anthropic: Kiro has no such thing. */
  | { readonly type: 'hosted'; readonly kind: string; readonly name: string | undefined };

export interface AskedChoice {
  readonly choice: ToolChoice;
  /** At most one call in an answer. */
  readonly isSerial: boolean;
}

/**
 * Brings the tools and the choice together.
 * @throws {TurnError} `invalid-request` when a name is offered twice, or chosen but not offered
 */
export function offeredTools(
  asked: readonly AskedTool[],
  { choice, isSerial }: AskedChoice,
): {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly oneCallAtATime?: true;
  readonly webSearch?: WebSearch;
  readonly warnings: readonly string[];
} {
  const offered = asked.flatMap((each, index) => {
    if (each.type === 'hosted') return [];
    return { name: each.type === 'function' ? each.tool.name : SEARCH, param: `tools[${index}].name` };
  });
  const search = asked.find((each) => each.type === 'web-search');
  const isHosted = choice.type === 'tool' && isOnlyHosted(asked, choice.name, offered);
  const chosen = choice.type === 'tool' && !isHosted ? [{ name: choice.name, param: 'tool_choice.name' }] : [];
  checkToolNames(offered, chosen);
  if (choice.type === 'required' && asked.length === 0)
    throw invalidRequest('tool_choice', 'needs tools to choose from');
  return {
    tools: asked.flatMap((each) => (each.type === 'function' ? each.tool : [])),
    // Nothing can be called when all that was chosen or offered runs at Anthropic.
    toolChoice: isHosted || (choice.type === 'required' && offered.length === 0) ? { type: 'auto' } : choice,
    ...(isSerial && { oneCallAtATime: true }),
    ...(search && { webSearch: search.wish }),
    warnings: asked.flatMap((each) =>
      each.type === 'hosted' ? `The tool ${each.kind} was left out: it runs at Anthropic, and Kiro has none such.` : [],
    ),
  };
}

/** Whether a name is that of a tool that was left out, and of no other. */
function isOnlyHosted(
  asked: readonly AskedTool[],
  name: string,
  offered: readonly { readonly name: string }[],
): boolean {
  return (
    asked.some((each) => each.type === 'hosted' && each.name === name) && !offered.some((each) => each.name === name)
  );
}

const customTool = v.pipe(
  fields({ name: filledText, description: v.nullish(text), input_schema: jsonObject }),
  v.transform(({ name, description, input_schema }): AskedTool => ({
    type: 'function',
    tool: { name, description: description ?? '', inputSchema: input_schema },
  })),
);

const typedTool = v.pipe(
  fields({
    type: text,
    name: v.nullish(filledText),
    max_uses: v.nullish(positiveInteger),
    allowed_domains: v.nullish(list(text)),
    blocked_domains: v.nullish(list(text)),
  }),
  v.transform(({ type, name, ...asked }): AskedTool => {
    if (type.startsWith('web_search_2')) return { type: 'web-search', wish: wishOf(asked) };
    const tool = clientTool(type, name ?? undefined);
    return tool ? { type: 'function', tool } : { type: 'hosted', kind: type.slice(0, 60), name: name ?? undefined };
  }),
);

interface SearchLimits {
  readonly max_uses?: number | null | undefined;
  readonly allowed_domains?: readonly string[] | null | undefined;
  readonly blocked_domains?: readonly string[] | null | undefined;
}

function wishOf({ max_uses, allowed_domains, blocked_domains }: SearchLimits): WebSearch {
  return {
    maxUses: Math.min(max_uses ?? maxSearches, maxSearches),
    allowedDomains: allowed_domains ?? [],
    blockedDomains: blocked_domains ?? [],
  };
}

/** The name that Anthropic gives to its search. */
const SEARCH = 'web_search';

/** A tool without a type, or of type `custom`, is the client's own. */
const toolList = list(v.lazy((input) => (isTyped(input) ? typedTool : customTool)));

function isTyped(tool: unknown): boolean {
  if (typeof tool !== 'object' || tool === null || !('type' in tool)) return false;
  return typeof tool.type === 'string' && tool.type !== 'custom';
}

const serial = { disable_parallel_tool_use: v.nullish(flag) };

const choice = byKind<AskedChoice>('type', {
  auto: v.pipe(
    fields(serial),
    v.transform((asked): AskedChoice => ({ choice: { type: 'auto' }, isSerial: isSerial(asked) })),
  ),
  any: v.pipe(
    fields(serial),
    v.transform((asked): AskedChoice => ({ choice: { type: 'required' }, isSerial: isSerial(asked) })),
  ),
  tool: v.pipe(
    fields({ name: filledText, ...serial }),
    v.transform((asked): AskedChoice => ({
      choice: { type: 'tool', name: asked.name },
      isSerial: isSerial(asked),
    })),
  ),
  none: v.pipe(
    fields({}),
    v.transform((): AskedChoice => ({ choice: { type: 'none' }, isSerial: false })),
  ),
});

function isSerial(asked: { readonly disable_parallel_tool_use?: boolean | null | undefined }): boolean {
  return asked.disable_parallel_tool_use ?? false;
}

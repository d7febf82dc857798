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
  text,
} from '../conversation/request-schema.ts';
import { checkToolNames } from '../conversation/tool-names.ts';
import { clientTool } from './client-tools.ts';

/** `tools` of Anthropic's API: the client's own, those of Anthropic's that the client runs, and the names of the rest. */
export const tools: v.GenericSchema<unknown, readonly AskedTool[]> = v.lazy(() => toolList);

/** `tool_choice` of Anthropic's API. */
export const toolChoice: v.GenericSchema<unknown, AskedChoice> = v.lazy(() => choice);

export type AskedTool =
  | { readonly type: 'function'; readonly tool: Tool }
  /** Runs at Anthropic: Kiro has no such thing. */
  | { readonly type: 'hosted'; readonly kind: string };

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
  readonly warnings: readonly string[];
} {
  const offered = asked.flatMap((each, index) =>
    each.type === 'function' ? { name: each.tool.name, param: `tools[${index}].name` } : [],
  );
  checkToolNames(offered, choice.type === 'tool' ? [{ name: choice.name, param: 'tool_choice.name' }] : []);
  if (choice.type === 'required' && asked.length === 0)
    throw invalidRequest('tool_choice', 'needs tools to choose from');
  return {
    tools: asked.flatMap((each) => (each.type === 'function' ? each.tool : [])),
    toolChoice: choice,
    ...(isSerial && { oneCallAtATime: true }),
    warnings: asked.flatMap((each) =>
      each.type === 'hosted' ? `The tool ${each.kind} was left out: it runs at Anthropic, and Kiro has none such.` : [],
    ),
  };
}

const customTool = v.pipe(
  fields({ name: filledText, description: v.nullish(text), input_schema: jsonObject }),
  v.transform(({ name, description, input_schema }): AskedTool => ({
    type: 'function',
    tool: { name, description: description ?? '', inputSchema: input_schema },
  })),
);

const typedTool = v.pipe(
  fields({ type: text, name: v.nullish(filledText) }),
  v.transform(({ type, name }): AskedTool => {
    const tool = clientTool(type, name ?? undefined);
    return tool ? { type: 'function', tool } : { type: 'hosted', kind: type.slice(0, 60) };
  }),
);

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

import * as v from 'valibot';
import { checkToolNames } from '../conversation/tool-names.ts';
import type { Tool, ToolChoice } from '../conversation/conversation.ts';
import { byKind, fields, filledText, invalidRequest, list, oneOf } from '../conversation/request-schema.ts';
import { functionMembers, functionTool } from './function-tool.ts';

/** `tools` of OpenAI chat completions: functions only. Names that Kiro would not take are its own room's to change. */
export const tools: v.GenericSchema<unknown, readonly Tool[]> = v.lazy(() => toolList);

/** `tool_choice` of OpenAI chat completions; `allowed` narrows the tools to these names. */
export const toolChoice: v.GenericSchema<unknown, AskedToolChoice> = v.lazy((input) =>
  typeof input === 'object' && input !== null ? choiceObject : choiceWord,
);

export interface AskedToolChoice {
  readonly choice: ToolChoice;
  readonly allowed?: readonly string[];
}

/**
 * Brings the tools and the choice together.
 * @throws {TurnError} `invalid-request` when a name is offered twice, or chosen but not offered
 */
export function offeredTools(
  tools: readonly Tool[],
  asked: AskedToolChoice,
): { readonly tools: readonly Tool[]; readonly toolChoice: ToolChoice } {
  const { choice, allowed } = asked;
  const chosen = choice.type === 'tool' ? [{ name: choice.name, param: 'tool_choice.function.name' }] : [];
  const allowedTools = (allowed ?? []).map((name, index) => ({
    name,
    param: `tool_choice.allowed_tools.tools[${index}].function.name`,
  }));
  checkToolNames(
    tools.map(({ name }, index) => ({ name, param: `tools[${index}].function.name` })),
    [...chosen, ...allowedTools],
  );
  if (choice.type === 'required' && tools.length === 0)
    throw invalidRequest('tool_choice', 'needs tools to choose from');
  if (!allowed) return { tools, toolChoice: choice };
  return { tools: tools.filter((tool) => allowed.includes(tool.name)), toolChoice: choice };
}

const offeredFunction = v.pipe(
  fields({ function: fields(functionMembers) }),
  v.transform((tool): Tool => functionTool(tool.function)),
);

const NO_HOSTED = 'is not supported: Kiro Pool serves tools of type function, which the client runs';

const toolList = list(
  byKind(
    'type',
    { function: offeredFunction },
    { custom: NO_HOSTED, web_search: NO_HOSTED, web_search_preview: NO_HOSTED, image_generation: NO_HOSTED },
  ),
);

const choiceWord = v.pipe(
  oneOf(['none', 'auto', 'required']),
  v.transform((type): AskedToolChoice => ({ choice: { type } })),
);

const namedFunction = v.pipe(
  fields({ function: fields({ name: filledText }) }),
  v.transform((named) => named.function.name),
);

const choiceObject = byKind<AskedToolChoice>('type', {
  function: v.pipe(
    namedFunction,
    v.transform((name): AskedToolChoice => ({ choice: { type: 'tool', name } })),
  ),
  allowed_tools: v.pipe(
    fields({
      allowed_tools: fields({
        mode: oneOf(['auto', 'required']),
        tools: v.pipe(list(byKind('type', { function: namedFunction })), v.minLength(1, 'must name at least one tool')),
      }),
    }),
    v.transform(({ allowed_tools: { mode, tools } }): AskedToolChoice => ({ choice: { type: mode }, allowed: tools })),
  ),
});

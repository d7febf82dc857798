import * as v from 'valibot';
import type { ReasoningEffort } from '../conversation/conversation.ts';
import { byKind, fields, positiveInteger, text } from '../conversation/request-schema.ts';

/** `thinking` of Anthropic's API. */
export const thinking: v.GenericSchema<unknown, Thinking> = v.lazy(() => config);

export interface Thinking {
  /** What Kiro is asked for; undefined leaves it to the model. */
  readonly effort: ReasoningEffort | undefined;
  readonly shown: ShownReasoning;
}

/**
 * How much of the reasoning the client gets: it with its proof, the proof alone, or nothing. A client that did not ask to see
 * any does not expect blocks of it: many take the first block for the text.
 */
export type ShownReasoning = 'whole' | 'proof' | 'nothing';

const display = v.nullish(text);

function shownOf(asked: string | null | undefined): ShownReasoning {
  return asked === 'omitted' ? 'proof' : 'whole';
}

const config = byKind<Thinking>('type', {
  enabled: v.pipe(
    fields({ budget_tokens: positiveInteger, display }),
    v.transform((asked): Thinking => ({ effort: effortOf(asked.budget_tokens), shown: shownOf(asked.display) })),
  ),
  adaptive: v.pipe(
    fields({ display }),
    v.transform((asked): Thinking => ({ effort: undefined, shown: shownOf(asked.display) })),
  ),
  between_tools: v.pipe(
    fields({}),
    v.transform((): Thinking => ({ effort: undefined, shown: 'whole' })),
  ),
  disabled: v.pipe(
    fields({}),
    v.transform((): Thinking => ({ effort: 'none', shown: 'nothing' })),
  ),
});

/** Kiro has no budget, only a dial. Claude Code's words "think", "megathink" and "ultrathink" are 4,000, 10,000 and 31,999. */
function effortOf(budgetTokens: number): ReasoningEffort {
  if (budgetTokens <= 4_096) return 'low';
  if (budgetTokens <= 16_000) return 'medium';
  return budgetTokens <= 32_000 ? 'high' : 'max';
}

import type { ReasoningEffort } from '../conversation/conversation.ts';
import * as v from 'valibot';
import { oneOf } from '../conversation/request-schema.ts';

/** How much a model is to reason, in OpenAI's words. `minimal` is OpenAI's own; Kiro's lowest is `low` (protocol §4.9). */
export const effort: v.GenericSchema<unknown, ReasoningEffort> = v.pipe(
  oneOf(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']),
  v.transform((asked) => (asked === 'minimal' ? 'low' : asked)),
);

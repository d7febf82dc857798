import type { JsonObject, ReasoningEffort } from '../conversation/conversation.ts';
import { nearestEffort, type RequestFieldSupport } from './models.ts';

/**
 * The `additionalModelRequestFields` of a request (protocol §4.9), or undefined when there is nothing to say. Only members
 * that the model's catalogue entry lists are ever sent.
 */
export function requestFields(
  support: RequestFieldSupport | undefined,
  wishes: { effort?: ReasoningEffort; maxOutputTokens?: number },
): JsonObject | undefined {
  if (!support) return undefined;
  const fields: Record<string, JsonObject | number> = {};
  if (support.thinking) {
    // Without `summarized` the reasoning text is left out, and with it everything a client could show (protocol §9.1).
    fields['thinking'] = wishes.effort === 'none' ? { type: 'disabled' } : { type: 'adaptive', display: 'summarized' };
  }
  const effort = wishes.effort && effortFor(support, wishes.effort);
  if (effort !== undefined && support.effort) fields[support.effort.member] = { effort };
  if (wishes.maxOutputTokens !== undefined && support.maxTokens) {
    fields['max_tokens'] = Math.min(Math.max(wishes.maxOutputTokens, support.maxTokens.min), support.maxTokens.max);
  }
  return Object.keys(fields).length > 0 ? fields : undefined;
}

function effortFor(support: RequestFieldSupport, asked: ReasoningEffort): string | undefined {
  // Switched off by `thinking` already; an effort beside it would contradict.
  if (asked === 'none' && support.thinking) return undefined;
  return nearestEffort(asked, support.effort?.values ?? []);
}

import type { EndReason } from '../conversation/turn-event.ts';

/** OpenAI chat completions' word for why an answer ended. */
export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter';

export function finishReason(reason: EndReason): FinishReason {
  return FINISH_REASONS[reason];
}

const FINISH_REASONS: Readonly<Record<EndReason, FinishReason>> = {
  stop: 'stop',
  tools: 'tool_calls',
  length: 'length',
  filtered: 'content_filter',
};

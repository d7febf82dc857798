import type { EndReason } from '../conversation/turn-event.ts';

/** Anthropic's word for why an answer ended. */
export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'stop_sequence';

export function stopReason(reason: EndReason, stopSequence: string | undefined): StopReason {
  return stopSequence === undefined ? STOP_REASONS[reason] : 'stop_sequence';
}

const STOP_REASONS: Readonly<Record<EndReason, StopReason>> = {
  stop: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  filtered: 'refusal',
};

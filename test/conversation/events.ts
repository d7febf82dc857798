import type { TurnEvent } from '../../app/conversation/turn-event.ts';

export function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

export function text(text: string): TurnEvent {
  return { type: 'text', text };
}

export const stop: TurnEvent = { type: 'end', reason: 'stop', usage: {} };

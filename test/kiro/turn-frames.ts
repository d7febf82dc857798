import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { KiroError } from '../../app/kiro/kiro-error.ts';
import { TurnReader } from '../../app/kiro/turn-reader.ts';
import { event } from './frames.ts';

/** Reads a whole stream: the events until its end or its error. */
export function read(pieces: Iterable<Uint8Array>): { events: TurnEvent[]; error?: KiroError } {
  const events: TurnEvent[] = [];
  const reader = new TurnReader({
    toolName: (name) => (name === 'short_1' ? 'long name' : name),
    contextTokens: (model) => (model === 'claude-haiku-4.5' ? 200_000 : undefined),
  });
  try {
    for (const piece of pieces) events.push(...reader.push(piece));
    events.push(...reader.end());
    return { events };
  } catch (error) {
    if (error instanceof KiroError) return { events, error };
    throw error;
  }
}

/** The events of a stream, each frame a piece of its own. */
export const eventsOf = (...frames: Uint8Array[]): TurnEvent[] => {
  const { events, error } = read(frames);
  if (error) throw error;
  return events;
};
export const classOf = (...frames: Uint8Array[]): string | undefined => read(frames).error?.class;
export const text = (content: string, more = {}): Buffer => event('assistantResponseEvent', { content, ...more });
export const tool = (toolUseId: string, more: object = {}): Buffer =>
  event('toolUseEvent', { toolUseId, name: 't', ...more });
export const reasoning = (payload: object): Buffer => event('reasoningContentEvent', payload);
export const stopped = (stopReason: string): Buffer => event('metadataEvent', { stopReason });
export const end = (reason: string, usage: object = {}): object => ({ type: 'end', reason, usage });
export const lastOf = (...frames: Uint8Array[]): TurnEvent | undefined => eventsOf(...frames).at(-1);
export const start = (index: number, id: string, name = 't'): object => ({ type: 'tool-start', index, id, name });
export const input = (index: number, json: string): object => ({ type: 'tool-input', index, json });
export const ended = (index: number): object => ({ type: 'tool-end', index });

import type { TurnEvent } from './turn-event.ts';

/**
 * Changes one turn on its way to the client: batches of events in, batches of events out. One filter serves one turn, in
 * order, and keeps what it needs between batches. Filters are chained by pushing one's output into the next.
 */
export interface TurnFilter {
  /** Returns what goes on from this batch; empty when everything of it is held back or dropped. */
  push(events: readonly TurnEvent[]): TurnEvent[];
  /** True once the `end` went out: the answer is complete and the upstream may be left. */
  readonly isDone: boolean;
}

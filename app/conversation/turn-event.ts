import type { ReasoningProof } from './conversation.ts';
import type { WebSearchOutcome } from './web-search.ts';

/**
 * What happens while the assistant takes its turn. The events of one turn come in batches, one batch for each piece that
 * arrived from the network, so that a whole piece can be written on with one system call.
 *
 * Order: any mix of text, reasoning and tool events, then exactly one `end`. A stream that stops without `end` is broken.
 */
export type TurnEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /**
   * A stretch of reasoning is complete. A `signed` proof is for the text right before it, others stand for reasoning that
   * was not told. Nearly always one in a turn; of several, the last is the turn's, to be replayed with it.
   */
  | { readonly type: 'reasoning-proof'; readonly proof: ReasoningProof }
  /** `index` counts the tool calls of this turn from 0. */
  | { readonly type: 'tool-start'; readonly index: number; readonly id: string; readonly name: string }
  /** A fragment of the call's arguments, which are JSON text. */
  | { readonly type: 'tool-input'; readonly index: number; readonly json: string }
  /** The call's arguments are complete. A call that was cut never gets this. */
  | { readonly type: 'tool-end'; readonly index: number }
  /** The model searched the web, and goes on with what was found: nothing is left for the client to do. */
  | { readonly type: 'web-search'; readonly id: string; readonly query: string; readonly outcome: WebSearchOutcome }
  | EndEvent;

/** The events of one piece from the network. */
export type TurnBatch = readonly TurnEvent[];

export interface EndEvent {
  readonly type: 'end';
  readonly reason: EndReason;
  /** Which of the conversation's stop sequences ended the answer, with reason `stop`. */
  readonly stopSequence?: string;
  readonly usage: TurnUsage;
}

/**
 * `tools` means that the client is to run the calls and come back. `length` covers every answer that was cut, a tool call
 * cut in the middle of its arguments among them.
 */
export type EndReason = 'stop' | 'tools' | 'length' | 'filtered';

/** What Kiro reported about one turn. An absent member was not reported; nothing here is a guess. */
export interface TurnUsage {
  /** Credits charged for this turn. */
  readonly credits?: number;
  /** How full the model's context window is, in percent 0-100. */
  readonly contextPercent?: number;
  /** Size in tokens of the window that `contextPercent` is of, when the catalogue knows it. */
  readonly contextTokens?: number;
  /** The concrete model that answered, when the service named it (behind `auto`). */
  readonly model?: string;
  readonly tokens?: TurnTokens;
}

/** Token counts as the service reported them. */
export interface TurnTokens {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
}

import type { JsonObject } from './json.ts';

/** A tool as the request offers it. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonObject;
}

/** A tool result as the request carries it; json blocks are written as text. */
export interface TurnToolResult {
  readonly toolUseId: string;
  readonly text: string;
  readonly status: string;
}

/** One earlier turn. */
export type PastTurn =
  | { readonly role: 'user'; readonly text: string; readonly toolResults: readonly TurnToolResult[] }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolUses: readonly { readonly toolUseId: string; readonly name: string; readonly input: JsonObject }[];
    };

/** What the model is asked. */
export interface Turn {
  readonly model: string;
  /** The whole content of the current user message, a system prefix included. */
  readonly text: string;
  readonly toolResults: readonly TurnToolResult[];
  readonly tools: readonly OfferedTool[];
  readonly history: readonly PastTurn[];
  readonly accountId: string;
  readonly conversationId: string | null;
  readonly imageCount: number;
  /** True when reasoning was asked for (protocol §9.1). */
  readonly isThinking: boolean;
}

/** A tool call of an answer. Without an id it gets one of the form `tooluse_…`. */
export interface AnswerToolCall {
  readonly name: string;
  readonly input: JsonObject;
  readonly toolUseId?: string;
}

/** What the model says. */
export interface Answer {
  readonly reasoning?: string;
  /** A string is cut into fragments; an array is sent as it is, one event each. */
  readonly text?: string | readonly string[];
  readonly toolCalls?: readonly AnswerToolCall[];
  /** Overrides END_TURN / TOOL_USE; `null` leaves the metadataEvent out. */
  readonly stopReason?: string | null;
  /** The last tool call ends in the middle of its JSON, without `stop`, with MAX_TOKENS (protocol §5.4). */
  readonly truncateToolCall?: boolean;
  /** Credits to meter instead of the computed ones. */
  readonly credits?: number;
  readonly contextUsagePercentage?: number;
  /** The reasoning signature to send instead of a valid one, e.g. '' (protocol §9.3). */
  readonly signature?: string;
}

/** A turn → its answer. */
export type Brain = (turn: Turn) => Answer;

/**
 * The neutral form between any client API and Kiro: a client API parses its request into a `Conversation`, Kiro's
 * answer comes back as `TurnEvent`s (turn-event.ts). Nothing here knows OpenAI, Anthropic or Kiro.
 */

import type { WebSearch } from './web-search.ts';

/** One request for one turn of the assistant, already checked: everything in it may be trusted. */
export interface Conversation {
  /** The model as the client named it; aliases are resolved by the catalogue. */
  readonly model: string;
  /** All leading system and developer text, joined by blank lines; empty when there is none. */
  readonly system: string;
  /** In the client's order. Roles need not alternate: joining neighbours is a rule of Kiro, not of a conversation. */
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** The client runs one tool call after the other: more than one in an answer is not wanted. */
  readonly oneCallAtATime?: true;
  /** The model may search the web; what it searches for is looked up for it, and not by the client. */
  readonly webSearch?: WebSearch;
  readonly responseFormat: ResponseFormat;
  /** Sequences that end the answer, themselves not part of it; cut locally since Kiro has no such parameter. */
  readonly stop: readonly string[];
  readonly effort?: ReasoningEffort;
  /** Upper bound of the answer, in tokens. */
  readonly maxOutputTokens?: number;
}

export type Turn = UserTurn | AssistantTurn;

export interface UserTurn {
  readonly role: 'user';
  readonly parts: readonly UserPart[];
}

export type UserPart = TextPart | ImagePart | DocumentPart | ToolResultPart;

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart {
  readonly type: 'image';
  readonly format: ImageFormat;
  /** The picture's bytes in standard base64. */
  readonly base64: string;
}

/** A document for the model to read. */
export interface DocumentPart {
  readonly type: 'document';
  readonly format: 'pdf';
  /** What the user calls it; may be empty. */
  readonly name: string;
  /** The file's bytes in standard base64. */
  readonly base64: string;
}

export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp';

/** What a tool the client ran gave back for one call of an earlier assistant turn. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly text: string;
  readonly images: readonly ImagePart[];
  readonly isError: boolean;
}

export interface AssistantTurn {
  readonly role: 'assistant';
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** What must be replayed verbatim with this turn; see reasoning-memory.ts for where it comes from. */
  readonly reasoning?: ReasoningProof;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

/** A tool the client offers. `inputSchema` is JSON Schema as the client wrote it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string };

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | { readonly type: 'json-schema'; readonly name: string; readonly schema: JsonObject };

/** `none` asks for no reasoning at all. */
export type ReasoningEffort = 'none' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/**
 * Proof that a model reasoned, to be sent back unchanged with the turn it belongs to (protocol §9.3):
 * `signed` is text with its signature, `opaque` a blob without text, `redacted` base64 that only the service reads.
 */
export type ReasoningProof =
  | { readonly type: 'signed'; readonly text: string; readonly signature: string }
  | { readonly type: 'opaque'; readonly signature: string }
  | { readonly type: 'redacted'; readonly data: string };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

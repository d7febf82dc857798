import type { Conversation } from './conversation.ts';
import type { WholeTurn } from './gathered-turn.ts';
import type { TokenCounts } from './token-estimate.ts';
import type { TurnError } from './turn-error.ts';
import type { TurnEvent } from './turn-event.ts';

/**
 * One API that clients speak, as a translator between their form and the neutral one. It only translates: reading bodies,
 * choosing accounts, filters, the client's pace, signs of life and the history are the proxy's, once for all APIs.
 */
export interface ClientApi extends ErrorForm {
  /**
   * Checks a request's body and says how it is to be answered.
   * @param body as JSON.parse gave it
   * @throws {TurnError} `invalid-request` and others of the client's own
   */
  parse(body: unknown): ClientRequest;
}

/** How an API's clients are told what went wrong, and which request it was. */
export interface ErrorForm {
  /** Headers of every answer, beside those that all APIs have. */
  headers(requestId: string): Readonly<Record<string, string>>;
  /** The answer to a request that could not be served. */
  refuse(error: TurnError, requestId: string): ErrorAnswer;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON. */
  readonly body: object;
}

/** A checked request, and the way in which its answer is to be written. */
export interface ClientRequest {
  readonly conversation: Conversation;
  /** Whether the answer is to be streamed: then `stream` writes it, else `answer`. */
  readonly isStreamed: boolean;
  /** What keeps a session's requests together, as the body tells; a session's header goes first. */
  readonly sessionHint?: string;
  /** What was asked for and left out, in words for the person behind the client; sent in a header. */
  readonly warnings?: readonly string[];
  /** Begins the streamed answer. */
  stream(context: AnswerContext): TurnWriter;
  /** The whole answer, to be sent as JSON. */
  answer(turn: WholeTurn, context: AnswerContext): object;
}

export interface AnswerContext {
  /** 32 hex digits, unique, to make the answer's id of. */
  readonly id: string;
  /** As the client knows the request by its headers. */
  readonly requestId: string;
  /** When the answer begins, in ms since 1970. */
  readonly at: number;
}

/**
 * Writes one turn as an API's server-sent events. What opens a stream goes out with the first text, whether that is a batch,
 * a sign of life or an error.
 */
export interface TurnWriter {
  /** Returns the text to send for a batch, to be written at once; empty when it holds nothing for the client. */
  write(batch: readonly TurnEvent[]): string;
  /** Returns what tells a client that waits that there is still somebody here, in the way that this API's clients bear. */
  signOfLife(): string;
  /** Returns what tells the client that the answer broke off; its connection is destroyed after it. */
  error(error: TurnError): string;
  /** What the turn used, once it has ended. */
  readonly tokens: TokenCounts | undefined;
}

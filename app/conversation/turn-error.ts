import { plainLine } from './plain-line.ts';
import { withoutTokens } from './redact.ts';

/**
 * A request that could not be served, in words for the person behind the client. Each client API maps the code to its own
 * status and error object; the message is shown as it is, so it says what is wrong and what to do, and holds no secret: what
 * looks like one is taken out, and what could steer a terminal, since words of Kiro's may be part of it.
 */
export class TurnError extends Error {
  override readonly name = 'TurnError';
  readonly code: TurnErrorCode;
  /** The request's member that is at fault, as a path such as `messages[2].content`. */
  readonly param: string | undefined;
  /** When another try may succeed, in ms from now. */
  readonly retryAfterMs: number | undefined;
  /** Of a request that is too long: its tokens, by estimate, and how many the model takes. */
  readonly size: { readonly tokens: number; readonly limit: number } | undefined;

  constructor(
    code: TurnErrorCode,
    message: string,
    more: { param?: string; retryAfterMs?: number; size?: TurnError['size'] | undefined; cause?: unknown } = {},
  ) {
    super(plainLine(withoutTokens(message)), { cause: more.cause });
    this.code = code;
    this.param = more.param;
    this.retryAfterMs = more.retryAfterMs;
    this.size = more.size;
  }
}

export type TurnErrorCode =
  // the client's own: never tried again as they are
  | 'invalid-request'
  | 'wrong-key'
  | 'forbidden'
  | 'route-not-found'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'model-not-found'
  /** An earlier answer that is not kept, or no longer. */
  | 'response-not-found'
  | 'context-overflow'
  /** Kiro refused the request's shape: a bug of ours or something it does not support. */
  | 'refused'
  // the pool's: another time may do
  | 'no-account'
  | 'all-exhausted'
  | 'all-cooling'
  | 'model-overloaded'
  /** Kiro warned about this account; the request is not moved to another one (DESIGN promise 2). */
  | 'account-parked'
  // the upstream's
  | 'upstream-unreachable'
  | 'upstream-failed'
  | 'empty-answer'
  /** The answer broke off after its first part had reached the client. */
  | 'broken-stream'
  /** The model did not keep to the requested `response_format`. */
  | 'format-not-met'
  /** The user has paused the endpoint. */
  | 'paused'
  | 'shutting-down'
  | 'internal';

import * as v from 'valibot';
import { plainLine } from '../conversation/plain-line.ts';
import { withoutTokens } from '../conversation/redact.ts';

/**
 * What an answer of Kiro that is no answer means (protocol §7). The class says what the pool does; status, reason and
 * message are Kiro's own.
 */
export class KiroError extends Error {
  override readonly name = 'KiroError';
  readonly class: KiroErrorClass;
  readonly status: number | undefined;
  /** Kiro's machine-readable reason, such as `MONTHLY_REQUEST_COUNT`. */
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** Kiro's `x-amzn-requestid`, for its support and our log. */
  readonly requestId: string | undefined;

  constructor(errorClass: KiroErrorClass, message: string, more: KiroErrorDetails = {}) {
    // Kiro, or a gateway before it, may quote what it was sent; messages end up in states, the history, terminals and screens.
    super(plainLine(withoutTokens(message)), { cause: more.cause });
    this.class = errorClass;
    this.status = more.status;
    this.reason = more.reason;
    this.retryAfterMs = more.retryAfterMs;
    this.requestId = more.requestId;
  }
}

export interface KiroErrorDetails {
  readonly status?: number | undefined;
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

export type KiroErrorClass =
  /** The access token ended, or the wrong `TokenType` came with it: refresh once. */
  | 'token-invalid'
  /** No subscription, no profile or the wrong region. */
  | 'not-authorized'
  | 'profile-required'
  /** Kiro locked the account; only a person may go on. */
  | 'suspended'
  /** This operation or parameter is not for this plan; nothing is wrong with the account. */
  | 'feature-not-supported'
  /** The edge blocked this machine's address: nothing to do with a login. */
  | 'edge-blocked'
  | 'quota-monthly'
  | 'quota-daily'
  | 'quota-overage'
  | 'conversation-limit'
  | 'rate-limited'
  | 'model-overloaded'
  | 'model-unavailable'
  | 'context-overflow'
  | 'reasoning-signature'
  /** Our request was wrong, never the account. */
  | 'bad-request'
  /** The host does not serve this binding or operation: another host may. */
  | 'wrong-host'
  | 'transient'
  /** No answer: name not found, refused, reset, too slow. */
  | 'network'
  /** The answer began and broke: bad bytes, a frame cut in half, an exception in the middle. */
  | 'broken-stream'
  /** 200 without any content. */
  | 'empty-answer';

/** What an HTTP error answer consists of, as far as it matters. */
export interface ErrorAnswer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

/** Turns an HTTP error of any of Kiro's hosts into a typed error (protocol §7.1 to §7.3). */
export function errorFromAnswer(answer: ErrorAnswer, now: number): KiroError {
  const body = parseBody(answer.text);
  const type = body.type ?? shortType(answer.header('x-amzn-errortype'));
  const isHtml = body.message === undefined && /^\s*</.test(answer.text);
  return new KiroError(
    classify({ ...body, status: answer.status, type, isHtml }),
    body.message ?? `HTTP ${answer.status}`,
    {
      status: answer.status,
      reason: body.reason,
      retryAfterMs: body.retryAfterMs ?? parseRetryAfter(answer.header('retry-after'), now),
      requestId: answer.header('x-amzn-requestid'),
    },
  );
}

/** Turns an exception or error frame inside a stream into a typed error (protocol §5.3, §5.7). */
export function errorFromFrame(type: string, payload: string, errorMessage?: string): KiroError {
  const body = parseBody(payload);
  const message = body.message ?? errorMessage ?? type;
  const errorClass = classify({ ...body, status: statusOf(type), type, isHtml: false, message });
  return new KiroError(errorClass, message, { reason: body.reason, retryAfterMs: body.retryAfterMs });
}

interface Signal {
  readonly status: number;
  readonly type?: string | undefined;
  readonly isHtml: boolean;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
}

/** By reason, where there is one: statuses alone mislead (protocol §0.3 fact 11). */
const classByReason: ReadonlyMap<string, KiroErrorClass> = new Map(
  Object.entries({
    TEMPORARILY_SUSPENDED: 'suspended',
    FEATURE_NOT_SUPPORTED: 'feature-not-supported',
    UNAUTHORIZED_CUSTOMIZATION_RESOURCE_ACCESS: 'feature-not-supported',
    UNAUTHORIZED_WORKSPACE_CONTEXT_FEATURE_ACCESS: 'feature-not-supported',
    // A key of the account's own organisation is out of order: not the request's fault, and another account has another one.
    CUSTOMER_KMS_KEY_DISABLED: 'feature-not-supported',
    CUSTOMER_KMS_KEY_INVALID_KEY_POLICY: 'feature-not-supported',
    MISMATCHED_KMS_KEY: 'feature-not-supported',
    INVALID_KMS_GRANT: 'feature-not-supported',
    MONTHLY_REQUEST_COUNT: 'quota-monthly',
    DAILY_REQUEST_COUNT: 'quota-daily',
    OVERAGE_REQUEST_LIMIT_EXCEEDED: 'quota-overage',
    CONVERSATION_LIMIT_EXCEEDED: 'conversation-limit',
    INSUFFICIENT_MODEL_CAPACITY: 'model-overloaded',
    MODEL_TEMPORARILY_UNAVAILABLE: 'transient',
    CONTENT_LENGTH_EXCEEDS_THRESHOLD: 'context-overflow',
    PROMPT_TOO_LONG: 'context-overflow',
    INVALID_MODEL_ID: 'model-unavailable',
    THINKING_SIGNATURE_INVALID: 'reasoning-signature',
  } as const satisfies Record<string, KiroErrorClass>),
);

function classify(signal: Signal): KiroErrorClass {
  const byReason = signal.reason === undefined ? undefined : classByReason.get(signal.reason);
  if (byReason) return byReason;
  const message = signal.message?.toLowerCase() ?? '';
  if (signal.type === 'UnknownOperationException') return 'wrong-host';
  // AWS JSON 1.0 answers 400 for any client error and tells them apart by type alone.
  const status = signal.status === 400 ? (statusByException.get(signal.type ?? '') ?? 400) : signal.status;
  switch (status) {
    case 400:
      return classifyBadRequest(message);
    case 401:
      return 'token-invalid';
    case 402:
      return 'quota-monthly';
    case 403:
      return classifyForbidden(signal, message);
    case 404:
    case 405:
      return 'wrong-host';
    case 408:
      return 'transient';
    case 413:
      return 'context-overflow';
    case 423:
      return 'suspended';
    case 429:
      return message.includes('high volume of traffic') ? 'model-overloaded' : 'rate-limited';
    case 503:
      // Some back ends dress a bad request up as 503 (protocol §7.3); retrying it starts a storm (trap 2).
      return message.includes('validationexception') ? 'bad-request' : 'transient';
    default:
      // A redirect is not Kiro's: something between us and it spoke, such as the sign-in page of a network.
      return status >= 500 || status < 400 ? 'transient' : 'bad-request';
  }
}

function classifyBadRequest(message: string): KiroErrorClass {
  if (message.includes('input is too long') || message.includes('context limit')) return 'context-overflow';
  if (message.includes('profilearn') && message.includes('required')) return 'profile-required';
  if (message.includes('the provided credential is invalid')) return 'wrong-host';
  if (message.includes('unknown operation') || message.includes('unknownoperation')) return 'wrong-host';
  if (message.includes('unsupported endpoint') || message.includes('invalid signature')) return 'wrong-host';
  if (message.includes('invalid token') || message.includes('bearer token') || message.includes('security token')) {
    return 'token-invalid';
  }
  if (message.includes('invalid model')) return 'model-unavailable';
  return 'bad-request';
}

function classifyForbidden(signal: Signal, message: string): KiroErrorClass {
  if (signal.isHtml) return 'edge-blocked';
  if (message.includes('suspended') || message.includes('suspicious activity')) return 'suspended';
  if (message.includes('bearer token') || message.includes('invalid token') || message.includes('token has expired')) {
    return 'token-invalid';
  }
  if (message.includes('security token')) return 'token-invalid';
  if (message.includes('unknown operation') || message.includes('unsupported endpoint')) return 'wrong-host';
  if (message.includes('invalid signature')) return 'wrong-host';
  if (signal.type === 'ExpiredTokenException') return 'token-invalid';
  return 'not-authorized';
}

/** The HTTP status that an exception has outside of a stream (protocol §7.2). */
const statusByException: ReadonlyMap<string, number> = new Map([
  ['ThrottlingException', 429],
  ['ValidationException', 400],
  ['AccessDeniedException', 403],
  ['ServiceQuotaExceededException', 402],
  ['ServiceUnavailableException', 503],
  ['ResourceNotFoundException', 404],
  ['ConflictException', 409],
  ['InternalServerException', 500],
]);

function statusOf(exceptionType: string): number {
  return statusByException.get(shortType(exceptionType) ?? '') ?? 500;
}

/** Every name that Kiro's hosts use for the same two things (protocol §7.1). */
const errorBody = v.looseObject({
  message: v.optional(v.unknown()),
  Message: v.optional(v.unknown()),
  reason: v.optional(v.unknown()),
  __type: v.optional(v.unknown()),
  retryAfterMilliseconds: v.optional(v.unknown()),
});

interface ErrorBody {
  readonly message: string | undefined;
  readonly reason: string | undefined;
  readonly type: string | undefined;
  readonly retryAfterMs: number | undefined;
}

function parseBody(text: string): ErrorBody {
  const parsed = v.safeParse(errorBody, parseJson(text));
  if (!parsed.success) return { message: undefined, reason: undefined, type: undefined, retryAfterMs: undefined };
  const { message, Message, reason, __type, retryAfterMilliseconds } = parsed.output;
  const reasonText = stringOf(reason);
  return {
    message: stringOf(message) ?? stringOf(Message),
    // The service also writes the word: {"reason":"null"} (protocol §7.1).
    reason: reasonText === 'null' || reasonText === '' ? undefined : reasonText,
    type: shortType(stringOf(__type)),
    retryAfterMs: typeof retryAfterMilliseconds === 'number' ? Math.max(0, retryAfterMilliseconds) : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `com.amazon.aws.codewhisperer#ThrottlingException:http://…` → `ThrottlingException`. */
function shortType(type: string | undefined): string | undefined {
  return type?.split(':')[0]?.split('#').at(-1);
}

/** Seconds or an HTTP date, in ms from now. */
function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

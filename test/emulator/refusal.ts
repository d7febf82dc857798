/** How a request is turned down: the HTTP answer, and which rule of ours said so. */
export interface RefusalSpec {
  readonly rule: string;
  readonly status: number;
  readonly body: object | string;
  readonly reason?: string | null | undefined;
  readonly detail?: string | undefined;
  readonly errorType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly contentType?: string | undefined;
}

/** Thrown by any handler to answer with an error. */
export class Refusal extends Error {
  readonly spec: RefusalSpec;

  constructor(spec: RefusalSpec) {
    super(`${spec.rule}: ${spec.detail ?? JSON.stringify(spec.body)}`);
    this.name = 'Refusal';
    this.spec = spec;
  }
}

/** The error shape of the data and control planes (protocol §7.1). */
export function serviceRefusal(error: {
  readonly rule: string;
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
  readonly reason?: string | null | undefined;
  readonly detail?: string | undefined;
}): Refusal {
  const { message, reason = null } = error;
  return new Refusal({ ...error, reason, body: { message, reason } });
}

/** 400 with the words for a malformed request, unless others are given (protocol §4.11). */
export function badRequest(
  rule: string,
  detail: string,
  reason: string | null = 'REQUEST_BODY_INVALID',
  message = 'Improperly formed request.',
): Refusal {
  return serviceRefusal({ rule, status: 400, errorType: 'ValidationException', message, reason, detail });
}

/** 403 for a token that is expired, unknown or of the wrong TokenType (protocol §2.7, §7.3). */
export function invalidBearer(rule: string, isManagement: boolean, detail: string): Refusal {
  const message = isManagement ? 'Invalid token' : 'The bearer token included in the request is invalid.';
  return serviceRefusal({ rule, status: 403, errorType: 'AccessDeniedException', message, detail });
}

/** 403 for a call without, or with somebody else's, profile (protocol §4.4, §7.3). */
export function notAuthorized(rule: string, detail: string): Refusal {
  const message = 'User is not authorized to make this call.';
  return serviceRefusal({ rule, status: 403, errorType: 'AccessDeniedException', message, detail });
}

/** 404 for an operation that this host or binding does not have (protocol §7.3). */
export function unknownOperation(rule: string, detail: string): Refusal {
  return new Refusal({
    rule,
    status: 404,
    body: { message: 'UnknownOperationException' },
    errorType: 'UnknownOperationException',
    detail,
  });
}

/** An OAuth error body, as the OIDC and external IdP endpoints answer (protocol §2.4). */
export function oauthRefusal(rule: string, error: string, description: string, status = 400): Refusal {
  return new Refusal({
    rule,
    status,
    body: { error, error_description: description },
    reason: error,
    detail: description,
  });
}

/** The social service's error body (protocol §2.4). */
export function socialRefusal(rule: string, status: number, message: string): Refusal {
  return new Refusal({ rule, status, body: { message }, detail: message });
}

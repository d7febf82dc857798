import type { Fault } from './faults.ts';

const service = (status: number, errorType: string, message: string, reason: string | null = null): Fault => ({
  kind: 'http',
  status,
  errorType,
  body: { message, reason },
});
const invalid = (reason: string, message = 'Improperly formed request.'): Fault =>
  service(400, 'ValidationException', message, reason);
const oauth = (error: string, description: string, status = 400): Fault => ({
  kind: 'http',
  status,
  body: { error, error_description: description },
});
const SUSPENDED = 'Your User ID (d-1234567890) temporarily is suspended. We detected unusual user activity.';
const BUSY = 'Encountered unexpectedly high load when processing the request, please try again.';

/** Every error answer of protocol §7.2, §7.3 and §2.4 under a name, ready for `inject`. */
export const faults = {
  // Access (403), protocol §7.3
  invalidBearer: service(403, 'AccessDeniedException', 'The bearer token included in the request is invalid.'),
  invalidManagementToken: service(403, 'AccessDeniedException', 'Invalid token'),
  notAuthorized: service(403, 'AccessDeniedException', 'User is not authorized to make this call.'),
  suspended: service(403, 'AccessDeniedException', SUSPENDED, 'TEMPORARILY_SUSPENDED'),
  featureNotSupported: service(
    403,
    'AccessDeniedException',
    'User is not authorized to access this feature.',
    'FEATURE_NOT_SUPPORTED',
  ),
  customizationDenied: service(
    403,
    'AccessDeniedException',
    'Access denied.',
    'UNAUTHORIZED_CUSTOMIZATION_RESOURCE_ACCESS',
  ),
  workspaceDenied: service(
    403,
    'AccessDeniedException',
    'Access denied.',
    'UNAUTHORIZED_WORKSPACE_CONTEXT_FEATURE_ACCESS',
  ),
  edgeBlock: { kind: 'html-block' },
  // Quota (402)
  monthlyQuota: service(402, 'ServiceQuotaExceededException', 'You have reached the limit.', 'MONTHLY_REQUEST_COUNT'),
  overageQuota: service(
    402,
    'ServiceQuotaExceededException',
    'Overage limit reached.',
    'OVERAGE_REQUEST_LIMIT_EXCEEDED',
  ),
  conversationLimit: service(
    402,
    'ServiceQuotaExceededException',
    'Conversation limit exceeded.',
    'CONVERSATION_LIMIT_EXCEEDED',
  ),
  // Throttling (429)
  rateLimit: service(429, 'ThrottlingException', 'Too many requests, please wait before trying again.'),
  rateLimitRetryAfter: {
    kind: 'http',
    status: 429,
    errorType: 'ThrottlingException',
    body: {
      message: 'Too many requests, please wait before trying again.',
      reason: null,
      retryAfterMilliseconds: 2000,
    },
    headers: { 'retry-after': '2' },
  },
  modelCapacity: service(429, 'ThrottlingException', 'The selected model is busy.', 'INSUFFICIENT_MODEL_CAPACITY'),
  throttledMonthly: service(429, 'ThrottlingException', 'Monthly limit.', 'MONTHLY_REQUEST_COUNT'),
  throttledDaily: service(429, 'ThrottlingException', 'Daily limit.', 'DAILY_REQUEST_COUNT'),
  // Transient (5xx)
  highLoad: service(500, 'InternalServerException', BUSY, 'MODEL_TEMPORARILY_UNAVAILABLE'),
  internalError: service(500, 'InternalServerException', 'Encountered an unexpected error'),
  unavailable: service(503, 'ServiceUnavailableException', 'Service unavailable.'),
  disguisedBadRequest: service(
    503,
    'ServiceUnavailableException',
    'ValidationException: messages.3: tool_use ids were found without tool_result blocks',
  ),
  badGateway: { kind: 'http', status: 502, body: '<html><h1>502 Bad Gateway</h1></html>', contentType: 'text/html' },
  gatewayTimeout: {
    kind: 'http',
    status: 504,
    body: '<html><h1>504 Gateway Timeout</h1></html>',
    contentType: 'text/html',
  },
  // Bad requests (400) and the rest of protocol §7.2
  bodyInvalid: invalid('REQUEST_BODY_INVALID'),
  bodyInvalidNullReason: invalid('null'),
  bodyInvalidJson: invalid('REQUEST_BODY_INVALID_JSON'),
  contextOverflow: invalid('CONTENT_LENGTH_EXCEEDS_THRESHOLD', 'Input is too long.'),
  promptTooLong: invalid('PROMPT_TOO_LONG', 'Prompt is too long.'),
  contextLimit413: { kind: 'http', status: 413, body: { message: 'Context limit reached.' } },
  invalidModel: invalid('INVALID_MODEL_ID', 'Invalid model ID.'),
  invalidConversation: invalid('INVALID_CONVERSATION_ID', 'Invalid conversation ID.'),
  invalidSignature: invalid('THINKING_SIGNATURE_INVALID', 'Invalid signature.'),
  toolConfigMissing: invalid('TOOL_CONFIG_MISSING'),
  toolDuplicate: invalid('TOOL_DUPLICATE'),
  toolSchemaInvalid: invalid('TOOL_SCHEMA_INVALID'),
  toolResultMismatch: invalid('TOOL_USE_RESULT_MISMATCH'),
  invalidKmsGrant: invalid('INVALID_KMS_GRANT', 'Invalid grant.'),
  imageCount: invalid('IMAGE_COUNT_EXCEEDED'),
  imageDimension: invalid('IMAGE_DIMENSION_EXCEEDED'),
  imageFormat: invalid('IMAGE_FORMAT_UNSUPPORTED'),
  imageMime: invalid('IMAGE_MIME_MISMATCH'),
  imageSize: invalid('IMAGE_SIZE_EXCEEDED'),
  documentCount: invalid('DOCUMENT_COUNT_EXCEEDED'),
  documentName: invalid('DOCUMENT_DUPLICATE_NAME'),
  documentPages: invalid('DOCUMENT_MAXIMUM_PAGES_EXCEEDED'),
  documentModel: invalid('DOCUMENT_MODEL_NOT_SUPPORTED'),
  documentPassword: invalid('DOCUMENT_PASSWORD_PROTECTED'),
  documentSize: invalid('DOCUMENT_SIZE_EXCEEDED'),
  profileRequired: {
    kind: 'http',
    status: 400,
    errorType: 'ValidationException',
    body: {
      __type: 'com.amazon.aws.codewhisperer#ValidationException',
      message: 'profileArn is required for this request.',
    },
  },
  credentialInvalid: {
    kind: 'http',
    status: 400,
    errorType: 'ValidationException',
    body: {
      __type: 'com.amazon.aws.codewhisperer#ValidationException',
      message: 'The provided credential is invalid.',
    },
  },
  unknownOperation: { kind: 'http', status: 404, body: { message: 'UnknownOperationException' } },
  resourceNotFound: service(404, 'ResourceNotFoundException', 'Resource not found.'),
  methodNotAllowed: { kind: 'http', status: 405, body: { message: 'Method not allowed' } },
  kmsDisabled: service(409, 'ConflictException', 'Key disabled.', 'CUSTOMER_KMS_KEY_DISABLED'),
  kmsPolicy: service(409, 'ConflictException', 'Key policy.', 'CUSTOMER_KMS_KEY_INVALID_KEY_POLICY'),
  kmsMismatch: service(409, 'ConflictException', 'Key mismatch.', 'MISMATCHED_KMS_KEY'),
  unauthorized401: { kind: 'http', status: 401, body: { message: 'Unauthorized' } },
  locked423: { kind: 'http', status: 423, body: { message: 'Account locked' } },
  // Refresh, protocol §2.4
  refreshInvalidGrant: oauth('invalid_grant', 'Invalid refresh token provided'),
  refreshInvalidGrantException: {
    kind: 'http',
    status: 400,
    errorType: 'InvalidGrantException',
    body: { error: 'invalid_grant', error_description: 'Invalid grant provided' },
  },
  refreshSocialInvalid: { kind: 'http', status: 400, body: { message: 'Invalid refresh token provided' } },
  refreshInvalidRequest: oauth('invalid_request', 'Invalid request'),
  refreshExpiredToken: oauth('expired_token', 'Token has expired'),
  refreshInvalidClient: oauth('invalid_client', 'Client is expired'),
  refreshInvalidClient401: oauth('invalid_client', 'Invalid client provided', 401),
  refreshBadCredentials: { kind: 'http', status: 401, body: { message: 'Bad credentials' } },
  refreshDisabled: { kind: 'http', status: 403, body: { message: 'Account disabled' } },
  refreshThrottled: { kind: 'http', status: 429, body: { message: 'Too Many Requests' } },
  refreshServerError: { kind: 'http', status: 500, body: { error: 'server_error' } },
  refreshWithoutToken: { kind: 'http', status: 200, body: { token_type: 'Bearer' } },
  responseLost: { kind: 'response-lost' },
  // Streams, protocol §5.7
  throttledFirst: {
    kind: 'exception-frame',
    exception: 'ThrottlingException',
    body: { message: 'Too many requests', reason: null },
  },
  throttledMidStream: {
    kind: 'exception-frame',
    exception: 'ThrottlingException',
    body: { message: 'Too many requests', reason: null },
    afterEvents: 2,
  },
  internalErrorFirst: {
    kind: 'exception-frame',
    exception: 'InternalServerException',
    body: { message: 'Encountered an unexpected error' },
  },
  internalErrorMidStream: {
    kind: 'exception-frame',
    exception: 'InternalServerException',
    body: { message: 'Encountered an unexpected error' },
    afterEvents: 2,
  },
  validationFirst: {
    kind: 'exception-frame',
    exception: 'ValidationException',
    body: { message: 'Input is too long.', reason: 'CONTENT_LENGTH_EXCEEDS_THRESHOLD' },
  },
  resetBeforeAnswer: { kind: 'reset' },
  resetMidStream: { kind: 'reset', afterEvents: 2 },
  truncated: { kind: 'truncate', afterEvents: 2 },
  truncatedMidFrame: { kind: 'truncate', afterEvents: 2, midFrame: true },
  badCrc: { kind: 'bad-crc', atEvent: 2 },
  stallBeforeAnswer: { kind: 'stall' },
  stallMidStream: { kind: 'stall', afterEvents: 2 },
  slow: { kind: 'slow', ms: 50 },
  emptyAnswer: { kind: 'empty' },
  giantFrame: { kind: 'giant-frame', afterEvents: 1 },
  noMetadata: { kind: 'no-metadata' },
} satisfies Record<string, Fault>;

/** A fault by name; `undefined` for a name that the table lacks. */
export function namedFault(name: string): Fault | undefined {
  const entry = Object.entries(faults).find(([known]) => known === name);
  return entry?.[1];
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorFromAnswer, errorFromFrame, type KiroError } from '../../app/kiro/kiro-error.ts';
import { list, record } from './rules.ts';

const now = Date.parse('2026-11-23T12:00:00Z');

function errorOf(status: number, text: string, headers: Record<string, string> = {}): KiroError {
  return errorFromAnswer({ status, text, header: (name) => headers[name] }, now);
}
const classOf = (status: number, body: unknown, headers?: Record<string, string>): string =>
  errorOf(status, JSON.stringify(body), headers).class;

/** The classes of the fixture, which is older than ours and coarser. */
const ours: Record<string, readonly string[]> = {
  token_expired: ['token-invalid'],
  needs_profile: ['not-authorized', 'profile-required'],
  suspended: ['suspended'],
  feature: ['feature-not-supported'],
  quota: ['quota-monthly', 'quota-overage'],
  rate_limit: ['rate-limited'],
  model_capacity: ['model-overloaded'],
  transient: ['transient'],
  bad_request: ['bad-request'],
  context_overflow: ['context-overflow'],
  model_not_available: ['model-unavailable'],
  reasoning_signature: ['reasoning-signature'],
  wrong_operation_or_host: ['wrong-host'],
  endpoint_fallback: ['wrong-host'],
  edge_block: ['edge-blocked'],
};

const rows = list(JSON.parse(readFileSync(new URL('../fixtures/errors.json', import.meta.url), 'utf8'))).map(record);

describe('every recorded error', () => {
  it.each(rows)('$status $class $body', (row) => {
    const text = typeof row['body_text'] === 'string' ? row['body_text'] : JSON.stringify(row['body']);
    const error = errorOf(Number(row['status']), text, {
      'x-amzn-requestid': 'r-1',
      'x-amzn-errortype': `${String(row['errortype'])}:`,
    });
    expect(ours[String(row['class'])]).toContain(error.class);
    expect(error.requestId).toBe('r-1');
    expect(error.status).toBe(row['status']);
    const body = record(row['body'] ?? {});
    expect(error.reason).toBe(body['reason'] === null || body['reason'] === 'null' ? undefined : body['reason']);
    expect(error.message).toBe(body['message'] ?? `HTTP ${error.status}`);
  });
});

describe('every modelled reason (protocol §7.2)', () => {
  const reasons: Record<number, Record<string, string>> = {
    403: {
      FEATURE_NOT_SUPPORTED: 'feature-not-supported',
      TEMPORARILY_SUSPENDED: 'suspended',
      UNAUTHORIZED_CUSTOMIZATION_RESOURCE_ACCESS: 'feature-not-supported',
      UNAUTHORIZED_WORKSPACE_CONTEXT_FEATURE_ACCESS: 'feature-not-supported',
    },
    409: {
      CUSTOMER_KMS_KEY_DISABLED: 'feature-not-supported',
      CUSTOMER_KMS_KEY_INVALID_KEY_POLICY: 'feature-not-supported',
      MISMATCHED_KMS_KEY: 'feature-not-supported',
    },
    500: { MODEL_TEMPORARILY_UNAVAILABLE: 'transient' },
    402: {
      CONVERSATION_LIMIT_EXCEEDED: 'conversation-limit',
      MONTHLY_REQUEST_COUNT: 'quota-monthly',
      OVERAGE_REQUEST_LIMIT_EXCEEDED: 'quota-overage',
    },
    429: {
      DAILY_REQUEST_COUNT: 'quota-daily',
      INSUFFICIENT_MODEL_CAPACITY: 'model-overloaded',
      MONTHLY_REQUEST_COUNT: 'quota-monthly',
    },
    400: {
      CONTENT_LENGTH_EXCEEDS_THRESHOLD: 'context-overflow',
      PROMPT_TOO_LONG: 'context-overflow',
      INVALID_MODEL_ID: 'model-unavailable',
      INVALID_KMS_GRANT: 'feature-not-supported',
      THINKING_SIGNATURE_INVALID: 'reasoning-signature',
      ...Object.fromEntries(
        [
          'INVALID_CONVERSATION_ID',
          'REQUEST_BODY_INVALID',
          'REQUEST_BODY_INVALID_JSON',
          'TOOL_CONFIG_MISSING',
          'TOOL_DUPLICATE',
          'TOOL_SCHEMA_INVALID',
          'TOOL_USE_RESULT_MISMATCH',
          'IMAGE_COUNT_EXCEEDED',
          'IMAGE_DIMENSION_EXCEEDED',
          'IMAGE_FORMAT_UNSUPPORTED',
          'IMAGE_MIME_MISMATCH',
          'IMAGE_SIZE_EXCEEDED',
          'DOCUMENT_COUNT_EXCEEDED',
          'DOCUMENT_SIZE_EXCEEDED',
          'constructor',
          '__proto__',
          'toString',
        ].map((reason) => [reason, 'bad-request']),
      ),
    },
  };
  const cases = Object.entries(reasons).flatMap(([status, table]) =>
    Object.entries(table).map(([reason, wanted]) => [Number(status), reason, wanted] as const),
  );
  it.each(cases)('%i %s is %s', (status, reason, wanted) => {
    expect(classOf(status, { message: 'm', reason })).toBe(wanted);
  });
});

describe('what a status and its words mean (protocol §7.3)', () => {
  it.each<[number, unknown, string]>([
    [400, { message: 'Invalid token' }, 'token-invalid'],
    [403, { message: 'Invalid token' }, 'token-invalid'],
    [401, { message: 'x' }, 'token-invalid'],
    [403, { __type: 'com.amazon#ExpiredTokenException' }, 'token-invalid'],
    [
      400,
      {
        __type: 'com.amazon.coral#UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      },
      'token-invalid',
    ],
    [403, { message: 'We noticed suspicious activity.' }, 'suspended'],
    [423, { message: 'Account locked' }, 'suspended'],
    [402, {}, 'quota-monthly'],
    [429, { message: 'We are seeing a high volume of traffic.' }, 'model-overloaded'],
    [429, { message: 'Too many requests', reason: null }, 'rate-limited'],
    [503, { message: 'x' }, 'transient'],
    [503, { message: 'ValidationException: messages.3: tool_use ids' }, 'bad-request'],
    [500, { message: 'x' }, 'transient'],
    [502, '<html>', 'transient'],
    [504, '', 'transient'],
    [404, { message: 'x' }, 'wrong-host'],
    [405, { message: 'x' }, 'wrong-host'],
    [408, {}, 'transient'],
    [302, '', 'transient'],
    [400, { message: 'Input is too long.' }, 'context-overflow'],
    [400, { message: 'profileArn is required.' }, 'profile-required'],
    [400, { __type: 'com.amazon.coral.service#UnknownOperationException' }, 'wrong-host'],
    [403, { message: 'Invalid signature' }, 'wrong-host'],
    // AWS JSON 1.0: the type says what the status does not.
    [400, { __type: 'com.amazon.aws.codewhisperer#ThrottlingException', message: 'm' }, 'rate-limited'],
    [400, { __type: 'x#ServiceQuotaExceededException', message: 'm' }, 'quota-monthly'],
    [
      400,
      { __type: 'x#AccessDeniedException', message: 'User is not authorized to make this call.' },
      'not-authorized',
    ],
    [400, { __type: 'x#constructor', message: 'm' }, 'bad-request'],
  ])('%i %o is %s', (status, body, wanted) => {
    expect(classOf(status, body)).toBe(wanted);
  });

  it('the type may come in the header', () => {
    expect(classOf(400, { message: 'm' }, { 'x-amzn-errortype': 'ThrottlingException:http://x' })).toBe('rate-limited');
  });
});

describe('bodies that are not what they should be', () => {
  it.each(['', 'null', '[]', '5', '"text"', '{', '\u0000', '{"message":{"a":1},"reason":5}'])(
    '%j of a 500 is transient',
    (text) => {
      const error = errorOf(500, text);
      expect([error.class, error.message, error.reason]).toEqual(['transient', 'HTTP 500', undefined]);
    },
  );

  it('`Message` is a message too', () => {
    expect(errorOf(400, '{"Message":"Hi"}').message).toBe('Hi');
  });

  it('HTML that forbids is the edge, whatever is before the tag', () => {
    expect(errorOf(403, ' \n<!DOCTYPE html>').class).toBe('edge-blocked');
    expect(errorOf(403, '').class).toBe('not-authorized');
  });
});

describe('when to come back', () => {
  it.each<[unknown, string | undefined, number | undefined]>([
    [{ retryAfterMilliseconds: 1500 }, '9', 1500],
    [{ retryAfterMilliseconds: -5 }, undefined, 0],
    [{ retryAfterMilliseconds: 'soon' }, '9', 9000],
    [{}, '2', 2000],
    [{}, '-2', 0],
    [{}, '', undefined],
    [{}, 'Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    [{}, 'Mon, 23 Nov 2026 11:00:00 GMT', 0],
    [{}, 'whenever', undefined],
    [{}, undefined, undefined],
  ])('%o with the header %s is %s ms', (body, header, wanted) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    expect(errorOf(429, JSON.stringify(body), headers).retryAfterMs).toBe(wanted);
  });
});

it('an error frame tells by its code and message', () => {
  const error = errorFromFrame('InternalServerException', '', 'Something broke');
  expect([error.class, error.message, error.status]).toEqual(['transient', 'Something broke', undefined]);
});

import { describe, expect, it } from 'vitest';
import { event, exception } from './frames.ts';
import { classOf, end, eventsOf, lastOf, read, stopped, text, tool } from './turn-frames.ts';

describe('end of turn (protocol §5.6)', () => {
  it.each([
    ['END_TURN', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['PAUSE_TURN', 'length'],
    ['CONTENT_FILTERED', 'filtered'],
    ['GUARDRAIL_INTERVENED', 'filtered'],
    ['SOMETHING_NEW', 'stop'],
    ['constructor', 'stop'],
  ])('%s is %s', (reason, wanted) => {
    expect(lastOf(text('a'), stopped(reason))).toEqual(end(wanted));
  });

  it('Kiro’s word goes before the shape of the answer', () => {
    expect(lastOf(tool('a', { input: '{}', stop: true }), stopped('MAX_TOKENS'))).toEqual(end('length'));
    expect(lastOf(tool('a', { input: '{}', stop: true }), stopped('END_TURN'))).toEqual(end('tools'));
    expect(lastOf(tool('a', { input: '{}', stop: true }), stopped('TOOL_USE'))).toEqual(end('tools'));
  });

  it.each([
    ['MODEL_CONTEXT_WINDOW_EXCEEDED', 'context-overflow'],
    ['MALFORMED_TOOL_USE', 'broken-stream'],
    ['MALFORMED_MODEL_OUTPUT', 'broken-stream'],
    ['TOOL_USE', 'broken-stream'],
  ])('%s without a call is the error %s', (reason, wanted) => {
    expect(classOf(text('a'), stopped(reason))).toBe(wanted);
  });

  it('nothing at all is an empty answer, unless Kiro says that it cut or kept it back', () => {
    expect(classOf()).toBe('empty-answer');
    expect(classOf(text(''), stopped('END_TURN'))).toBe('empty-answer');
    expect(eventsOf(stopped('CONTENT_FILTERED'))).toEqual([end('filtered')]);
    expect(eventsOf(stopped('MAX_TOKENS'))).toEqual([end('length')]);
  });
});

describe('events of the stream (protocol §5.3)', () => {
  it('the copy before a code reference is dropped, and only that', () => {
    const reference = event('codeReferenceEvent', { references: [] });
    const texts = (...frames: Uint8Array[]): string[] =>
      eventsOf(...frames).flatMap((one) => (one.type === 'text' ? [one.text] : []));
    expect(texts(text('x'), text('x'), reference, text('y'))).toEqual(['x', 'y']);
    expect(texts(text('x'), text('x'), text('y'))).toEqual(['x', 'x', 'y']);
    expect(texts(text('x'), text('x'), text('x'), reference)).toEqual(['x', 'x']);
    expect(texts(text('x'), text('x'))).toEqual(['x', 'x']);
    expect(texts(text('x'), reference, text('x'))).toEqual(['x', 'x']);
    expect(texts(text('x'), tool('a', { stop: true }), text('x'), reference)).toEqual(['x', 'x']);
  });

  it.each([
    'brandNewEvent',
    'messageStopEvent',
    'metricsEvent',
    'initial-response',
    'followupPromptEvent',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '',
  ])('the unknown event "%s" is passed over', (type) => {
    expect(eventsOf(text('a'), event(type, { type: 'text', text: 'no' }), event(type, 'not an object'))).toEqual([
      { type: 'text', text: 'a' },
      end('stop'),
    ]);
  });

  it('figures that are missing or odd never break an answer', () => {
    const odd = [
      event('meteringEvent', {}),
      event('contextUsageEvent', { contextUsagePercentage: 'x' }),
      event('metadataEvent', { tokenUsage: {}, stopReason: null }),
    ];
    expect(eventsOf(text('a'), ...odd)).toEqual([{ type: 'text', text: 'a' }, end('stop')]);
    expect(eventsOf(event('assistantResponseEvent', { modelId: 'm' }), text('a')).at(-1)).toEqual(
      end('stop', { model: 'm' }),
    );
  });

  it('credits of several metering events add up', () => {
    expect(lastOf(text('a'), event('meteringEvent', { usage: 0.25 }), event('meteringEvent', { usage: 0.5 }))).toEqual(
      end('stop', { credits: 0.75 }),
    );
  });

  it.each([
    ['content that is no text', event('assistantResponseEvent', { content: { secret: 1 } })],
    ['a tool without id', event('toolUseEvent', { name: 'secret' })],
    ['a list for a payload', event('assistantResponseEvent', ['secret'])],
    ['an invalid state', event('invalidStateEvent', { reason: 'INVALID_TASK_ASSIST_PLAN', message: 'Invalid.' })],
  ])('%s is a broken stream, whose message tells nothing of the content', (_name, frame) => {
    const { error } = read([frame]);
    expect(error?.class).toBe('broken-stream');
    expect(error?.message).not.toContain('secret');
  });

  it.each([
    ['ThrottlingException', { message: 'Too many requests', reason: null }, 'rate-limited'],
    ['ThrottlingException', { message: 'm', reason: 'INSUFFICIENT_MODEL_CAPACITY' }, 'model-overloaded'],
    ['InternalServerException', { message: 'm' }, 'transient'],
    ['ValidationException', { message: 'm', reason: 'CONTENT_LENGTH_EXCEEDS_THRESHOLD' }, 'context-overflow'],
    ['AccessDeniedException', { message: 'm', reason: 'TEMPORARILY_SUSPENDED' }, 'suspended'],
    ['ServiceQuotaExceededException', { message: 'm', reason: 'MONTHLY_REQUEST_COUNT' }, 'quota-monthly'],
    ['ConflictException', { message: 'm' }, 'bad-request'],
    ['BrandNewException', { message: 'm' }, 'transient'],
    ['constructor', { reason: '__proto__' }, 'transient'],
  ])('the exception %s %o is %s, first or after text', (type, payload, wanted) => {
    expect(classOf(exception(type, payload))).toBe(wanted);
    const { events, error } = read([text('par'), exception(type, payload)]);
    expect(events).toEqual([{ type: 'text', text: 'par' }]);
    expect(error?.class).toBe(wanted);
  });
});

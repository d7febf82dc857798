import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TurnError } from '../../../app/conversation/turn-error.ts';
import { anyTurn, batchesOf, call, end, reasoning, text, turns } from '../../conversation/samples.ts';
import { answerOf, allAsked, writer } from './answering.ts';
import { oddTurn } from './odd-turns.ts';
import { eventsOf, readStream } from './stream-grammar.ts';

describe('the stream of a turn is as recorded', () => {
  test.each(Object.entries(turns))('%s', async (name, events) => {
    const sse = writer({ tools: [], ...allAsked }).write(events);
    await expect(sse).toMatchFileSnapshot(`golden/${name}.sse.txt`);
  });
});

const forms = [{}, { reasoning: { summary: 'auto' } }, { include: ['reasoning.encrypted_content'] }, allAsked];

const anyForm = fc.constantFrom(...forms);

describe('for any turn', () => {
  test('the stream keeps to the grammar, and its response holds what its items said', () => {
    fc.assert(
      fc.property(fc.oneof(anyTurn, oddTurn), anyForm, (events, form) => {
        expect(readStream(writer(form).write(events)).status).toMatch(/^(?:completed|incomplete)$/);
      }),
      // Lines of a stream end with a line feed, and not at what else ends lines of text.
      { numRuns: 1_000, examples: [[[text('\u2028\u2029\u0085'), end('stop')], {}]] },
    );
  });

  test('batches do not change the stream', () => {
    fc.assert(
      fc.property(oddTurn, fc.array(fc.nat()), (events, cuts) => {
        const one = writer(allAsked);
        const sse = batchesOf(events, cuts).map((batch) => one.write(batch));
        expect(sse.join('')).toBe(writer(allAsked).write(events));
      }),
    );
  });

  test('its last response is the answer that a client without streams gets', () => {
    fc.assert(
      fc.property(anyTurn, anyForm, (events, form) => {
        const { usage: _streamed, ...response } = readStream(writer(form).write(events));
        expect(answerOf(events, form)).toMatchObject(response);
      }),
    );
  });

  test('an error at any place ends it as failed, with the items that were done', () => {
    fc.assert(
      fc.property(oddTurn, fc.nat(), (events, cut) => {
        const one = writer(allAsked);
        const begun = one.write(events.slice(0, cut % events.length));
        const response = readStream(begun + one.error(new TurnError('broken-stream', 'It broke off.')));
        expect(response).toMatchObject({
          status: 'failed',
          error: { code: 'server_error', message: 'It broke off.' },
        });
        expect(one.write([end('stop')])).toBe('');
      }),
    );
  });
});

test('a stream that lacks any of its events is found out', () => {
  const sse = writer(allAsked).write([reasoning('Hm.'), text('I look.'), ...call(0, 'read', '{}'), end('tools')]);
  const blocks = sse.split(/(?<=\n\n)/);
  expect(blocks.length).toBeGreaterThan(15);
  const refused = /^event \d+: |has no end$/;
  for (const missing of blocks.keys()) {
    const others = blocks.filter((_, index) => index !== missing);
    expect(() => readStream(others.join(''))).toThrow(refused);
    const renumbered = others.map((block, index) =>
      block.replace(/"sequence_number":\d+/, `"sequence_number":${index}`),
    );
    expect(() => readStream(renumbered.join(''))).toThrow(refused);
  }
});

test('an error before anything else is a whole stream too', () => {
  const response = readStream(writer().error(new TurnError('all-cooling', 'Later.')));
  expect(response).toMatchObject({ status: 'failed', output: [], error: { code: 'rate_limit_exceeded' } });
});

test('an overflow is told in the word that makes Codex compact', () => {
  const response = readStream(writer().error(new TurnError('context-overflow', 'Too long.')));
  expect(response.error?.code).toBe('context_length_exceeded');
});

test('an account that was locked is told in a word at which Codex gives up', () => {
  const response = readStream(writer().error(new TurnError('account-parked', 'Locked.')));
  expect(response.error).toEqual({ code: 'invalid_prompt', message: 'Locked.' });
});

test('a call that was cut is never done, and the response is incomplete', () => {
  const cut = call(1, 'patch', '{"input":"*** Begin').slice(0, -1);
  for (const reason of ['length', 'tools', 'stop'] as const) {
    const sse = writer().write([...call(0, 'read', '{}'), ...cut, end(reason)]);
    const response = readStream(sse);
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(response.output.map((item) => item.type)).toEqual(['function_call']);
    expect(sse).not.toContain('*** Begin');
  }
});

test('a custom tool is called with the text that the model put into its arguments', () => {
  const sse = writer().write([...call(0, 'patch', '{"in', 'put":"*** Begin\\nä"}'), end('tools')]);
  expect(readStream(sse).output).toMatchObject([
    { type: 'custom_tool_call', name: 'patch', call_id: 'tooluse_0', input: '*** Begin\nä' },
  ]);
  expect(eventsOf(sse).map(({ type, delta }) => [type, delta])).toContainEqual([
    'response.custom_tool_call_input.delta',
    '*** Begin\nä',
  ]);
});

test.each([
  ['{"patch":"by another name"}', 'by another name'],
  ['{"a":"one","b":"two"}', '{"a":"one","b":"two"}'],
  ['"bare"', '"bare"'],
  ['{}', ''],
])('a custom tool whose arguments are %s is called with %s', (json, input) => {
  expect(readStream(writer().write([...call(0, 'patch', json), end('tools')])).output).toMatchObject([{ input }]);
});

test('a tool of a namespace is called by its own name and its namespace', () => {
  expect(readStream(writer().write([...call(0, 'multi__go', '{}'), end('tools')])).output).toMatchObject([
    { type: 'function_call', namespace: 'multi', name: 'go' },
  ]);
});

test('reasoning is told only to a client that asked for it', () => {
  const events = [reasoning('Hm.'), text('Yes.'), end('stop')];
  expect(writer().write(events)).not.toContain('Hm.');
  expect(readStream(writer(allAsked).write(events)).output[0]).toMatchObject({
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    encrypted_content: null,
  });
});

test('an answer that was cut says so, and which part of it', () => {
  for (const [reason, why] of [
    ['length', 'max_output_tokens'],
    ['filtered', 'content_filter'],
  ] as const) {
    const response = readStream(writer().write([text('I can'), end(reason)]));
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: why }, completed_at: null });
    expect(response.output).toMatchObject([{ status: 'incomplete' }]);
  }
});

test('a sign of life is a comment', () => {
  expect(writer().signOfLife()).toMatch(/^:[^\n]*\n\n$/);
});

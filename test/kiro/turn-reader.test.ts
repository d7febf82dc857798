import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, event, streamBytes, streamNames } from './frames.ts';
import { end, ended, eventsOf, input, lastOf, read, reasoning, start, stopped, text, tool } from './turn-frames.ts';

describe('each recorded stream becomes its turn', () => {
  const wanted: Record<string, object[] | string> = {
    stream_text: [
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo 👋' },
      end('stop', { credits: 0.0421, contextPercent: 2.0695, contextTokens: 200_000, model: 'claude-haiku-4.5' }),
    ],
    stream_no_metadata: [{ type: 'text', text: 'short answer' }, end('stop')],
    stream_unknown_event: [{ type: 'text', text: 'fine' }, end('stop')],
    stream_token_usage: [
      { type: 'text', text: 'ok' },
      end('stop', { tokens: { input: 4200, output: 2, cachedInput: 3000 } }),
    ],
    stream_tool_call: [
      { type: 'text', text: 'Reading.' },
      start(0, 'tooluse_A1', 'read_file'),
      input(0, '{"pa'),
      input(0, 'th":"notes.txt"}'),
      ended(0),
      start(1, 'tooluse_A2', 'list_dir'),
      ended(1),
      end('tools', { credits: 0.11, contextPercent: 3.5 }),
    ],
    stream_tool_truncated: [
      start(0, 'tooluse_A1', 'write_file'),
      input(0, '{"path":"a.txt","text":"lorem'),
      end('length'),
    ],
    stream_reasoning_claude: [
      { type: 'reasoning', text: 'Need to ' },
      { type: 'reasoning', text: 'add.' },
      { type: 'reasoning-proof', proof: { type: 'signed', text: 'Need to add.', signature: 'EXAMPLE-SIGNATURE==' } },
      { type: 'text', text: '4' },
      end('stop', { credits: 0.39, contextPercent: 0.42 }),
    ],
    stream_reasoning_gpt: [
      { type: 'text', text: 'Done.' },
      { type: 'reasoning-proof', proof: { type: 'opaque', signature: '.KTR~~exampleOpaqueBlob~~' } },
      end('stop', { contextPercent: 1.9 }),
    ],
    stream_empty: 'empty-answer',
    stream_internal_error_first: 'transient',
    stream_throttled_midstream: 'rate-limited',
    stream_bad_crc: 'broken-stream',
    stream_partial_frame: 'broken-stream',
  };

  it.each(streamNames)('%s, in any pieces', (name) => {
    const bytes = streamBytes(name);
    for (const size of [bytes.length, 1, 7, 100]) {
      const { events, error } = read(cut(bytes, [size]));
      expect(error?.class ?? events).toEqual(wanted[name]);
    }
  });
});

describe('tool calls (protocol §5.4)', () => {
  it('arguments as an object, whole', () => {
    expect(eventsOf(tool('a', { input: { x: [1, { y: null }] } }), tool('a', { stop: true })).slice(0, 3)).toEqual([
      start(0, 'a'),
      input(0, '{"x":[1,{"y":null}]}'),
      ended(0),
    ]);
  });

  it.each([
    ['missing', {}],
    ['null', { input: null }],
    ['an empty object', { input: {} }],
    ['empty', { input: '' }],
  ])('arguments that are %s, with a stop, are complete', (_name, more) => {
    expect(eventsOf(tool('a', more), tool('a', { stop: true }))).toEqual([start(0, 'a'), ended(0), end('tools')]);
  });

  it('a missing stop is forgiven when the arguments are complete, and a cut when they are not', () => {
    expect(lastOf(tool('a', { input: '{"x":1}' }))).toEqual(end('tools'));
    expect(eventsOf(tool('a', { input: '{"x":' }))).toEqual([start(0, 'a'), input(0, '{"x":'), end('length')]);
    expect(lastOf(tool('a'))).toEqual(end('length'));
    expect(lastOf(tool('a', { input: '[1]' }))).toEqual(end('length'));
  });

  it('a stop after broken arguments does not make them whole', () => {
    expect(eventsOf(tool('a', { input: '{"x"' }), tool('a', { stop: true }))).not.toContainEqual(ended(0));
    expect(lastOf(tool('a', { input: '{"x"' }), tool('a', { stop: true }))).toEqual(end('length'));
  });

  it('a new id before the stop ends the call before it', () => {
    expect(eventsOf(tool('a', { input: '{}' }), tool('b', { input: '{}' }), tool('b', { stop: true }))).toEqual([
      start(0, 'a'),
      input(0, '{}'),
      ended(0),
      start(1, 'b'),
      input(1, '{}'),
      ended(1),
      end('tools'),
    ]);
    expect(lastOf(tool('a', { input: '{' }), tool('b', { input: '{}', stop: true }))).toEqual(end('length'));
  });

  it('a fragment after the stop is no call of its own', () => {
    expect(eventsOf(tool('a', { stop: true }), tool('a', { input: '{"late":1}' }))).toEqual([
      start(0, 'a'),
      ended(0),
      end('tools'),
    ]);
  });

  it('many calls keep their order and their indexes', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `id${index}`);
    const events = eventsOf(...ids.map((id) => tool(id, { input: '{}', stop: true })));
    expect(events.filter(({ type }) => type === 'tool-start')).toEqual(ids.map((id, index) => start(index, id)));
  });

  it('a shortened name comes back as the client wrote it, and a prototype name is a name', () => {
    expect(eventsOf(tool('a', { name: 'short_1', stop: true }))[0]).toEqual(start(0, 'a', 'long name'));
    expect(eventsOf(tool('__proto__', { name: 'constructor', stop: true }))[0]).toEqual(
      start(0, '__proto__', 'constructor'),
    );
  });
});

describe('reasoning (protocol §9)', () => {
  it('the proof is for the text since the last signature', () => {
    const events = eventsOf(
      reasoning({ text: 'one' }),
      reasoning({ signature: 'S1' }),
      text('a'),
      reasoning({ text: 'two', signature: 'S2' }),
    );
    expect(events.slice(0, -1)).toEqual([
      { type: 'reasoning', text: 'one' },
      { type: 'reasoning-proof', proof: { type: 'signed', text: 'one', signature: 'S1' } },
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: 'two' },
      { type: 'reasoning-proof', proof: { type: 'signed', text: 'two', signature: 'S2' } },
    ]);
  });

  it('a signature with no text of its own does not replace signed text', () => {
    const events = eventsOf(reasoning({ text: 'one', signature: 'S1' }), reasoning({ signature: 'S1' }), text('a'));
    expect(events.filter(({ type }) => type === 'reasoning-proof')).toEqual([
      { type: 'reasoning-proof', proof: { type: 'signed', text: 'one', signature: 'S1' } },
    ]);
  });

  it('redacted content is kept as it came', () => {
    expect(eventsOf(text('a'), reasoning({ redactedContent: 'QUJD' })).at(-2)).toEqual({
      type: 'reasoning-proof',
      proof: { type: 'redacted', data: 'QUJD' },
    });
  });

  it('an empty signature is no proof', () => {
    expect(eventsOf(reasoning({ text: 'x' }), reasoning({ signature: '' }), text('a'))).not.toContainEqual(
      expect.objectContaining({ type: 'reasoning-proof' }),
    );
  });

  it('comes even when nobody asked, in the middle of text', () => {
    expect(eventsOf(text('a'), reasoning({ text: 'r' }), text('b')).map(({ type }) => type)).toEqual([
      'text',
      'reasoning',
      'text',
      'end',
    ]);
  });
});

describe('a character that two fragments share stays whole', () => {
  const [high, low] = ['\ud83d', '\udc4b'];

  it('in text, with a tool call or reasoning in between', () => {
    const said = (...frames: Uint8Array[]): string[] =>
      eventsOf(...frames).flatMap((one) => (one.type === 'text' ? [one.text] : []));
    expect(said(text(`a${high}`), text(`${low}b`))).toEqual(['a', '👋b']);
    expect(said(text(high), text(low))).toEqual(['👋']);
    expect(said(text(high), text(''), reasoning({ text: 'r' }), text(low))).toEqual(['👋']);
    expect(said(text(high), text('x'))).toEqual(['\ufffdx']);
    expect(said(text(`a${high}`))).toEqual(['a', '\ufffd']);
    expect(said(text(high), text(high), text(low))).toEqual(['\ufffd', '👋']);
  });

  it('in reasoning, whose proof is the text as it was signed', () => {
    const events = eventsOf(
      reasoning({ text: `r${high}` }),
      reasoning({ text: low }),
      reasoning({ signature: 'S' }),
      text('a'),
    );
    expect(events.slice(0, 2)).toEqual([
      { type: 'reasoning', text: 'r' },
      { type: 'reasoning', text: '👋' },
    ]);
    expect(events[2]).toMatchObject({ proof: { text: 'r👋' } });
  });

  it('in the arguments of a tool', () => {
    const events = eventsOf(
      tool('a', { input: `{"x":"${high}` }),
      tool('a', { input: `${low}"}` }),
      tool('a', { stop: true }),
    );
    expect(events.slice(1, 4)).toEqual([input(0, '{"x":"'), input(0, '👋"}'), ended(0)]);
  });
});

const anyFrame = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((content) => text(content)),
  fc.constantFrom(text('same'), text('\ud83d'), text('\udc4b'), event('codeReferenceEvent', {}), event('newEvent', {})),
  fc.string().map((content) => reasoning({ text: content })),
  fc.constantFrom(reasoning({ signature: 'S' }), reasoning({ redactedContent: 'QQ==' })),
  fc
    .record({
      id: fc.constantFrom('a', 'b', 'c'),
      input: fc.constantFrom('{', '}', '{}', '"x":1', ''),
      stop: fc.boolean(),
    })
    .map(({ id, ...more }) => tool(id, more)),
  fc.constantFrom(stopped('MAX_TOKENS'), stopped('END_TURN'), event('meteringEvent', { usage: 1 })),
);

it('any stream, cut anywhere, gives the same events in the same order', () => {
  fc.assert(
    fc.property(
      fc.array(anyFrame, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
      (frames, sizes) => {
        const whole = read([Buffer.concat(frames)]);
        const pieces = read(cut(Buffer.concat(frames), sizes));
        // Of a stream that fails, what came in the piece that failed is dropped with it: it can still be asked again.
        expect(pieces.error?.class ?? pieces.events).toEqual(whole.error?.class ?? whole.events);
        const ends = pieces.events.filter(({ type }) => type === 'end').length;
        expect(ends).toBe(pieces.error ? 0 : 1);
        const texts = pieces.events.flatMap((one) => (one.type === 'text' ? [one.text] : []));
        expect(texts.filter((text) => /[\ud800-\udbff]$/.test(text))).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
});

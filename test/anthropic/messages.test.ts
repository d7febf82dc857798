import { describe, expect, test } from 'vitest';
import { parseMessagesRequest } from '../../app/anthropic/messages-request.ts';
import type { Turn } from '../../app/conversation/conversation.ts';

const hello = { role: 'user', content: 'hello' };
const pixel = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' };
const cached = { cache_control: { type: 'ephemeral', ttl: '1h' } };

function turnsOf(...messages: readonly unknown[]): readonly Turn[] {
  return parseMessagesRequest({ model: 'auto', max_tokens: 100, messages }).conversation.turns;
}

function user(...content: readonly unknown[]): unknown {
  return { role: 'user', content };
}

describe('what the user sends', () => {
  test('text, pictures and texts of documents keep their order', () => {
    const [turn] = turnsOf(
      user(
        { type: 'text', text: 'Look:' },
        { type: 'image', source: pixel, ...cached },
        {
          type: 'document',
          title: 'a.txt',
          context: 'mine',
          source: { type: 'text', media_type: 'text/plain', data: 'A' },
        },
        { type: 'document', source: { type: 'base64', media_type: 'text/plain', data: 'R3LDvMOfZQ==' } },
        { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'C' }] } },
        { type: 'search_result', source: 'https://a', title: 'T', content: [{ type: 'text', text: 'found' }] },
      ),
    );
    expect(turn).toEqual({
      role: 'user',
      parts: [
        { type: 'text', text: 'Look:' },
        { type: 'image', format: 'png', base64: pixel.data },
        { type: 'text', text: 'a.txt\nmine\nA' },
        { type: 'text', text: 'Grüße' },
        { type: 'text', text: 'C' },
        { type: 'text', text: 'T (https://a)\nfound' },
      ],
    });
  });

  test('a PDF goes on as it is, with its title for a name', () => {
    const document = { type: 'document', format: 'pdf', base64: pdf.data };
    expect(
      turnsOf(
        user(
          { type: 'document', source: pdf, title: 'Q3 report.pdf', context: 'from finance' },
          { type: 'document', source: pdf },
        ),
      ),
    ).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'from finance' },
          { ...document, name: 'Q3 report.pdf' },
          { ...document, name: '' },
        ],
      },
    ]);
  });

  test('a result: its texts a line each, its pictures, its documents behind it, whether it failed', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'image', source: pixel },
      { type: 'document', source: pdf },
      { type: 'tool_reference', tool_name: 'other' },
      { type: 'text', text: 'two' },
    ];
    expect(turnsOf(user({ type: 'tool_result', tool_use_id: 't', content, is_error: true }))).toEqual([
      {
        role: 'user',
        parts: [
          {
            type: 'tool-result',
            callId: 't',
            text: 'one\ntwo',
            images: [{ type: 'image', format: 'png', base64: pixel.data }],
            isError: true,
          },
          { type: 'document', format: 'pdf', name: '', base64: pdf.data },
        ],
      },
    ]);
  });

  test.each([
    ['none', {}],
    ['null', { content: null }],
    ['empty', { content: '' }],
    ['an empty list', { content: [] }],
  ])('a result without content: %s', (_, members) => {
    const [turn] = turnsOf(user({ type: 'tool_result', tool_use_id: 't', ...members }));
    expect(turn).toMatchObject({ parts: [{ type: 'tool-result', text: '', isError: false }] });
  });
});

describe('an earlier answer', () => {
  function answer(...content: readonly unknown[]): Turn | undefined {
    return turnsOf(hello, { role: 'assistant', content })[1];
  }
  const text = { type: 'text', text: 'Yes.', citations: null };

  test('is text, whether it comes as such or in blocks', () => {
    expect(turnsOf(hello, { role: 'assistant', content: 'Yes.' })[1]).toEqual(answer(text));
    expect(answer(text, { type: 'text', text: '' }, { type: 'text', text: 'No.' })).toMatchObject({
      text: 'Yes.\n\nNo.',
    });
  });

  test('has its reasoning replayed with the proof', () => {
    expect(answer({ type: 'thinking', thinking: 'Hm.', signature: 'S' }, text)).toMatchObject({
      reasoning: { type: 'signed', text: 'Hm.', signature: 'S' },
    });
    expect(answer({ type: 'redacted_thinking', data: 'AAAA' }, text)).toMatchObject({
      reasoning: { type: 'redacted', data: 'AAAA' },
    });
  });

  test.each([
    ['without its signature', { type: 'thinking', thinking: 'Hm.' }],
    ['with an empty signature', { type: 'thinking', thinking: 'Hm.', signature: '' }],
    ['whose text was omitted', { type: 'thinking', thinking: '', signature: 'S' }],
  ])('reasoning %s proves nothing', (_, thinking) => {
    expect(answer(thinking, text)).toEqual({ role: 'assistant', text: 'Yes.', toolCalls: [] });
  });

  test('may hold what another service did with its own tools', () => {
    expect(
      answer(
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_fetch', input: { url: 'a' } },
        { type: 'web_fetch_tool_result', tool_use_id: 'srvtoolu_1', content: {} },
        { type: 'a_kind_of_tomorrow' },
        text,
      ),
    ).toMatchObject({ text: 'Yes.' });
  });

  test('that searched the web is told with what was found, ours in full', () => {
    const found = (id: string) => {
      const page = {
        type: 'web_search_result',
        title: 'T',
        url: 'https://a',
        encrypted_content: 'VGV4dA==',
        page_age: '1 d',
      };
      return turnsOf(hello, {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'S' },
          { type: 'server_tool_use', id, name: 'web_search', input: { query: 'q' } },
          { type: 'web_search_tool_result', tool_use_id: id, content: [page] },
          text,
        ],
      }).slice(1);
    };
    expect(found('srvtoolu_tooluse_1')).toMatchObject([
      { role: 'assistant', toolCalls: [{ id: 'tooluse_1', name: 'web_search', input: { query: 'q' } }], reasoning: {} },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'tooluse_1', text: 'T\nhttps://a\n1 d\nText' }] },
      { role: 'assistant', text: 'Yes.', toolCalls: [] },
    ]);
    expect(found('srvtoolu_01')[1]).toMatchObject({ parts: [{ text: 'T\nhttps://a\n1 d\n' }] });
  });

  test('that says nothing is dropped', () => {
    expect(turnsOf(hello, { role: 'assistant', content: [] }, hello)).toHaveLength(2);
  });
});

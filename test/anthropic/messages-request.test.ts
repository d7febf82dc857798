import { describe, expect, test } from 'vitest';
import { parseMessagesRequest } from '../../app/anthropic/messages-request.ts';
import type { Conversation, Turn } from '../../app/conversation/conversation.ts';

const hello = { role: 'user', content: 'hello' };
const pixel = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' };
const cached = { cache_control: { type: 'ephemeral', ttl: '1h' } };

function parse(members: Readonly<Record<string, unknown>> = {}) {
  return parseMessagesRequest({ model: 'auto', max_tokens: 100, messages: [hello], ...members });
}

function conversationOf(members: Readonly<Record<string, unknown>>): Conversation {
  return parse(members).conversation;
}

function turnsOf(...messages: readonly unknown[]): readonly Turn[] {
  return conversationOf({ messages }).turns;
}

function user(...content: readonly unknown[]): unknown {
  return { role: 'user', content };
}

test('the least request', () => {
  expect(parse()).toEqual({
    conversation: {
      model: 'auto',
      system: '',
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
      tools: [],
      toolChoice: { type: 'auto' },
      responseFormat: { type: 'text' },
      stop: [],
      maxOutputTokens: 100,
    },
    stream: false,
    shownReasoning: 'nothing',
    warnings: [],
  });
});

test('a request as Claude Code sends it', () => {
  const { conversation, ...asked } = parse({
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1; cch=00000;' },
      { type: 'text', text: 'You are an agent.', ...cached },
      { type: 'text', text: 'Be brief.' },
    ],
    messages: [
      user({ type: 'text', text: 'Read a.txt', ...cached }),
      { role: 'system', content: [{ type: 'text', text: 'Today is Monday.', ...cached }] },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: { file_path: 'a.txt' } }],
      },
      user({ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Grüße', is_error: false, ...cached }),
    ],
    tools: [{ name: 'Read', description: 'Reads', input_schema: { type: 'object' }, defer_loading: true }],
    metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"5e55"}' },
    thinking: { type: 'adaptive', display: 'omitted' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    output_config: { effort: 'high' },
    betas: ['anything-at-all'],
  });
  expect(asked).toEqual({ stream: true, shownReasoning: 'proof', sessionHint: '5e55', warnings: [] });
  expect(conversation).toMatchObject({
    system: 'You are an agent.\n\nBe brief.',
    effort: 'high',
    maxOutputTokens: 32_000,
    tools: [{ name: 'Read', description: 'Reads', inputSchema: { type: 'object' } }],
    turns: [
      { role: 'user', parts: [{ text: 'Read a.txt' }] },
      { role: 'user', parts: [{ text: 'Today is Monday.' }] },
      { role: 'assistant', text: '', toolCalls: [{ id: 'toolu_1', name: 'Read', input: { file_path: 'a.txt' } }] },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'toolu_1', text: 'Grüße', images: [], isError: false }] },
    ],
  });
});

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

describe('tools', () => {
  test("the client's own", () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, $schema: 'x' };
    expect(
      conversationOf({
        tools: [
          { name: 'a', input_schema: schema, eager_input_streaming: true, ...cached },
          { type: 'custom', name: 'b', description: 'B', input_schema: {} },
        ],
      }).tools,
    ).toEqual([
      { name: 'a', description: '', inputSchema: schema },
      { name: 'b', description: 'B', inputSchema: {} },
    ]);
  });

  test("those of Anthropic's that the client runs are ordinary functions, the rest is left out and said so", () => {
    const { conversation, warnings } = parse({
      tools: [
        { type: 'bash_20250124', name: 'bash' },
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { type: 'text_editor_20250124', name: 'str_replace_editor' },
        { type: 'memory_20250818', name: 'memory' },
        { type: 'computer_20250124', name: 'computer', display_width_px: 1 },
        { type: 'code_execution_20250825', name: 'code_execution' },
        { type: 'mcp_toolset', mcp_server_name: 'a' },
        { type: '__proto___20250101', name: 'odd' },
      ],
    });
    expect(conversation.tools.map(({ name }) => name)).toEqual([
      'bash',
      'str_replace_based_edit_tool',
      'str_replace_editor',
      'memory',
    ]);
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toContain('computer_20250124');
  });

  test.each([
    [{ type: 'auto' }, { type: 'auto' }, undefined],
    [{ type: 'any' }, { type: 'required' }, undefined],
    [{ type: 'tool', name: 'a' }, { type: 'tool', name: 'a' }, undefined],
    [{ type: 'none' }, { type: 'none' }, undefined],
    [{ type: 'auto', disable_parallel_tool_use: true }, { type: 'auto' }, true],
    [{ type: 'any', disable_parallel_tool_use: false }, { type: 'required' }, undefined],
  ])('the choice %j', (tool_choice, toolChoice, oneCallAtATime) => {
    const conversation = conversationOf({ tools: [{ name: 'a', input_schema: {} }], tool_choice });
    expect(conversation.toolChoice).toEqual(toolChoice);
    expect(conversation.oneCallAtATime).toBe(oneCallAtATime);
  });
});

describe('effort, and how much of the reasoning is shown', () => {
  test.each([
    [{}, undefined, 'nothing'],
    [{ thinking: { type: 'disabled' } }, 'none', 'nothing'],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'max' } }, 'none', 'nothing'],
    [{ thinking: { type: 'adaptive' } }, undefined, 'whole'],
    [{ thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'low' } }, 'low', 'proof'],
    [{ thinking: { type: 'between_tools' } }, undefined, 'whole'],
    [{ thinking: { type: 'enabled', budget_tokens: 1_024 } }, 'low', 'whole'],
    [{ thinking: { type: 'enabled', budget_tokens: 10_000, display: 'summarized' } }, 'medium', 'whole'],
    [{ thinking: { type: 'enabled', budget_tokens: 31_999 } }, 'high', 'whole'],
    [{ thinking: { type: 'enabled', budget_tokens: 32_000 } }, 'high', 'whole'],
    [{ thinking: { type: 'enabled', budget_tokens: 60_000 } }, 'max', 'whole'],
    [{ thinking: { type: 'enabled', budget_tokens: 1_024 }, output_config: { effort: 'xhigh' } }, 'xhigh', 'whole'],
    [{ output_config: { effort: 'medium' } }, 'medium', 'nothing'],
  ])('%j', (members, effort, shown) => {
    const { conversation, shownReasoning } = parse(members);
    expect(conversation.effort).toBe(effort);
    expect(shownReasoning).toBe(shown);
  });
});

test('a search of the web, with its limits', () => {
  const search = { type: 'web_search_20260318', name: 'web_search' };
  expect(conversationOf({ tools: [{ ...search, max_uses: 3, allowed_domains: ['a.com'] }] })).toMatchObject({
    tools: [],
    webSearch: { maxUses: 3, allowedDomains: ['a.com'], blockedDomains: [] },
  });
  expect(conversationOf({ tools: [{ ...search, max_uses: 99 }], tool_choice: { type: 'any' } })).toMatchObject({
    toolChoice: { type: 'required' },
    webSearch: { maxUses: 8 },
  });
});

test.each(['output_config', 'output_format'])('a format, as %s', (member) => {
  const format = { type: 'json_schema', schema: { type: 'object' } };
  expect(conversationOf({ [member]: member === 'output_config' ? { format } : format }).responseFormat).toEqual({
    type: 'json-schema',
    name: 'output_config.format',
    schema: { type: 'object' },
  });
});

test('stop sequences', () => {
  expect(conversationOf({ stop_sequences: ['\n\nHuman:', 'END'] }).stop).toEqual(['\n\nHuman:', 'END']);
});

describe("the session that a user's id names", () => {
  test.each([
    ['{"session_id":"5e55"}', '5e55'],
    ['user_0a_account_1b_session_5e55-10', '5e55-10'],
    ['{"session_id":7}', '{"session_id":7}'],
    ['{no json', '{no json'],
    ['me', 'me'],
    ['', undefined],
  ])('%s', (user_id, hint) => {
    expect(parse({ metadata: { user_id } }).sessionHint).toBe(hint);
  });
});

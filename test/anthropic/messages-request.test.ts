import { describe, expect, test } from 'vitest';
import { parseMessagesRequest } from '../../app/anthropic/messages-request.ts';
import type { Conversation } from '../../app/conversation/conversation.ts';

const hello = { role: 'user', content: 'hello' };
const cached = { cache_control: { type: 'ephemeral', ttl: '1h' } };

function parse(members: Readonly<Record<string, unknown>> = {}) {
  return parseMessagesRequest({ model: 'auto', max_tokens: 100, messages: [hello], ...members });
}

function conversationOf(members: Readonly<Record<string, unknown>>): Conversation {
  return parse(members).conversation;
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
      { role: 'user', parts: [{ text: '<system-reminder>\nToday is Monday.\n</system-reminder>' }] },
      { role: 'assistant', text: '', toolCalls: [{ id: 'toolu_1', name: 'Read', input: { file_path: 'a.txt' } }] },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'toolu_1', text: 'Grüße', images: [], isError: false }] },
    ],
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

describe('a choice of what runs at Anthropic leaves it to the model', () => {
  const hosted = { type: 'code_execution_20250825', name: 'code_execution' };
  const own = { name: 'a', input_schema: {} };

  test.each([
    ['by its name', [own, hosted], { type: 'tool', name: 'code_execution' }, { type: 'auto' }],
    ['where there is nothing else', [hosted], { type: 'any' }, { type: 'auto' }],
    ['but not where something else can be called', [own, hosted], { type: 'any' }, { type: 'required' }],
    [
      'nor where the client has a tool of that name',
      [own, { ...hosted, name: 'a' }],
      { type: 'tool', name: 'a' },
      { type: 'tool', name: 'a' },
    ],
  ])('%s', (_, tools, tool_choice, toolChoice) => {
    const { conversation, warnings } = parse({ tools, tool_choice });
    expect(conversation.toolChoice).toEqual(toolChoice);
    expect(warnings).toHaveLength(1);
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

import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../../app/conversation/conversation.ts';
import { ResponseMemory } from '../../../app/openai/responses/response-memory.ts';
import { readStream } from './stream-grammar.ts';
import { end, reasoning, text } from '../../conversation/samples.ts';
import { picture } from '../../interop/picture.ts';
import { context, now, allAsked, requested } from './answering.ts';

function conversation(members: Readonly<Record<string, unknown>>): Conversation {
  return requested({ tools: [], ...members }).conversation;
}

function turnsOf(...input: readonly unknown[]): Conversation['turns'] {
  return conversation({ input }).turns;
}

const hello = { role: 'user', content: 'Hello' };
const helloTurn = { role: 'user', parts: [{ type: 'text', text: 'Hello' }] };

describe('input', () => {
  test('is a string, or messages with or without their type', () => {
    expect(conversation({ input: 'Hello' }).turns).toEqual([helloTurn]);
    expect(turnsOf(hello)).toEqual([helloTurn]);
    expect(turnsOf({ type: 'message', id: 'msg_client', ...hello })).toEqual([helloTurn]);
  });

  test('instructions come first, then developer and system messages', () => {
    const input = [{ role: 'developer', content: [{ type: 'input_text', text: 'Be kind.' }] }, hello];
    expect(conversation({ instructions: 'Be brief.', input })).toMatchObject({
      system: 'Be brief.\n\nBe kind.',
      turns: [helloTurn],
    });
    expect(conversation({ instructions: null, input }).system).toBe('Be kind.');
  });

  test('pictures and files come with the request', () => {
    const pdf = Buffer.from('%PDF-1.7').toString('base64');
    const parts = [
      { type: 'input_text', text: 'Look' },
      { type: 'input_image', image_url: picture, detail: 'high' },
      { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
      { type: 'input_file', filename: 'a.md', file_data: `data:text/markdown;base64,${btoa('# A')}` },
    ];
    expect(turnsOf({ role: 'user', content: parts })).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'Look' },
          { type: 'image', format: 'png', base64: expect.any(String) },
          { type: 'document', format: 'pdf', name: 'a.pdf', base64: pdf },
          { type: 'text', text: 'a.md\n# A' },
        ],
      },
    ]);
  });

  test('what the assistant said, called and thought in a row is one turn, and its results follow', () => {
    expect(
      turnsOf(
        hello,
        { type: 'reasoning', id: 'rs_1', summary: [], content: null },
        { role: 'assistant', content: [{ type: 'output_text', text: 'I look.', annotations: [] }] },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'read', arguments: '{"path":"a"}' },
        { type: 'function_call', call_id: 'call_2', name: 'go', namespace: 'multi', arguments: '' },
        { type: 'custom_tool_call', call_id: 'call_3', name: 'patch', input: '*** Begin' },
        { type: 'function_call_output', call_id: 'call_1', output: 'A' },
        { type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_image', image_url: picture }] },
        { type: 'custom_tool_call_output', call_id: 'call_3', output: [{ type: 'input_text', text: 'done' }] },
      ),
    ).toEqual([
      helloTurn,
      {
        role: 'assistant',
        text: 'I look.',
        toolCalls: [
          { id: 'call_1', name: 'read', input: { path: 'a' } },
          { id: 'call_2', name: 'multi__go', input: {} },
          { id: 'call_3', name: 'patch', input: { input: '*** Begin' } },
        ],
      },
      ...['call_1', 'call_2', 'call_3'].map((callId) => ({
        role: 'user',
        parts: [expect.objectContaining({ type: 'tool-result', callId })],
      })),
    ]);
  });

  test("calls of OpenAI's own tools that a client ran are kept, other strange items are not", () => {
    expect(
      turnsOf(
        hello,
        { type: 'local_shell_call', id: 'lsh_1', call_id: 'call_1', status: 'completed', action: { command: ['ls'] } },
        { type: 'local_shell_call_output', id: 'lsho_1', call_id: 'call_1', output: '{"stdout":""}' },
        { type: 'web_search_call', id: 'ws_1', status: 'completed' },
        { type: 'a_new_kind', secret: 1 },
      ),
    ).toEqual([
      helloTurn,
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'call_1', name: 'local_shell', input: { action: { command: ['ls'] } } }],
      },
      { role: 'user', parts: [expect.objectContaining({ callId: 'call_1', text: '{"stdout":""}' })] },
    ]);
  });
});

describe('reasoning that a client sends back', () => {
  const proof = { type: 'signed', text: 'Hm.', signature: 'c2ln' } as const;
  const events = [reasoning('Hm.'), { type: 'reasoning-proof', proof } as const, text('Yes.'), end('stop')];
  const { output } = readStream(requested(allAsked).stream(context).write(events));

  test('is the proof that Kiro gave', () => {
    expect(turnsOf(hello, ...output, hello)[1]).toEqual({
      role: 'assistant',
      text: 'Yes.',
      toolCalls: [],
      reasoning: proof,
    });
  });

  test.each([
    ["another model's", output, { model: 'claude-sonnet-5' }],
    ["another service's", [{ type: 'reasoning', encrypted_content: 'gAAAAABo' }, output[1]], {}],
    ['damaged', [{ type: 'reasoning', encrypted_content: 'kiro-pool-1.e30' }, output[1]], {}],
  ])('is left out when it is %s', (_whose, items, members) => {
    const { turns } = conversation({ input: [hello, ...items, hello], ...members });
    expect(turns[1]).toEqual({ role: 'assistant', text: 'Yes.', toolCalls: [] });
  });
});

describe('tools', () => {
  test('that run at OpenAI are left out, with a warning', () => {
    const { conversation, warnings } = requested({
      tools: [
        { type: 'file_search' },
        { type: 'image_generation', output_format: 'png' },
        { type: 'function', name: 'a' },
      ],
      tool_choice: { type: 'file_search' },
    });
    expect(conversation.tools).toEqual([
      { name: 'a', description: '', inputSchema: { type: 'object', properties: {} } },
    ]);
    expect(conversation.toolChoice).toEqual({ type: 'auto' });
    expect(warnings?.join(' ')).toMatch(/file_search .*image_generation/);
  });

  test("of the web's search are Kiro's own, unless the client allows others only", () => {
    const filters = { allowed_domains: ['example.com'] };
    for (const type of ['web_search', 'web_search_preview_2025_03_11']) {
      const { conversation, warnings } = requested({ tools: [{ type, filters }], tool_choice: 'required' });
      expect(conversation).toMatchObject({ tools: [], toolChoice: { type: 'required' } });
      expect(conversation.webSearch).toEqual({ maxUses: 8, allowedDomains: ['example.com'], blockedDomains: [] });
      expect(warnings).toEqual([]);
    }
    const tools = [{ type: 'web_search' }, { type: 'function', name: 'read' }];
    const allow = (...allowed: readonly object[]) =>
      requested({ tools, tool_choice: { type: 'allowed_tools', mode: 'auto', tools: allowed } }).conversation;
    expect(allow({ type: 'function', name: 'read' }).webSearch).toBeUndefined();
    expect(allow({ type: 'web_search' })).toMatchObject({ tools: [], webSearch: expect.any(Object) });
  });

  test('of a namespace have a name that no other has, custom ones take one text', () => {
    expect(requested().conversation.tools).toEqual([
      expect.objectContaining({ name: 'read' }),
      {
        name: 'patch',
        description: 'Changes files',
        inputSchema: {
          type: 'object',
          properties: { input: { type: 'string', description: 'Any text.' } },
          required: ['input'],
        },
      },
      { name: 'multi__go', description: 'Agents', inputSchema: { type: 'object', properties: {} } },
    ]);
  });

  test('a grammar is asked for in words', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
    const [tool] = conversation({ tools: [{ type: 'custom', name: 'a', format }] }).tools;
    expect(JSON.stringify(tool?.inputSchema)).toContain(JSON.stringify('(lark):\nstart: "a"').slice(1, -1));
  });

  test.each([
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', name: 'read' },
      { type: 'tool', name: 'read' },
    ],
    [
      { type: 'custom', name: 'patch' },
      { type: 'tool', name: 'patch' },
    ],
  ])('tool_choice %j', (tool_choice, toolChoice) => {
    expect(requested({ tool_choice }).conversation.toolChoice).toEqual(toolChoice);
  });

  test('allowed_tools narrows them', () => {
    const allowed = [{ type: 'function', name: 'read' }, { type: 'file_search' }];
    const { tools, toolChoice } = requested({
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: allowed },
    }).conversation;
    expect(tools.map(({ name }) => name)).toEqual(['read']);
    expect(toolChoice).toEqual({ type: 'required' });
  });

  test('one call at a time, when the client runs them so', () => {
    expect(conversation({ parallel_tool_calls: false }).oneCallAtATime).toBe(true);
    expect(conversation({ parallel_tool_calls: true }).oneCallAtATime).toBeUndefined();
  });
});

test('limits, effort, format and session', () => {
  const schema = { type: 'object', properties: {} };
  const request = requested({
    max_output_tokens: 900,
    reasoning: { effort: 'minimal' },
    text: { format: { type: 'json_schema', name: 'answer', schema, strict: true }, verbosity: 'low' },
    prompt_cache_key: 'session-1',
    user: 'me',
  });
  expect(request.conversation).toMatchObject({
    maxOutputTokens: 900,
    effort: 'low',
    responseFormat: { type: 'json-schema', name: 'answer', schema },
  });
  expect(request.sessionHint).toBe('session-1');
  expect(conversation({ text: { format: { type: 'json_object' } } }).responseFormat).toEqual({ type: 'json' });
});

test('a response repeats what was asked for, and of the tools those that were offered', () => {
  const asked = {
    instructions: 'Be brief.',
    metadata: { from: 'a test' },
    temperature: 0.2,
    max_output_tokens: 900,
    tool_choice: { type: 'file_search' },
    tools: [{ type: 'file_search' }, { type: 'function', name: 'read' }],
    truncation: 'auto',
    client_metadata: { secret: 1 },
  };
  const response = readStream(
    requested(asked)
      .stream(context)
      .write([end('stop')]),
  );
  expect(response).toMatchObject({
    model: 'auto',
    instructions: 'Be brief.',
    metadata: { from: 'a test' },
    temperature: 0.2,
    max_output_tokens: 900,
    tool_choice: 'auto',
    tools: [{ type: 'function', name: 'read', description: null, parameters: null, strict: null }],
    truncation: 'disabled',
    store: true,
    created_at: Math.floor(context.at / 1_000),
    completed_at: Math.floor(now / 1_000),
  });
  expect(response).not.toHaveProperty('client_metadata');
});

describe('an answer that is kept', () => {
  function answered(memory: ResponseMemory, members: Readonly<Record<string, unknown>> = {}): string {
    return readStream(
      requested(members, memory)
        .stream(context)
        .write([text('Yes.'), end('stop')]),
    ).id;
  }

  test('is continued by its id, without its instructions', () => {
    const memory = new ResponseMemory(() => now);
    const previous_response_id = answered(memory, { instructions: 'Be brief.' });
    const { system, turns } = requested({ previous_response_id, input: 'And?' }, memory).conversation;
    expect(system).toBe('');
    expect(turns).toEqual([
      helloTurn,
      { role: 'assistant', text: 'Yes.', toolCalls: [] },
      { role: 'user', parts: [{ type: 'text', text: 'And?' }] },
    ]);
  });

  test('has items that a later request may refer to', () => {
    const memory = new ResponseMemory(() => now);
    const item = readStream(
      requested({}, memory)
        .stream(context)
        .write([text('Yes.'), end('stop')]),
    ).output[0];
    for (const reference of [{ type: 'item_reference', id: item?.id }, { id: item?.id }]) {
      const { turns } = requested({ input: [hello, reference, hello] }, memory).conversation;
      expect(turns[1]).toEqual({ role: 'assistant', text: 'Yes.', toolCalls: [] });
    }
  });

  test('is not kept when the client does not want it', () => {
    const memory = new ResponseMemory(() => now);
    const previous_response_id = answered(memory, { store: false });
    expect(() => requested({ previous_response_id }, memory)).toThrow(/not found: Kiro Pool keeps the last 64 MiB/);
  });
});

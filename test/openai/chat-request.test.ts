import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../app/conversation/conversation.ts';
import { parseChatRequest } from '../../app/openai/chat-request.ts';

const PIXEL = 'iVBORw0KGgo=';
const hello = { role: 'user', content: 'hello' };
const helloTurn = { role: 'user', parts: [{ type: 'text', text: 'hello' }] };
const readTool = { type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } };
const writeTool = { type: 'function', function: { name: 'write' } };

function parse(members: Record<string, unknown>): Conversation {
  return parseChatRequest({ model: 'auto', messages: [hello], ...members }).conversation;
}

function turnsOf(...messages: readonly unknown[]): Conversation['turns'] {
  return parse({ messages }).turns;
}

describe('what real clients send', () => {
  test('OpenCode: limits, usage, a schema with $schema, empty content beside calls', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { filePath: { type: 'string' } },
      required: ['filePath'],
      additionalProperties: false,
    };
    const request = parseChatRequest({
      model: 'claude-sonnet-4.5',
      max_tokens: 8192,
      messages: [
        { role: 'system', content: 'You are opencode.' },
        hello,
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{"filePath":"/a.txt"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'one' },
      ],
      tools: [{ type: 'function', function: { name: 'read', description: 'Reads a file', parameters: schema } }],
      tool_choice: 'auto',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(request).toEqual({
      conversation: {
        model: 'claude-sonnet-4.5',
        system: 'You are opencode.',
        turns: [
          helloTurn,
          {
            role: 'assistant',
            text: '',
            toolCalls: [{ id: 'call_1', name: 'read', input: { filePath: '/a.txt' } }],
          },
          {
            role: 'user',
            parts: [{ type: 'tool-result', callId: 'call_1', text: 'one', images: [], isError: false }],
          },
        ],
        tools: [{ name: 'read', description: 'Reads a file', inputSchema: schema }],
        toolChoice: { type: 'auto' },
        responseFormat: { type: 'text' },
        stop: [],
        maxOutputTokens: 8192,
      },
      stream: true,
      includeUsage: true,
    });
  });

  test('Copilot: sampling members and an echoed refusal', () => {
    const conversation = parse({
      temperature: 0,
      top_p: 0.95,
      frequency_penalty: 0,
      presence_penalty: 0,
      messages: [
        hello,
        {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'read', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'one' },
      ],
    });
    expect(conversation.turns[1]).toEqual({
      role: 'assistant',
      text: '',
      toolCalls: [{ id: 'call_1', name: 'read', input: {} }],
    });
  });

  test('Qwen Code: content as parts everywhere, tools without parameters', () => {
    const conversation = parse({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'hello' }] },
        { role: 'tool', tool_call_id: 'call_9', content: [{ type: 'text', text: 'one' }] },
      ],
      tools: [{ type: 'function', function: { name: 'get_goal', description: 'Tells the goal' } }],
      max_tokens: 32_000,
    });
    expect(conversation.turns).toEqual([
      helloTurn,
      { role: 'user', parts: [{ type: 'tool-result', callId: 'call_9', text: 'one', images: [], isError: false }] },
    ]);
    expect(conversation.tools).toEqual([
      { name: 'get_goal', description: 'Tells the goal', inputSchema: { type: 'object', properties: {} } },
    ]);
  });

  test('pi: max_completion_tokens, store, a developer prompt and reasoning_effort', () => {
    const conversation = parse({
      store: false,
      max_completion_tokens: 8192,
      reasoning_effort: 'high',
      messages: [{ role: 'developer', content: 'You are pi.' }, hello],
      tools: [{ type: 'function', function: { ...readTool.function, strict: false } }],
    });
    expect(conversation).toMatchObject({ system: 'You are pi.', maxOutputTokens: 8192, effort: 'high' });
  });

  test('Continue: next to nothing', () => {
    expect(parse({ stream: true, stream_options: { include_usage: true } }).turns).toEqual([helloTurn]);
  });

  test('cline: content null beside calls, a choice, reasoning', () => {
    expect(parse({ tools: [readTool], tool_choice: 'auto', reasoning_effort: 'high' })).toMatchObject({
      toolChoice: { type: 'auto' },
      effort: 'high',
    });
  });

  test('grok-cli: no stream, and members that nobody knows', () => {
    const request = parseChatRequest({
      model: 'auto',
      messages: [hello],
      temperature: 0.7,
      max_tokens: 1536,
      search_parameters: { mode: 'off' },
      __proto__: { evil: true },
    });
    expect(request.stream).toBe(false);
    expect(request.conversation).not.toHaveProperty('search_parameters');
  });

  test('SDKs: null for everything optional', () => {
    const names =
      'tools tool_choice stream stream_options max_tokens max_completion_tokens stop response_format reasoning_effort ' +
      'reasoning prompt_cache_key user n functions function_call modalities temperature top_p seed logprobs metadata';
    const nothing = Object.fromEntries(names.split(' ').map((name) => [name, null]));
    expect(parse(nothing)).toEqual(parse({}));
  });
});

describe('messages', () => {
  test('leading system and developer text is joined, later text is a user turn', () => {
    const conversation = parse({
      messages: [
        { role: 'system', content: 'One.' },
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'Two' },
            { type: 'text', text: 'three.' },
          ],
        },
        { role: 'system', content: '' },
        hello,
        { role: 'system', content: 'Four.' },
      ],
    });
    expect(conversation.system).toBe('One.\n\nTwo\nthree.');
    expect(conversation.turns).toEqual([
      helloTurn,
      { role: 'user', parts: [{ type: 'text', text: '<system-reminder>\nFour.\n</system-reminder>' }] },
    ]);
  });

  test('system text alone is asked as a user turn', () => {
    const conversation = parse({ messages: [{ role: 'system', content: 'Say hi.' }] });
    expect(conversation.system).toBe('');
    expect(conversation.turns).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'Say hi.' }] }]);
  });

  test('pictures keep their place among the text', () => {
    expect(
      turnsOf({
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}`, detail: 'high' } },
          { type: 'text', text: 'b' },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'a' },
          { type: 'image', format: 'png', base64: PIXEL },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
  });

  test.each([
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/jpg', 'jpeg'],
    ['IMAGE/GIF', 'gif'],
    ['image/webp', 'webp'],
    ['image/png;charset=utf-8', 'png'],
  ])('a picture of %s is %s', (mediaType, format) => {
    const url = `data:${mediaType};base64,${PIXEL}`;
    expect(turnsOf({ role: 'user', content: [{ type: 'image_url', image_url: { url } }] })).toEqual([
      { role: 'user', parts: [{ type: 'image', format, base64: PIXEL }] },
    ]);
  });

  test('a tool gives back text and pictures', () => {
    const url = `data:image/png;base64,${PIXEL}`;
    const content = [
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: 'b' },
    ];
    expect(turnsOf({ role: 'tool', tool_call_id: 'call_1', content })).toEqual([
      {
        role: 'user',
        parts: [
          {
            type: 'tool-result',
            callId: 'call_1',
            text: 'a\nb',
            images: [{ type: 'image', format: 'png', base64: PIXEL }],
            isError: false,
          },
        ],
      },
    ]);
  });

  test.each([
    ['{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
    ['', {}],
    [' ', {}],
    ['{"a":', {}],
    ['[1]', {}],
    ['null', {}],
    ['"ls"', {}],
  ])('past arguments %s are an object', (json, input) => {
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'read', arguments: json } }];
    expect(turnsOf(hello, { role: 'assistant', tool_calls })[1]).toEqual({
      role: 'assistant',
      text: '',
      toolCalls: [{ id: 'call_1', name: 'read', input }],
    });
  });

  test('a call without a type is a function call', () => {
    const tool_calls = [{ id: 'call_1', function: { name: 'read' } }];
    expect(turnsOf(hello, { role: 'assistant', tool_calls })[1]).toMatchObject({ toolCalls: [{ name: 'read' }] });
  });

  test.each([
    ['a string', 'Yes.', 'Yes.'],
    [
      'parts',
      [
        { type: 'text', text: 'Y' },
        { type: 'text', text: 'es.' },
      ],
      'Yes.',
    ],
    ['a refusal', [{ type: 'refusal', refusal: 'No.' }], 'No.'],
  ])('an assistant speaks in %s', (_, content, text) => {
    const echoed = { role: 'assistant', content, reasoning_content: 'hm', function_call: null, tool_calls: null };
    expect(turnsOf(hello, echoed)[1]).toEqual({ role: 'assistant', text, toolCalls: [] });
  });

  test.each([null, '', []])('an assistant message of %j that calls nothing is dropped', (content) => {
    expect(turnsOf(hello, { role: 'assistant', content }, hello)).toEqual([helloTurn, helloTurn]);
  });

  test('an empty user message is kept', () => {
    expect(turnsOf({ role: 'user', content: '' })).toEqual([{ role: 'user', parts: [{ type: 'text', text: '' }] }]);
  });
});

describe('members', () => {
  test.each([
    ['none', { type: 'none' }],
    ['auto', { type: 'auto' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', function: { name: 'write' } },
      { type: 'tool', name: 'write' },
    ],
  ])('tool_choice %j', (tool_choice, toolChoice) => {
    const conversation = parse({ tools: [readTool, writeTool], tool_choice });
    expect(conversation.toolChoice).toEqual(toolChoice);
    expect(conversation.tools).toHaveLength(2);
  });

  test('tool_choice allowed_tools narrows the tools', () => {
    const tools = [{ type: 'function', function: { name: 'write' } }];
    const tool_choice = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools } };
    const conversation = parse({ tools: [readTool, writeTool], tool_choice });
    expect(conversation.toolChoice).toEqual({ type: 'required' });
    expect(conversation.tools.map((tool) => tool.name)).toEqual(['write']);
  });

  test.each([
    [{}, undefined],
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6 }, 6],
    [{ max_tokens: 5, max_completion_tokens: 6 }, 6],
  ])('limit of %j', (members, limit) => {
    expect(parse(members).maxOutputTokens).toBe(limit);
  });

  test.each([
    ['END', ['END']],
    [
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
    ],
    [[], []],
  ])('stop %j', (stop, sequences) => {
    expect(parse({ stop }).stop).toEqual(sequences);
  });

  test.each([
    [{ reasoning_effort: 'minimal' }, 'low'],
    [{ reasoning_effort: 'none' }, 'none'],
    [{ reasoning_effort: 'xhigh' }, 'xhigh'],
    [{ reasoning_effort: 'max' }, 'max'],
    [{ reasoning: { effort: 'medium', summary: 'auto' } }, 'medium'],
    [{ reasoning_effort: 'low', reasoning: { effort: 'high' } }, 'low'],
    [{ reasoning: {} }, undefined],
  ])('effort of %j', (members, effort) => {
    expect(parse(members).effort).toBe(effort);
  });

  test.each([
    [{ type: 'text' }, { type: 'text' }],
    [{ type: 'json_object' }, { type: 'json' }],
    [
      { type: 'json_schema', json_schema: { name: 'a', strict: true, schema: { type: 'object' } } },
      { type: 'json-schema', name: 'a', schema: { type: 'object' } },
    ],
    [{ type: 'json_schema', json_schema: { name: 'a' } }, { type: 'json' }],
  ])('response_format %j', (response_format, responseFormat) => {
    expect(parse({ response_format }).responseFormat).toEqual(responseFormat);
  });

  test.each([
    [{ prompt_cache_key: 'k', user: 'u' }, 'k'],
    [{ user: 'u' }, 'u'],
    [{ prompt_cache_key: '', user: '' }, undefined],
  ])('session hint of %j', (members, hint) => {
    expect(parseChatRequest({ model: 'auto', messages: [hello], ...members }).sessionHint).toBe(hint);
  });
});

test("the web's search is offered when it is asked for, and files come with the request", () => {
  expect(parse({}).webSearch).toBeUndefined();
  expect(parse({ web_search_options: { search_context_size: 'low' } }).webSearch).toEqual({
    maxUses: 8,
    allowedDomains: [],
    blockedDomains: [],
  });
  const pdf = btoa('%PDF-1.7');
  const file = { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` };
  expect(turnsOf({ role: 'user', content: [{ type: 'file', file }] })).toEqual([
    { role: 'user', parts: [{ type: 'document', format: 'pdf', name: 'a.pdf', base64: pdf }] },
  ]);
});

test('one call at a time, when the client runs them so', () => {
  expect(parse({ parallel_tool_calls: false }).oneCallAtATime).toBe(true);
  expect(parse({ parallel_tool_calls: true }).oneCallAtATime).toBeUndefined();
});
